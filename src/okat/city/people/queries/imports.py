"""Reading an uploaded file again and again until every row can go in."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from okat.city.accounts.models import User
from okat.city.core import audit, clock, connections
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where
from okat.city.people.models import ColumnMapping, ImportBatch
from okat.city.people.queries.importing import HERE, IMPORTERS, LAW, LEFT, NOT_EXPLICIT, ListingImporter
from okat.city.people.rules import Law
from okat.files import exchange, office

INTO = "into"


@dataclass(frozen=True)
class Checked:
    """What would happen if the file were imported now: each row of the file is ready, wrong, passed over (there
    already, ended), left out (no data: a total, a note) or blank. A spreadsheet has a table and its columns; what
    another program hands over has a reading."""

    ready: Sequence[Any]
    errors: tuple[office.RowError, ...]
    warnings: tuple[office.RowError, ...]
    passed: tuple[office.RowError, ...] = ()
    left: tuple[office.RowError, ...] = ()
    table: office.RawTable | None = None
    mapping: office.Mapping | None = None
    reading: exchange.Reading | None = None
    law: str = ""
    lawful: int = 0  # rows that rest on no consent
    looked: bool = False  # whether somebody said that they looked at what there is to look at

    @property
    def agreed(self) -> int:
        """How many rows rest on a consent that the file says."""
        return len(self.ready) - self.lawful

    @property
    def law_unsaid(self) -> bool:
        """Whether somebody has to say by which law rows are kept that no consent lets in."""
        return bool(self.lawful) and not self.law

    @property
    def known(self) -> int:
        """How many rows are here already."""
        return sum(told.code in HERE for told in self.passed)

    @property
    def out(self) -> tuple[office.RowError, ...]:
        """Every row that does not go in though nothing is wrong with it, and why."""
        return _in_order([*self.left, *self.passed])

    @property
    def partly(self) -> tuple[office.RowError, ...]:
        """Rows that go in without what nobody agreed to explicitly."""
        return tuple(told for told in self.warnings if told.code == NOT_EXPLICIT)

    @property
    def to_look(self) -> tuple[office.RowError, ...]:
        """Remarks that may say that somebody must not go in, or that the row is of somebody else."""
        return tuple(told for told in self.warnings if told.code in office.TO_LOOK)

    @property
    def look_rows(self) -> int:
        """In how many rows of the file there is something to look at."""
        return len({(told.file, told.row) for told in self.to_look})

    @property
    def look_digest(self) -> str:
        """What there is to look at, so that whoever looked at it has not looked at anything else."""
        said = [(told.file, told.row, told.column, told.code, told.value, told.message_en) for told in self.to_look]
        return hashlib.sha256(repr(sorted(said)).encode()).hexdigest() if said else ""

    @property
    def look_unsaid(self) -> bool:
        """Whether somebody has to look first: at who may have died, moved away, said no, or be another."""
        return bool(self.to_look) and not self.looked

    @property
    def remarked(self) -> tuple[office.RowError, ...]:
        """All other remarks: what was understood otherwise than it stands."""
        return tuple(told for told in self.warnings if told.code not in office.TO_LOOK)

    @property
    def hidden(self) -> tuple[int, ...]:
        """Numbers of rows that go in though the office's own program does not show them."""
        return tuple(told.row for told in self.warnings if told.code == "row_hidden")

    @property
    def lines(self) -> Mapping[str, int]:
        """What the rows of a spreadsheet are, counted: together all rows of the sheet."""
        if self.table is None:
            return {}
        blank = sum(entry.reason == "blank" for entry in self.table.ignored)
        header = len(self.table.header_rows)
        return {
            "all": len(self.table.grid), "header": header, "data": self.rows, "left": len(self.left), "blank": blank,
        }  # fmt: skip

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """Sheets of the file that are not read."""
        return tuple(each.name for each in self.table.sheets if each.name != self.table.sheet) if self.table else ()

    @property
    def going(self) -> int:
        """How many rows of the file go in; meetings put onto one opportunity may be of several."""
        return sum(getattr(each, "listings", 1) for each in self.ready)

    @property
    def unread(self) -> tuple[office.Guess, ...]:
        """Columns of the table with something in them that go nowhere."""
        return office.unread(self.table, self.mapping) if self.table is not None and self.mapping is not None else ()

    @property
    def rows(self) -> int:
        """Rows of data in the file: of a package its listings, or all of its rows while it cannot be joined."""
        if self.reading is not None:
            joined = len(self.reading.listings) if self.reading.kind == "hsds" else 0
            return joined or self.reading.rows
        vacant = sum(told.code == "left_vacant" for told in self.left)
        return len(self.table.rows) - vacant if self.table is not None else 0


def remembered(kind: str, partner: Partner) -> dict[str, str | None]:
    """The partner's own wording of headings, as corrected before."""
    rows = ColumnMapping.objects.filter(kind=kind, partner=partner)
    return {row.heading: row.field or None for row in rows}


