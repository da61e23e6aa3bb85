"""`read_table`: the bytes of a file to a table with its header, its rows, and everything that was left out and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from okat.files.office import left
from okat.files.office.csvtext import read_csv
from okat.files.office.errors import OfficeError
from okat.files.office.grid import Cell, Row, Sheet, letter
from okat.files.office.header import Header, find_header
from okat.files.office.limits import DEFAULT, Limits
from okat.files.office.workbook import OLE_MAGIC, ZIP_MAGIC, read_workbook

_HTML = re.compile(rb"\A\s*(?:<!doctype html|<html|<table|<meta|<\?xml[^>]*>\s*<(?:html|\?mso|workbook))", re.I)
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: place from 0, letter, the headings from outermost to innermost."""

    index: int
    letter: str
    headings: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The headings in one line."""
        return " / ".join(self.headings)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands, merged cells filled down; `number` as the spreadsheet program shows it."""

    number: int
    cells: Row


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no data and why: title, blank, total, note, numbering, header (repeated), section."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet that the file has; hidden ones are only read when named."""

    name: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as read. `grid` holds every row of the sheet from row 1; `header_rows` and numbers of rows
    count from 1. `unseen` are numbers of rows that the spreadsheet program does not show."""

    filename: str
    sheet: str
    sheets: tuple[SheetName, ...]
    encoding: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[RawRow, ...]
    ignored: tuple[Ignored, ...]
    grid: tuple[Row, ...]
    merged_headings: tuple[tuple[int, int], ...] = ()
    unseen: frozenset[int] = frozenset()


def read_table(data: bytes, filename: str, *, sheet: str | None = None, limits: Limits = DEFAULT) -> RawTable:
    """Reads the best table of a file: what the bytes are decides, not the file's name.

    Of several visible sheets the one with the best header and most rows is taken, unless `sheet` names one
    (also a hidden
    one). Raises OfficeError (codes file_*, sheet_unknown, too_many_rows, too_many_columns, cell_too_long, no_header).
    """
    sheets = _sheets(data, limits, sheet)
    found = _best(sheets, sheet)
    _check_size(found, limits)
    header = find_header(found)
    if header is None:
        raise OfficeError("no_header" if found.rows else "file_empty")
    names = tuple(SheetName(entry.name, entry.hidden) for entry in sheets if entry.name)
    columns = tuple(Column(i, letter(i), parts) for i, parts in enumerate(header.headings))
    rows, ignored = _divide(found, header)
    merged = tuple(
        (merge.left, merge.right)
        for merge in found.merges
        if header.top <= merge.top <= header.bottom <= merge.bottom and merge.right > merge.left
    )
    lines = tuple(range(header.top + 1, header.bottom + 2))
    return RawTable(
        filename, found.name, names, found.encoding, lines, columns, rows, ignored, found.rows, merged, found.unseen
    )  # fmt: skip


def _sheets(data: bytes, limits: Limits, wanted: str | None) -> list[Sheet]:
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise OfficeError("file_empty")
    if len(data) > limits.file_bytes:
        raise OfficeError("file_too_large", size=len(data), limit=limits.file_bytes)
    if data.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return read_workbook(data, limits, wanted)
    if _HTML.match(data[:400]):
        raise OfficeError("file_html")
    if data.startswith(_BINARY):
        raise OfficeError("file_type")
    return [read_csv(data, limits)]


def _best(sheets: list[Sheet], wanted: str | None) -> Sheet:
    if wanted is not None and sheets and sheets[0].name:
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet
        raise OfficeError("sheet_unknown", wanted, names=", ".join(s.name for s in sheets if not s.hidden))
    visible = [sheet for sheet in sheets if not sheet.hidden and sheet.rows]
    if not visible:
        raise OfficeError("file_empty")
    return max(visible, key=_rank)


def _rank(sheet: Sheet) -> tuple[int, int]:
    header = find_header(sheet)
    return (header.score if header else -1, len(sheet.rows))


def _check_size(sheet: Sheet, limits: Limits) -> None:
    width = len(sheet.rows[0]) if sheet.rows else 0
    if width > limits.columns:
        raise OfficeError("too_many_columns", count=width, limit=limits.columns)
    for number, row in enumerate(sheet.rows, 1):
        for index, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > limits.cell_characters:
                place = f"{letter(index)}{number}"
                raise OfficeError("cell_too_long", cell=place, count=len(cell), limit=limits.cell_characters)


def _divide(sheet: Sheet, header: Header) -> tuple[tuple[RawRow, ...], tuple[Ignored, ...]]:
    ignored = [
        Ignored(index + 1, "blank" if left.is_blank_row(row) else "title", left.one_line(row))
        for index, row in enumerate(sheet.rows[: header.top])
    ]
    first = header.bottom + 1
    running = left.running_column(header.headings)
    end = left.end_of_table(sheet.rows, first, running)
    wide = _wide_merges(sheet)
    down = _fill_down(sheet, first)
    rows: list[RawRow] = []
    for index in range(first, len(sheet.rows)):
        row = sheet.rows[index]
        reason = _reason(row, header, running, first=index == first, wide=index in wide, past=index >= end)
        if reason:
            ignored.append(Ignored(index + 1, reason, left.one_line(row)))
        else:
            rows.append(RawRow(index + 1, down(index)))
    while rows and left.unnamed_total([row.cells for row in rows[:-1]], rows[-1].cells, running):
        last = rows.pop()
        ignored.append(Ignored(last.number, "total", left.one_line(last.cells)))
    return tuple(rows), tuple(sorted(ignored, key=lambda entry: entry.row))


def _reason(row: Row, header: Header, running: int | None, *, first: bool, wide: bool, past: bool) -> str:
    """Why a row below the header is no data; "" for one that is. `past`: it stands below the table's end."""
    if left.is_blank_row(row):
        return "blank"
    if first and left.is_numbering(row):
        return "numbering"
    if left.is_total(row, running):
        return "total"
    if left.repeats(row, header.headings):
        return "header"
    if past and left.is_note(row, running):
        return "note"
    return "section" if wide and len(left.filled(row)) == 1 else ""


def _wide_merges(sheet: Sheet) -> set[int]:
    width = len(sheet.rows[0])
    return {merge.top for merge in sheet.merges if 2 * (merge.right - merge.left + 1) >= width}


def _fill_down(sheet: Sheet, first: int) -> Callable[[int], Row]:
    """Rows of the table with the value of vertically merged cells in each of their rows."""
    filled: dict[int, dict[int, Cell]] = {}
    for merge in sheet.merges:
        if merge.top < first or merge.bottom == merge.top or merge.left >= len(sheet.rows[0]):
            continue
        for index in range(merge.top, min(merge.bottom + 1, len(sheet.rows))):
            filled.setdefault(index, {})[merge.left] = sheet.rows[merge.top][merge.left]

    def row_at(index: int) -> Row:
        extra = filled.get(index)
        row = sheet.rows[index]
        return tuple(extra.get(place, cell) for place, cell in enumerate(row)) if extra else row

    return row_at
