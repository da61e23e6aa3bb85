"""`read_table`: the bytes of a file to a table with its header, its rows, and everything that was left out and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from okat.files.office.csvtext import read_csv
from okat.files.office.errors import OfficeError
from okat.files.office.grid import Cell, Row, Sheet, is_blank, letter, text_of
from okat.files.office.header import Header, find_header
from okat.files.office.limits import DEFAULT, Limits
from okat.files.office.workbook import OLE_MAGIC, ZIP_MAGIC, read_workbook
from okat.thai.digits import to_arabic
from okat.thai.text import fold

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
_TOTAL = re.compile(
    r"(?:รวม|ยอดรวม|ผลรวม|จำนวนรวม|รวมยอด|รวมเป็น|total|grand total|sub ?total|sum)"
    r"(?:จำนวน)?(?:ทั้งสิ้น|ทั้งหมด|ทุกรายการ|เงิน|เป็นเงิน|สุทธิ)?\s?(?:จำนวน)?[:：]?\s?[\d,.]*\s?"
    r"(?:คน|ราย|บาท|รายการ|หลักสูตร|โครงการ|กิจกรรม|อัตรา|ตำแหน่ง|ครัวเรือน|แห่ง|ชั่วโมง|ชม\.?)?",
    re.I,
)
_COUNTED = re.compile(r"จำนวน(?:ทั้งสิ้น|ทั้งหมด|รวม)\s?[:：]?\s?[\d,.]*\s?\S{0,10}")
_NOTE = re.compile(
    r"(?:หมายเหตุ|ที่มา|ข้อมูล ณ|ลงชื่อ|ผู้จัดทำ|ผู้รายงาน|ผู้บันทึก|ผู้รับรอง|ตำแหน่ง\s?[.…]|พิมพ์เมื่อ|note|source|\*|\()", re.I
)
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?")


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
    count from 1."""

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
    return RawTable(filename, found.name, names, found.encoding, lines, columns, rows, ignored, found.rows, merged)


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
        Ignored(index + 1, "blank" if _blank(row) else "title", _one_line(row))
        for index, row in enumerate(sheet.rows[: header.top])
    ]
    first = header.bottom + 1
    end = _end_of_table(sheet.rows, first)
    wide = _wide_merges(sheet)
    down = _fill_down(sheet, first)
    rows: list[RawRow] = []
    for index in range(first, len(sheet.rows)):
        row = sheet.rows[index]
        reason = "note" if index >= end and not _blank(row) else _reason(sheet.rows, index, header, index in wide)
        if index >= end and _is_total(row):
            reason = "total"
        if reason:
            ignored.append(Ignored(index + 1, reason, _one_line(row)))
        else:
            rows.append(RawRow(index + 1, down(index)))
    while rows and _unnamed_total(rows):
        last = rows.pop()
        ignored.append(Ignored(last.number, "total", _one_line(last.cells)))
    return tuple(rows), tuple(sorted(ignored, key=lambda entry: entry.row))


def _one_line(row: Row) -> str:
    return " ".join(text_of(cell) for cell in row if not is_blank(cell))[:200]


def _blank(row: Row) -> bool:
    return all(is_blank(cell) for cell in row)


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row if not is_blank(cell)]


def _reason(rows: tuple[Row, ...], index: int, header: Header, wide: bool) -> str:
    row = rows[index]
    if _blank(row):
        return "blank"
    if _is_total(row):
        return "total"
    if index == header.bottom + 1 and _is_numbering(row):
        return "numbering"
    if _repeats(row, header):
        return "header"
    return "section" if wide and len(_filled(row)) == 1 else ""


def _is_total(row: Row) -> bool:
    """Whether the first or second text of a row is a word for a sum. A whole cell must match:
    "รวมพลังทอผ้า" is a title."""
    texts = [to_arabic(text_of(cell)) for cell in _filled(row) if isinstance(cell, str)][:2]
    return any(_TOTAL.fullmatch(text) or _COUNTED.fullmatch(text) for text in texts)


def _is_numbering(row: Row) -> bool:
    """The row "(1) (2) (3)" under the header of official forms."""
    matches = [_NUMBERING.fullmatch(to_arabic(text_of(cell))) for cell in _filled(row)]
    numbers = [int(match[1]) for match in matches if match]
    return len(numbers) >= 3 and len(numbers) == len(matches) and numbers == list(range(1, len(numbers) + 1))


def _repeats(row: Row, header: Header) -> bool:
    """Whether the row is the header again, as on each page of a long list."""
    pairs = [(fold(text_of(c)), h[-1]) for c, h in zip(row, header.headings, strict=True) if not is_blank(c) and h]
    return len(pairs) >= 2 and all(text == fold(heading) for text, heading in pairs)


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


def _end_of_table(rows: tuple[Row, ...], first: int) -> int:
    """The place after the last row of the table: sparse rows at the end are notes when they say so or when
    a blank row or a
    total stands between. A sparse row directly below the table stays in it, so that its error is seen."""
    counts = sorted(len(_filled(row)) for row in rows[first:] if not _blank(row))
    if not counts:
        return len(rows)
    usual = counts[len(counts) // 2]
    if usual < 3:
        return len(rows)
    last = max(index for index in range(first, len(rows)) if 2 * len(_filled(rows[index])) >= usual)
    for index in range(last + 1, len(rows)):
        row = rows[index]
        if _blank(row) or _is_total(row) or _NOTE.match(_one_line(row)):
            return index
    return len(rows)


def _unnamed_total(rows: list[RawRow]) -> bool:
    """Whether the last row holds nothing but sums or counts of the columns above it."""
    *above, last = rows
    filled = [(place, cell) for place, cell in enumerate(last.cells) if not is_blank(cell)]
    if len(above) < 2 or not filled or 2 * len(filled) > len(_filled(above[-1].cells)):
        return False
    for place, cell in filled:
        column = [row.cells[place] for row in above]
        numbers = [value for value in column if isinstance(value, (int, float))]
        if not isinstance(cell, (int, float)) or cell not in (sum(numbers), len(_filled(tuple(column)))):
            return False
    return True
