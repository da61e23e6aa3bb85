"""Finds the header of a table: below titles, over one or several rows, with merged cells.

A row is judged by how many of its cells are headings that offices use; the words decide, and shape only
where no word is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from okat.files.office.grid import Cell, Merge, Row, Sheet, is_blank, text_of
from okat.files.office.vocabulary import heading_words
from okat.thai.text import fold, length

_SEARCHED_ROWS = 60
_LONGEST_HEADING = 80
_MAX_HEADER_ROWS = 4
_TITLE_SHARE = 0.8  # a merged range wider than this share of the table is its title


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` to `bottom` (from 0) and for each column its headings from the outermost to the innermost."""

    top: int
    bottom: int
    headings: tuple[tuple[str, ...], ...]
    score: int


def find_header(sheet: Sheet) -> Header | None:
    """The best header row of the first rows and the rows joined to it, or None."""
    scores = {index: _known(row) for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS])}
    best = max(scores, key=lambda index: (scores[index], -index), default=None)
    if best is None:
        return None
    if scores[best] < 2:
        shaped = _by_shape(sheet.rows[:_SEARCHED_ROWS])
        if shaped is None:
            return None
        best = shaped
    top, bottom = _grow(sheet, best)
    return Header(top, bottom, _headings(sheet, top, bottom), scores[best])


def _known(row: Row) -> int:
    words = heading_words()
    return len({folded for cell in row if (folded := _heading_fold(cell)) in words and folded})


def _heading_fold(cell: object) -> str:
    return fold(cell) if isinstance(cell, str) and len(cell) <= _LONGEST_HEADING else ""


def _by_shape(rows: tuple[Row, ...]) -> int | None:
    """The first row of at least two short texts and nothing else, as wide as the row below it."""
    for index, row in enumerate(rows[:-1]):
        filled = [cell for cell in row if not is_blank(cell)]
        below = sum(not is_blank(cell) for cell in rows[index + 1])
        texts = all(isinstance(cell, str) and length(cell) <= _LONGEST_HEADING for cell in filled)
        if len(filled) >= 2 and texts and 1 < below <= len(filled):
            return index
    return None


def _grow(sheet: Sheet, best: int) -> tuple[int, int]:
    top = bottom = best
    while top > 0 and best - top < _MAX_HEADER_ROWS and _joined(sheet, top - 1):
        top -= 1
    while bottom + 1 < len(sheet.rows) and bottom - top < _MAX_HEADER_ROWS - 1 and _continues(sheet, top, bottom):
        bottom += 1
    return top, bottom


def _joined(sheet: Sheet, upper: int) -> bool:
    """Whether a row above belongs to the header: it reaches down into it, or groups some of its columns."""
    width = len(sheet.rows[upper])
    for merge in sheet.merges:
        if merge.top <= upper < merge.bottom and merge.right - merge.left + 1 < _TITLE_SHARE * width:
            return True
        groups = merge.top == merge.bottom == upper and merge.right > merge.left
        if groups and merge.right - merge.left + 1 < _TITLE_SHARE * width:
            return True
    return not sheet.merges and _known(sheet.rows[upper]) >= 2


def _continues(sheet: Sheet, top: int, bottom: int) -> bool:
    """Whether the row below is still header: a heading reaches down into it, or it divides a grouped
    heading, or it names columns that are still without a heading."""
    below = sheet.rows[bottom + 1]
    for merge in sheet.merges:
        if top <= merge.top <= bottom < merge.bottom:
            return True
        if merge.top == merge.bottom == bottom and _only_headings(below[merge.left : merge.right + 1]):
            return True
    gaps = [is_blank(cell) for cell in sheet.rows[bottom]]
    named = [not is_blank(cell) for cell in below]
    fills = sum(gap and name for gap, name in zip(gaps, named, strict=True))
    return fills > 0 and _known(below) >= 1 and _known(below) * 2 >= sum(named)


def _only_headings(cells: Row) -> bool:
    texts = [cell for cell in cells if not is_blank(cell)]
    known = sum(_heading_fold(cell) in heading_words() for cell in texts)
    return len(texts) >= 2 and all(isinstance(cell, str) for cell in texts) and known * 2 >= len(texts)


def _headings(sheet: Sheet, top: int, bottom: int) -> tuple[tuple[str, ...], ...]:
    spread = spread_merges(sheet.rows[top : bottom + 1], sheet.merges, top)
    columns = []
    for column in range(len(sheet.rows[top])):
        parts = [text_of(row[column]) for row in spread if not is_blank(row[column])]
        columns.append(tuple(part for index, part in enumerate(parts) if part not in parts[:index]))
    return tuple(columns)


def spread_merges(rows: tuple[Row, ...], merges: tuple[Merge, ...], offset: int) -> list[list[Cell]]:
    """A copy of the rows in which every cell of a merged range holds the range's value. `offset` is the
    first row's place."""
    spread: list[list[Cell]] = [list(row) for row in rows]
    for merge in merges:
        first = merge.top - offset
        if not 0 <= first < len(rows) or merge.left >= len(rows[first]):
            continue
        value = rows[first][merge.left]
        for row in spread[first : merge.bottom - offset + 1]:
            for column in range(merge.left, min(merge.right + 1, len(row))):
                row[column] = value
    return spread
