"""Workbooks that Okat hands out: the rows to mend, and an empty template. Nothing in them can act as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from okat.files.office.errors import RowError
from okat.files.office.grid import Cell
from okat.files.office.table import RawTable
from okat.files.office.vocabulary import TICK, Field, vocabulary
from okat.thai.errors import Lang
from okat.thai.text import fold

MEND_HEADING = {"th": "สิ่งที่ต้องแก้ไข", "en": "what to mend"}
TOLD_BY_US = frozenset(map(fold, MEND_HEADING.values()))  # headings of a column that reading passes over
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ACTIVE = re.compile(r"^[=@\t\r]|^[+\-](?![\d\s().\-]*$)")
_LONGEST_CELL = 32_767
_LONGEST_LIST = 255  # characters that a spreadsheet's list of choices may have
_WRONG = PatternFill("solid", start_color="FFF2CC")
_HEAD = PatternFill("solid", start_color="DDEBF7")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_VALIDATED_ROWS = 2000
# Fields that say again, in one cell, what other columns of the template say.
_OTHER_WAYS = {"full_name", "period", "application_period", "refused", "refused_sensitive"}


def defuse(text: str) -> str:
    """A text that no spreadsheet program runs as a formula: an apostrophe goes before =, @, tab, and
    before + or - unless a number or telephone number follows. `read_cell` takes the apostrophe away again."""
    clean = _ILLEGAL.sub("", text)[: _LONGEST_CELL - 1]
    return f"'{clean}" if _ACTIVE.match(clean) else clean


def errors_workbook(table: RawTable, errors: Iterable[RowError], lang: Lang = "th") -> bytes:
    """The sheet as it was sent, row by row, with one more column that says what to mend and the cells in question
    coloured. Mended, it can be sent again as it is. Returns the bytes of an .xlsx file."""
    by_row: dict[int, list[RowError]] = {}
    for error in errors:
        by_row.setdefault(error.row, []).append(error)
    book = Workbook(write_only=True)
    sheet = book.create_sheet((re.sub(r"[\\/*?:\[\]]", " ", table.sheet) or "Okat")[:31])
    filled = {row.number: row.cells for row in table.rows}
    width = len(table.columns)
    for number, original in enumerate(table.grid, 1):
        cells = filled.get(number, original)
        wrong = by_row.get(number, [])
        marked = {error.column for error in wrong}
        line = [_cell(sheet, value, table.columns[i].letter in marked) for i, value in enumerate(cells)]
        note = _mend(wrong, lang) if number not in table.header_rows[-1:] else MEND_HEADING[lang]
        line += [_cell(sheet, None, False)] * (width - len(line)) + [_cell(sheet, note, bool(wrong))]
        sheet.append(line)
    return _bytes(book)


def _mend(errors: list[RowError], lang: Lang) -> str | None:
    return "\n".join(f"{e.column}: {e.message(lang)}" if e.column else e.message(lang) for e in errors) or None


def _cell(sheet: Any, value: Cell, marked: bool) -> Any:
    if isinstance(value, float) and not abs(value) < float("inf"):
        value = str(value)
    cell: Any = WriteOnlyCell(sheet, value=cast(Any, _writable(value)))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # never "f": a text that begins with = stays a text
    if marked:
        cell.fill = _WRONG
    return cell


def _writable(value: Cell) -> Cell:
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, date) and value.year < 1900:  # before the spreadsheet's calendar
        return value.isoformat()
    return value


def _bytes(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def template_workbook(kind: str, lang: Lang = "th") -> bytes:
    """An empty table of a kind with a heading for each field, lists of choices to pick from, and a second sheet that
    explains each field. Returns the bytes of an .xlsx file. Raises OfficeError (kind_unknown)."""
    words = vocabulary(kind)
    fields = [field for field in words.fields.values() if TICK not in field.name and field.name not in _OTHER_WAYS]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = (words.label_th if lang == "th" else words.label_en)[:31]
    sheet.freeze_panes = "A2"
    for place, field in enumerate(fields, 1):
        head = sheet.cell(1, place, field.label(lang))
        head.font, head.fill, head.alignment = _BOLD, _HEAD, _WRAP
        letter = head.column_letter
        sheet.column_dimensions[letter].width = 22
        if field.type in ("pin", "phone", "text", "date", "birth"):  # typed as text, nothing is lost or turned
            for row in range(2, 202):
                sheet.cell(row, place).number_format = "@"
        options = ",".join(_options(field, lang)) if field.type in ("choice", "yesno", "consent") else ""
        if options and len(options) <= _LONGEST_LIST - 2:
            pick = DataValidation(type="list", formula1=f'"{options}"', allow_blank=True, showErrorMessage=False)
            pick.add(f"{letter}2:{letter}{_VALIDATED_ROWS}")
            sheet.add_data_validation(pick)
    _explain(book, fields, words.required, lang)
    return _bytes(book)


def _options(field: Field, lang: Lang) -> Iterator[str]:
    if field.type == "consent":
        yield from ("ยินยอม", "ไม่ยินยอม") if lang == "th" else ("yes", "no")
    elif field.type == "yesno":
        yield from ("ใช่", "ไม่ใช่") if lang == "th" else ("yes", "no")
    elif field.choices:
        yield from (label[0 if lang == "th" else 1] for label in field.choices.labels.values())


_HINTS: dict[str, tuple[str, str]] = {
    "pin": ("ตัวเลข 13 หลัก จัดเซลล์เป็นข้อความ เว้นว่างได้", "13 digits, cell formatted as text; may be empty"),
    "date": ("เช่น 6 ธ.ค. 2569", "such as 6/12/2026"),
    "birth": ("เช่น 6 ธ.ค. 2499 ถ้ารู้แต่ปีให้ใส่เฉพาะปี", "such as 6/12/1956; the year alone if no more is known"),
    "money": ("เช่น 1,500 หรือ ฟรี", "such as 1,500 or free"),
    "money_month": ("บาทต่อเดือน เช่น 8,000", "baht per month, such as 8,000"),
    "capacity": ("จำนวนคน เช่น 20 เว้นว่างถ้าไม่จำกัด", "persons, such as 20; empty if unlimited"),
    "hours": ("เช่น 30", "such as 30"),
    "age": ("จำนวนปี เช่น 18", "years, such as 18"),
    "span": ("เช่น 18-60 หรือ 60 ปีขึ้นไป", "such as 18-60 or 60+"),
    "phone": ("เช่น 081-234-5678 หลายเบอร์คั่นด้วยจุลภาค", "such as 081-234-5678; several with commas"),
    "list": ("หลายข้อคั่นด้วยจุลภาค", "several with commas"),
    "choices": ("เลือกได้หลายข้อ คั่นด้วยจุลภาค", "one or more, with commas"),
}


def _explain(book: Workbook, fields: list[Field], required: tuple[str, ...], lang: Lang) -> None:
    thai = lang == "th"
    sheet = book.create_sheet("คำอธิบาย" if thai else "Explanation")
    heads = ("หัวคอลัมน์", "จำเป็น", "วิธีกรอก", "ค่าที่ใช้ได้") if thai else ("Heading", "Required", "How", "Accepted values")
    sheet.append(heads)
    for field in fields:
        need = ("จำเป็น" if thai else "required") if field.name in required else ""
        hint = _HINTS.get(field.type, ("", ""))[0 if thai else 1]
        sheet.append((field.label(lang), need, hint, ", ".join(_options(field, lang))))
    for place, width in enumerate((28, 12, 48, 90), 1):
        sheet.cell(1, place).font = _BOLD
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = width
