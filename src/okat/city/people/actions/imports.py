"""Importing a file: all rows or none, and undone as one."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock, connections
from okat.city.core.action import action
from okat.city.core.models import DataKey
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people.actions._telling import law_unsaid, look_unsaid
from okat.city.people.models import ColumnMapping, ImportBatch
from okat.city.people.queries.importing import IMPORTERS, LEFT, in_groups, in_ranges
from okat.city.people.queries.imports import Checked, check, check_batch
from okat.city.people.rules import Law, PeopleError

T = TypeVar("T")


class NotReadyError(PeopleError):
    """Some rows cannot go in; nothing went in."""


@action
def upload(*, kind: str, partner: Partner, filename: str, data: bytes, by: User) -> ImportBatch:
    """Keep a file, sealed, until it is imported or given up. Raises OfficeError for a file that cannot be read."""
    connections.take_time(settings.LONG_SECONDS)  # the transaction lies idle while the file is read
    check(data, filename, kind, partner, by=by)
    key = DataKey.fresh()
    key.save()
    made = ImportBatch.objects.create(
        kind=kind, partner=partner, by=by, filename=filename[-200:], digest=hashlib.sha256(data).hexdigest(),
        key=key, file=key.seal(base64.b64encode(data).decode("ascii")), at=clock.now(),
    )  # fmt: skip
    audit.record(by=by, verb="people.upload", subject=made, fields=[kind], partner=partner.code)
    return made


@action
def set_columns(*, batch: ImportBatch, choices: Mapping[str, str | None], sheet: str = "", by: User) -> ImportBatch:
    """Correct the guessed columns (letter -> field, None to leave one out); the partner's wording is remembered. Of a
    calendar: which opportunity gets its meetings, under `into`.

    Raises OfficeError when a field is given twice.
    """
    row = _waiting(batch)
    connections.take_time(settings.LONG_SECONDS)
    row.mapping, row.sheet, row.law = dict(choices), sheet, ""  # other columns, other rows: the law is said anew
    checked = check_batch(row, by=by)
    row.save(update_fields=["mapping", "sheet", "law"])
    headings = checked.mapping.headings() if checked.mapping is not None else {}
    ColumnMapping.objects.bulk_create(
        [
            ColumnMapping(kind=row.kind, partner=row.partner, heading=heading[:200], field=field or "", at=clock.now())
            for heading, field in headings.items()
            if heading
        ],
        update_conflicts=True, unique_fields=["kind", "partner", "heading"], update_fields=["field", "at"],
    )  # fmt: skip
    audit.record(by=by, verb="people.set_columns", subject=row, fields=["mapping"], partner=row.partner.code)
    return row


@action
def say_law(*, batch: ImportBatch, law: Law, rows: int, by: User) -> ImportBatch:
    """By which law the office keeps the records of those whom no consent of this file lets in: of as many `rows` as
    whoever says it was told. Nothing guesses it; when it is another number at the import, it is asked again."""
    row = _waiting(batch)
    row.law, row.lawful = law, rows
    row.save(update_fields=["law", "lawful"])
    audit.record(by=by, verb="people.say_law", subject=row, fields=["law"], partner=row.partner.code, reason=law)
    return row


@action
def say_looked(*, batch: ImportBatch, digest: str, by: User) -> ImportBatch:
    """That somebody looked at the rows of whom one may have died, moved away or said no. `digest`: of what they saw; of
    anything else it is not said. Raises PeopleError."""
    row = _waiting(batch)
    connections.take_time(settings.LONG_SECONDS)
    checked = check_batch(row, by=by)
    if not digest or digest != checked.look_digest:
        raise PeopleError("look_changed", _("There is something else to look at by now. Look at the rows again."))
    row.looked, row.looked_rows = digest, checked.look_rows
    row.save(update_fields=["looked", "looked_rows"])
    audit.record(by=by, verb="people.say_looked", subject=row, fields=["looked"], partner=row.partner.code)
    return row


@action
def run_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Put all rows in, or none. Raises NotReadyError while a row has an error, PeopleError while nobody has said the
    law of those without a consent or looked at what there is to look at, OfficeError for the file."""
    check_stay(batch.partner_id)  # the office before its file: one that leaves hands over what waits
    row = _waiting(batch)
    # What another import of this partner makes just now is known to this one, which waits for it.
    connections.take_time(settings.LONG_SECONDS)
    connections.one_at_a_time(f"import:{row.kind}:{row.partner_id}")
    checked = check_batch(row, by=by)
    if checked.errors:
        raise NotReadyError("rows", _("Some rows cannot be imported yet. Mend them and send the file again."))
    if checked.law_unsaid:
        raise law_unsaid()
    if checked.look_unsaid:
        raise look_unsaid()
    row.rows, row.known, row.lawful = checked.rows, checked.known, checked.lawful
    row.law = row.law if row.lawful else ""
    row.left = [*_stayed(checked), *_out(checked)]
    row.imported = _fitting(lambda: IMPORTERS[row.kind].write(checked.ready, row, by))
    _close(row, ImportBatch.Status.IMPORTED)
    audit.record(
        by=by, verb="people.import", subject=row, fields=[row.kind], partner=row.partner.code, reason=row.law
    )  # fmt: skip
    return row


