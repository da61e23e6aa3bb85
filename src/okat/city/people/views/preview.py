"""How a file on its way in is shown: a spreadsheet by its columns, a package or calendar by what it lists."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from okat.city.core.show import MOST_COLUMNS, Cell, Column, Table
from okat.city.core.templatetags.okat import be
from okat.city.people.forms.fields import lang
from okat.city.people.forms.imports import ColumnsForm, IntoForm, LawOfFileForm, LookedForm
from okat.city.people.models import ImportBatch
from okat.city.people.queries import imports as queries
from okat.city.people.queries.importing import in_groups, in_ranges
from okat.files import exchange, office

SHOWN_ROWS, SHOWN_ERRORS = 8, 30
MOST_NAMED = 200  # rows that do not go in, each with what stands there


def preview(found: ImportBatch, checked: queries.Checked) -> dict[str, Any]:
    wrong = len({(error.file, error.row) for error in checked.errors})
    return {
        "batch": found, "checked": checked, "sheet": "", "sheets": (), "columns": None, "into": None, "files": (),
        "errors": problems(checked.errors[:SHOWN_ERRORS]), "to_look": remarks(checked.to_look),
        "warnings": remarks(checked.remarked),
        "out": not_taken(checked.left), "passed": not_taken(checked.passed),
        "lines": checked.lines, "unread_sheets": checked.other_sheets,
        "unread": [" · ".join(filter(None, (guess.letter, guess.heading))) for guess in checked.unread],
        "of_law": _of_law(checked) if checked.lawful and not checked.errors else None,
        "to_say": _to_say(checked) if checked.look_unsaid and not checked.errors else None,
        "hidden": in_ranges(checked.hidden),
        "wrong": wrong, "going": checked.going, "before": queries.imported_before(found), "shown": SHOWN_ERRORS,
        **(_sheet(checked.table, checked.mapping) if checked.table and checked.mapping else {}),
        **(_listings(found, checked.reading) if checked.reading else {}),
    }  # fmt: skip


def _of_law(checked: queries.Checked) -> LawOfFileForm:
    return LawOfFileForm(initial={"law": checked.law, "rows": checked.lawful})


def _to_say(checked: queries.Checked) -> LookedForm:
    return LookedForm(initial={"digest": checked.look_digest}, rows=checked.look_rows)


def _sheet(table: office.RawTable, mapping: office.Mapping) -> dict[str, Any]:
    return {
        "columns": ColumnsForm(table=table, mapping=mapping), "preview": _rows(table, mapping), "sheet": table.sheet,
        "asked": sum(guess.asked for guess in mapping.guesses),
        "sheets": table.sheets if len(table.sheets) > 1 else (),
    }  # fmt: skip


def _listings(found: ImportBatch, reading: exchange.Reading) -> dict[str, Any]:
    targets = queries.targets(found) if reading.kind == "calendar" else []
    chosen = found.mapping.get(queries.INTO, "")
    return {
        "preview": _listed(reading), "files": tuple(reading.files.items()),
        "into": IntoForm(targets=targets, initial={"into": chosen}) if targets else None,
    }  # fmt: skip


def _rows(table: office.RawTable, mapping: office.Mapping) -> Table:
    """The first rows as the file has them, under the names of the fields they are read as."""
    words = office.vocabulary(mapping.kind)
    read = [guess for guess in mapping.guesses if guess.field][: MOST_COLUMNS - 1]
    heads = [words.field(guess.field).label(lang()) for guess in read if guess.field]
    rows = [[line(row.number), *(_text(row.cells[guess.column]) for guess in read)] for row in table.rows[:SHOWN_ROWS]]
    return Table([Column(_("Row")), *map(Column, heads)], rows)


def _listed(reading: exchange.Reading) -> Table:
    columns = [
        Column(_("Row")),
        Column(_("Opportunity")),
        Column(_("Place")),
        Column(_("When")),
        Column(_("Sessions"), True),
    ]
    rows: list[list[Any]] = [
        [Cell(line(x.row), note=x.file), x.title[:80], x.place[:60] or "–", _when(x), str(len(x.meetings))]
        for x in reading.listings[:SHOWN_ROWS]
    ]
    return Table(columns, rows)


def _when(listing: exchange.Listing) -> str:
    if listing.meetings:
        start = timezone.localtime(listing.meetings[0].start)
        return f"{be(start)} {start:%H:%M}"
    return str(be(listing.starts_on) or "–")


def line(number: int) -> str:
    """As the spreadsheet program numbers it, of a calendar its line; 0 is the file itself."""
    return _("Row %(n)d") % {"n": number} if number else _("File")


def _text(value: object) -> str:
    return "–" if value is None else str(value)[:60]


def remarks(told: Iterable[office.RowError]) -> Table:
    """What is said of rows that go in, each sentence once with all of its rows."""
    columns = [Column(_("Row")), Column(_("Column")), Column(_("Remark")), Column(_("How many rows"), True)]
    rows = [
        [Cell(_numbers(rows), note=e.file), e.column or e.heading or "–", e.message(lang()), str(len(rows))]
        for e, rows in in_groups(told)
    ]
    return Table(columns, rows)


def not_taken(out: Sequence[office.RowError]) -> Table:
    """Every row that does not go in though nothing is wrong with it, as it stands in the file, and why. Very many are
    told by their numbers."""
    if len(out) <= MOST_NAMED:
        columns = [Column(_("Row")), Column(_("What stands there")), Column(_("Why it does not go in"))]
        return Table(columns, [[Cell(line(e.row), note=e.file), e.value or "–", e.message(lang())] for e in out])
    columns = [Column(_("Row")), Column(_("Why it does not go in")), Column(_("How many rows"), True)]
    rows = [[Cell(_numbers(rows), note=e.file), e.message(lang()), str(len(rows))] for e, rows in in_groups(out)]
    return Table(columns, rows)


def _numbers(rows: list[int]) -> str:
    return in_ranges(number for number in rows if number) or _("File")


def problems(errors: Iterable[office.RowError]) -> Table:
    columns = [Column(_("Row")), Column(_("Column")), Column(_("What to mend"))]
    return Table(
        columns,
        [
            [Cell(line(e.row), note=e.file), Cell(e.column or e.heading or "–", note=e.heading if e.column else ""),
             e.message(lang())]
            for e in errors
        ],
    )  # fmt: skip
