"""What a column says of somebody else, or of the list itself, is nothing of the person in the row."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.files.office.test_left_out import xlsx

from okat.files.office import Mapping, ParsedSheet, guess_columns, parse_rows, read_table

ROWS: list[list[Any]] = [["นายสมชาย ใจดี", "0812345678"], ["นางมาลี ใจดี", "0898765432"]]


def read(data: bytes) -> tuple[Mapping, ParsedSheet]:
    table = read_table(data, "a.xlsx")
    mapping = guess_columns(table, "people")
    return mapping, parse_rows(table, mapping, "people")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("เบอร์ผู้ดูแล/ผู้ปกครอง", "contact_phone"),
        ("เบอร์โทรผู้ปกครอง", "contact_phone"),
        ("โทรศัพท์ญาติ", "contact_phone"),
        ("เบอร์ติดต่อฉุกเฉิน", "contact_phone"),
        ("Emergency phone", "contact_phone"),
        ("เบอร์โทรศัพท์", "phones"),
        ("เบอร์ติดต่อ", "phones"),
        ("เบอร์ อสม.", None),
        ("อายุผู้ดูแล", None),
        ("อาชีพบิดา", None),
        ("เลขบัตรประชาชนมารดา", None),
        ("ที่อยู่ญาติ", None),
        ("ชื่อผู้ดูแล", None),
        ("ชื่อผู้ปกครอง", "consent_by"),
    ],
)
def test_a_column_about_somebody_else(heading: str, field: str | None) -> None:
    mapping, _parsed = read(xlsx(["ชื่อ-สกุล", heading], *ROWS))
    assert [guess.field for guess in mapping.guesses] == ["full_name", field]


def test_the_number_in_class_is_no_house() -> None:
    head = ["เลขที่", "ชื่อ", "นามสกุล", "อายุ"]
    mapping, parsed = read(xlsx(head, *([n, name, "ดี", 9] for n, name in ((1, "ก"), (2, "ข"), (4, "ค"), ("๕", "ง")))))
    assert [guess.field for guess in mapping.guesses] == [None, "given", "family", "age"]
    assert len(parsed.rows) == 4
    streets = xlsx(head, *([n, name, "ดี", 9] for n, name in ((12, "ก"), (7, "ข"), ("88/1", "ค"))))
    assert read(streets)[0].guesses[0].field == "house_no"
    assert read(xlsx(["ชื่อ-สกุล", "บ้านเลขที่"], ["ก ดี", 1], ["ข ดี", 2]))[0].guesses[1].field == "house_no"


def merged(*rows: list[Any]) -> bytes:
    book = load_workbook(io.BytesIO(xlsx(["ลำดับ", "ชื่อ-สกุล", None, "อายุ"], *rows)))
    book.worksheets[0].merge_cells("B1:C1")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_heading_over_the_name_and_the_number() -> None:
    cards = ["1-1001-00000-01-0", "1100100000028"]
    mapping, parsed = read(merged([1, "นายสมชาย ใจดี", cards[0], 60], [2, "นางมาลี ดี", cards[1], 61]))
    assert [guess.field for guess in mapping.guesses] == [None, "full_name", "pin", "age"]
    assert [(row.values["family"], row.values["pin"].digits[:3]) for row in parsed.rows] == [
        ("ใจดี", "110"),
        ("ดี", "110"),
    ]
    mapping, parsed = read(merged([1, "นายสมชาย", "ใจดี", 60], [2, "นางมาลี", "ดี", 61]))
    assert [guess.field for guess in mapping.guesses] == [None, "given", "family", "age"]


@pytest.mark.parametrize("head", [["ชื่อ-สกุล", "อายุ"], ["ชื่อ", "อายุ"], ["นามสกุล", "ชื่อ"], ["ชื่อเล่น", "ชื่อ"]])
@pytest.mark.parametrize("cell", [1100100000010, "1-1001-00000-01-0", "๑๒๓๔"])
def test_a_number_is_no_name(head: list[str], cell: Any) -> None:
    beside: Any = 60 if head[1] == "อายุ" else "มาลี"
    _mapping, parsed = read(xlsx(head, [cell, beside], ["สมชาย", beside]))
    assert "name_number" in {error.code for error in parsed.errors}
    assert "110" not in str([error.message("en") for error in parsed.errors])
