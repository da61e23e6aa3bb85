"""What is said around the rows of people: titles, section lines, notes, a line on which nobody is written, the names of
the sheet and the file. A refusal, a death or a move there is of people whom only a person can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from okat.files.office.errors import RowError, excerpt, sentence
from okat.files.office.grid import is_blank, text_of
from okat.files.office.refusing import refuses
from okat.files.office.table import RawRow, RawTable
from okat.files.office.unread import speaks_of_gone, tells_of_gone

_TEXTS = frozenset({"title", "section", "note", "total"})
_OVER_ROWS = frozenset({"title", "section"})
# Remarks of which one may be about somebody who must not go in, or who is not whom the row says.
TO_LOOK = frozenset(
    {"refusal_spoken", "gone_spoken", "says_gone", "note_holds_no", "name_second", "name_led", "title_child"}
)


def around(table: RawTable) -> Iterator[tuple[RowError, bool]]:
    """Each with whether it stops the file: a death in a note or a sum below the table is only remarked, and so is one
    beside a word for a relative, which may be of the people listed or of those whom they lost. The name of a file tells
    as often what was done with it as who is in it: it is remarked too."""
    for entry in table.ignored:
        if entry.reason not in _TEXTS:
            continue
        if refuses(entry.text):
            yield _told(entry.row, "refusal_beside", entry.text), True
        elif speaks_of_gone(entry.text):
            stops = entry.reason in _OVER_ROWS and tells_of_gone(entry.text)
            yield _told(entry.row, "gone_beside" if stops else "gone_spoken", entry.text), stops
    line = table.header_rows[-1] if table.header_rows else 0
    for name, is_sheet in ((table.sheet, True), (PurePath(table.filename).stem, False)):
        said = name.replace("_", " ")
        if refuses(said):
            yield _told(line, "refusal_named" if is_sheet else "refusal_spoken", name), is_sheet
        elif speaks_of_gone(said):
            stops = is_sheet and tells_of_gone(said)
            yield _told(line, "gone_named" if stops else "gone_spoken", name), stops


def lone(raw: RawRow) -> Iterator[RowError]:
    """Of a line with one cell, or on which nobody is written: it may be the heading of those below."""
    for cell in raw.cells:
        if not is_blank(cell) and refuses(cell):
            yield _told(raw.number, "refusal_beside", text_of(cell))
        elif not is_blank(cell) and tells_of_gone(text_of(cell)):
            yield _told(raw.number, "gone_beside", text_of(cell))


def _told(row: int, code: str, text: str) -> RowError:
    shown = excerpt(text)
    thai, english = sentence(code, "th", {"value": shown}), sentence(code, "en", {"value": shown})
    return RowError(row, "", "", "", code, thai, english, shown)