def check(
    data: bytes, filename: str, kind: str, partner: Partner, *, choices: Mapping[str, str | None] | None = None,
    sheet: str = "", law: str = "", by: User | None = None,
) -> Checked:  # fmt: skip
    """Read a file and say what each row would become. `choices` are a spreadsheet's columns as corrected, or under
    INTO the opportunity that gets a calendar's meetings; `law` is what somebody said of rows without a consent. Raises
    OfficeError for a file that cannot be read, and while another one of the same office or reader is in hand
    (file_in_hand)."""
    importer = IMPORTERS[kind]
    if exchange.recognised(data):
        if not isinstance(importer, ListingImporter):
            raise office.OfficeError("file_type")
        return _check_listings(data, importer, partner, (choices or {}).get(INTO) or "", by)
    known, defaults = remembered(kind, partner), {**importer.defaults(partner), **({LAW: Law(law)} if law else {})}
    with _one_file(partner, by):
        table = office.read_table(data, filename, sheet=sheet or None)
        mapping = office.guess_columns(table, kind, remembered=known)
        if choices:
            mapping = mapping.override(choices)
        parsed = office.parse_rows(table, mapping, kind, defaults=defaults, today=clock.today())
    done = importer.prepare(parsed.rows, partner)
    letters = {guess.field: guess for guess in mapping.guesses if guess.field}
    errors = _shown([*parsed.errors, *(_placed(error, letters) for error in done.errors)], table)
    warnings = _going([*parsed.warnings, *(_placed(warning, letters) for warning in done.warnings)], done.passed)
    return Checked(
        done.ready, _in_order(errors), _in_order(warnings), tuple(done.passed), parsed.left, table, mapping,
        law=law, lawful=done.lawful,
    )  # fmt: skip


@contextmanager
def _one_file(partner: Partner, by: User | None) -> Iterator[None]:
    """Reading a file keeps a processor busy: each office and each reader has one at a time, so that nobody can keep all
    of them. Nothing here asks the database."""
    names = [f"reading:{partner.pk}", *([f"reading:by:{by.pk}"] if by is not None else [])]
    with connections.in_hand(*names) as free:
        if not free:
            raise office.OfficeError("file_in_hand")
        yield


def _check_listings(data: bytes, importer: ListingImporter, partner: Partner, into: str, by: User | None) -> Checked:
    with _one_file(partner, by):
        reading = exchange.read_listings(data, today=clock.today())
    done = importer.prepare_listings(reading.listings, partner, into)
    errors, warnings = [*reading.errors, *done.errors], _going([*reading.warnings, *done.warnings], done.passed)
    return Checked(done.ready, _in_order(errors), _in_order(warnings), tuple(done.passed), reading=reading)


def _in_order(errors: Sequence[office.RowError]) -> tuple[office.RowError, ...]:
    return tuple(sorted(errors, key=lambda error: (error.file, error.row)))


def _going(told: Sequence[office.RowError], passed: Sequence[office.RowError]) -> list[office.RowError]:
    """Remarks are about rows that go in; of one that is passed over it is said why, and what stays as it was."""
    out = {(each.file, each.row) for each in passed}
    return [each for each in told if (each.file, each.row) not in out or each.code in LEFT]


def _shown(errors: Sequence[office.RowError], table: office.RawTable) -> list[office.RowError]:
    """Errors with what stands in their cell, but for identity numbers."""
    rows = {row.number: row.cells for row in table.rows}
    places = {column.letter: column.index for column in table.columns}

    def shown(error: office.RowError) -> office.RowError:
        if error.value or error.field == "pin" or error.column not in places or error.row not in rows:
            return error
        cell = rows[error.row][places[error.column]]
        return error if cell is None else replace(error, value=office.excerpt(office.text_of(cell)))

    return [shown(error) for error in errors]


def _placed(error: office.RowError, letters: Mapping[str, office.Guess]) -> office.RowError:
    """The error with the letter and heading of its column, where the file has one."""
    guess = letters.get(error.field) or letters.get("full_name" if error.field == "given" else "")
    return replace(error, column=guess.letter, heading=guess.heading) if guess and not error.column else error


def opened(user: User, batch: ImportBatch) -> Checked:
    """A waiting file for a page that shows its rows; that somebody looked is recorded. Raises OfficeError."""
    audit.record(by=user, verb="people.read_import", subject=batch, fields=[batch.kind], partner=batch.partner.code)
    return check_batch(batch, by=user)


def imported_before(batch: ImportBatch) -> ImportBatch | None:
    """The last import of the very same file by the same partner, undone ones left out."""
    same = ImportBatch.objects.filter(kind=batch.kind, partner=batch.partner, digest=batch.digest)
    return same.filter(status=ImportBatch.Status.IMPORTED).exclude(pk=batch.pk).first()


def check_batch(batch: ImportBatch, *, by: User | None = None) -> Checked:
    """The same for a file that waits. A law was said of as many rows as there were then: of more or fewer, as when
    somebody has come in otherwise since, it is to be said anew; so is it where there is something else to look at than
    somebody looked at. Raises OfficeError."""
    checked = check(
        file_of(batch), batch.filename, batch.kind, batch.partner, choices=batch.mapping, sheet=batch.sheet,
        law=batch.law, by=by,
    )  # fmt: skip
    checked = replace(checked, looked=bool(batch.looked) and batch.looked == checked.look_digest)
    return checked if checked.lawful == batch.lawful else replace(checked, law="")


def file_of(batch: ImportBatch) -> bytes:
    """The uploaded file; empty once it was imported or given up."""
    if batch.key is None or not batch.file:
        return b""
    return base64.b64decode(batch.key.unseal(batch.file))


def targets(batch: ImportBatch) -> list[tuple[str, str]]:
    """The rows of ours that may get a calendar's meetings: id and title."""
    importer = IMPORTERS[batch.kind]
    return importer.targets(batch.partner) if isinstance(importer, ListingImporter) else []


def batches_of(user: User) -> QuerySet[ImportBatch]:
    """Imports of the partners for which the user may import, newest first."""
    held = {kind: partners_where(user, importer.permission) for kind, importer in IMPORTERS}
    rows = ImportBatch.objects.none()
    for kind, partners in held.items():
        rows = rows | ImportBatch.objects.filter(kind=kind, partner__in=partners)
    return rows.select_related("partner", "by", "key")