def _stayed(checked: Checked) -> list[dict[str, Any]]:
    return [
        {"row": told.row, "file": told.file, "th": told.message("th"), "en": told.message("en")}
        for told in checked.warnings
        if told.code in LEFT
    ]


def _out(checked: Checked) -> list[dict[str, Any]]:
    """Which rows did not go in, or not whole, and why: numbers and reasons, never what stood there; and the sheets, and
    letters of the columns, that were not read."""
    rows = [
        {"out": True, "row": in_ranges(numbers), "file": told.file, "th": told.message("th"), "en": told.message("en"),
         "count": len(numbers)}
        for told, numbers in in_groups([*checked.out, *checked.partly])
    ]  # fmt: skip
    sheets = [{"sheet": name} for name in checked.other_sheets]
    return [*rows, *sheets, *({"column": guess.letter} for guess in checked.unread)]


@action
def drop_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Give a waiting file up; it is deleted."""
    row = _waiting(batch)
    _close(row, ImportBatch.Status.DROPPED)
    audit.record(by=by, verb="people.drop_import", subject=row, partner=row.partner.code)
    return row


@action
def undo_import(*, batch: ImportBatch, by: User) -> tuple[int, int]:
    """Take back what an import made: (taken back, kept because somebody has worked with it since)."""
    row = _held(batch)
    if row.status != ImportBatch.Status.IMPORTED:
        raise PeopleError("not_imported", _("This file is not imported, or was undone already."))
    connections.take_time(settings.LONG_SECONDS)
    connections.one_at_a_time(f"import:{row.kind}:{row.partner_id}")
    gone, kept = _fitting(lambda: IMPORTERS[row.kind].undo(row, by))
    row.status, row.undone_at = ImportBatch.Status.UNDONE, clock.now()
    row.save(update_fields=["status", "undone_at"])
    audit.record(by=by, verb="people.undo_import", subject=row, fields=[row.kind], partner=row.partner.code)
    return gone, kept


def _fitting(write: Callable[[], T]) -> T:
    """What the database itself refuses is told as a file that does not fit, and nothing of it stays."""
    try:
        with transaction.atomic():
            return write()
    except (IntegrityError, DataError) as error:
        raise NotReadyError(
            "clash",
            _("Something in this file does not fit what is here now, perhaps because somebody worked on the same rows. "
              "Nothing was changed. Look through the preview again, then try once more."),
        ) from error  # fmt: skip


def _held(batch: ImportBatch) -> ImportBatch:
    """As it stands now, until the transaction ends. Raises PeopleError where it is another office's now: whoever asks
    was let in by the one that had it."""
    rows = ImportBatch.objects.select_for_update(of=("self",), no_key=True).select_related("partner", "key")
    row = rows.get(pk=batch.pk)
    if row.partner_id != batch.partner_id:
        raise PeopleError("import_handed", _("This file went to another office with the rest of its work."))
    return row


def _waiting(batch: ImportBatch) -> ImportBatch:
    row = _held(batch)
    if row.status != ImportBatch.Status.WAITING:
        raise PeopleError("import_done", _("This file was imported or given up already."))
    return row


def _close(row: ImportBatch, status: str) -> None:
    """The file is needed no longer: destroying its key deletes it from backups too."""
    key, row.key = row.key, None
    row.status, row.file, row.done_at = status, None, clock.now()
    row.save()
    if key is not None:
        key.delete()
