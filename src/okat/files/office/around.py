"""What is said around the rows of people: titles, section lines, notes, a line on which nobody is written, the names of
the sheet and the file. A refusal, a death or a move there is of people whom only a person can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from okat.files.office.columns import Mapping
from okat.files.office.errors import RowError, excerpt, sentence
from okat.files.office.grid import is_blank, text_of
from okat.files.office.refusing import keeps_secret, refuses
from okat.files.office.stems import is_of_status, may_be_gone, may_refuse, without_left_out
from okat.files.office.table import Ignored, RawRow, RawTable
from okat.files.office.unread import is_of_a_death, speaks_of_gone, tells_of_gone, unread
from okat.files.office.vocabulary import vocabulary
from okat.thai.names import CIVIL, take_titles

_TEXTS = frozenset({"title", "section", "note", "total"})
_OVER_ROWS = frozenset({"title", "section"})
# Remarks of which one may be about somebody who must not go in, or who is not whom the row says.
TO_LOOK = frozenset(
    {"refusal_spoken", "gone_spoken", "says_gone", "note_holds_no", "name_second", "name_led", "title_child"}
)


def around(table: RawTable, mapping: Mapping) -> Iterator[tuple[RowError, bool]]:
    """Each with whether it stops the file: a death in a note or a sum below the table is only remarked, and so is one
    beside a word for a relative, which may be of the people listed or of those whom they lost. The name of a file tells
    as often what was done with it as who is in it: it is remarked too, and so is a stem of any of these (`stems`)."""
    for entry in table.ignored:
        if entry.reason in _TEXTS:
            yield from _beside(entry)
    line = table.header_rows[-1] if table.header_rows else 0
    yield from _named(line, table.sheet, is_sheet=True)
    yield from _named(line, PurePath(table.filename).stem, is_sheet=False)
    words = vocabulary(mapping.kind)
    for guess in unread(table, mapping):
        if may_be_gone(guess.heading) and not is_of_a_death(guess, words) and not is_of_status(guess.heading):
            yield _told(line, "gone_spoken", guess.heading), False


def _beside(entry: Ignored) -> Iterator[tuple[RowError, bool]]:
    if refuses(entry.text):
        stops = entry.reason == "section" or not keeps_secret(entry.text)
        yield _told(entry.row, "refusal_beside" if stops else "refusal_spoken", entry.text), stops
    elif _speaks_of_gone(entry.text):
        stops = entry.reason in _OVER_ROWS and tells_of_gone(without_left_out(entry.text))
        yield _told(entry.row, "gone_beside" if stops else "gone_spoken", entry.text), stops
    elif may_refuse(entry.text):
        yield _told(entry.row, "refusal_spoken", entry.text), False


def _named(line: int, name: str, *, is_sheet: bool) -> Iterator[tuple[RowError, bool]]:
    said = name.replace("_", " ")
    if refuses(said):
        yield _told(line, "refusal_named" if is_sheet else "refusal_spoken", name), is_sheet
    elif _speaks_of_gone(said):
        stops = is_sheet and tells_of_gone(without_left_out(said))
        yield _told(line, "gone_named" if stops else "gone_spoken", name), stops
    elif may_refuse(said):
        yield _told(line, "refusal_spoken", name), False


def lone(raw: RawRow, *, empty: bool) -> Iterator[tuple[RowError, bool]]:
    """Of a line with one cell, or on which nobody is written (`empty`): it may be the heading of those below. Each with
    whether it stops the file; a name that stands alone is heard by its row."""
    for text in (text_of(cell) for cell in raw.cells if not is_blank(cell)):
        if _is_titled(text):
            continue
        if refuses(text):
            yield _told(raw.number, "refusal_beside", text), True
        elif tells_of_gone(without_left_out(text)):
            yield _told(raw.number, "gone_beside", text), True
        elif empty and _speaks_of_gone(text):
            yield _told(raw.number, "gone_spoken", text), False
        elif empty and may_refuse(text):
            yield _told(raw.number, "refusal_spoken", text), False


def _speaks_of_gone(text: str) -> bool:
    return speaks_of_gone(text) or may_be_gone(text)


def _is_titled(text: str) -> bool:
    titles, rest = take_titles(text)
    return bool(titles and rest) and titles[0] in CIVIL.values()


def _told(row: int, code: str, text: str) -> RowError:
    shown = excerpt(text)
    thai, english = sentence(code, "th", {"value": shown}), sentence(code, "en", {"value": shown})
    return RowError(row, "", "", "", code, thai, english, shown)
