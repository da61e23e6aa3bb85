"""Cells of a file as they stand, before anyone decides what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from okat.thai.text import normalise

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows[0]` is row 1 of the spreadsheet program. `name` is "" for CSV. Rows of one sheet are equally wide.
    `unseen`: numbers of rows that are hidden or filtered out."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    encoding: str = ""
    unseen: frozenset[int] = frozenset()


def letter(column: int) -> str:
    """A, B, ... Z, AA, ... of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def is_blank(cell: Cell) -> bool:
    """Whether nothing readable stands in the cell."""
    if not isinstance(cell, str):
        return cell is None
    return not cell or (not cell[0].isalnum() and not normalise(cell))


def text_of(cell: Cell) -> str:
    """The cell as a person reads it, on one line: whole floats without ".0", days as ISO dates."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return normalise(str(cell))


def square(rows: list[list[Cell]]) -> tuple[Row, ...]:
    """Rows of equal width without empty columns on the right and empty rows at the end."""
    while rows and all(is_blank(cell) for cell in rows[-1]):
        rows.pop()
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if not is_blank(cell)), default=0)
    return tuple((*row[:width], *[None] * (width - len(row))) for row in rows)
