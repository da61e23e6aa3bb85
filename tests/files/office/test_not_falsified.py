"""Nothing of a cell is changed untold: two digits of a year, dots in a number, quotes, and what is too long."""

from datetime import date

import pytest

from okat.files.office import KINDS, OfficeError, ParsedSheet, guess_columns, parse_rows, read_table, vocabulary
from okat.thai.partial import PartialDate

TODAY = date(2026, 11, 22)


def read(text: str, kind: str = "people") -> ParsedSheet:
    table = read_table(text.encode(), "a.csv")
    return parse_rows(table, guess_columns(table, kind), kind, today=TODAY)


@pytest.mark.parametrize(
    ("born", "age", "read_as", "told"),
    [
        ("6 ธ.ค. 69", "", PartialDate(1926, 12, 6), ["birth_century"]),  # or typed for a day to come
        ("6 ธ.ค. 69", "99", PartialDate(1926, 12, 6), []),
        ("6 ธ.ค. 60", "", PartialDate(2017, 12, 6), ["birth_century"]),  # 8 years, or 108
        ("6 ธ.ค. 60", "8", PartialDate(2017, 12, 6), []),
        ("6 ธ.ค. 60", "108", PartialDate(1917, 12, 6), []),
        ("6 ธ.ค. 60", "45", PartialDate(2017, 12, 6), ["birth_century"]),
        ("6/12/98", "", PartialDate(1955, 12, 6), []),
        ("6/12/39", "", PartialDate(1996, 12, 6), []),
        ("6 ธ.ค. 2469", "", PartialDate(1926, 12, 6), []),
    ],
)
def test_birth_years_of_two_digits(born: str, age: str, read_as: PartialDate, told: list[str]) -> None:
    parsed = read(f"ชื่อ,นามสกุล,วันเกิด,อายุ\nมาลี,ดี,{born},{age}\n")
    assert parsed.rows[0].values["birth_date"] == read_as
    assert [warning.code for warning in parsed.warnings] == told
    assert "birth_readings" not in parsed.rows[0].values


def test_dots_that_may_be_thousands_are_asked_about() -> None:
    parsed = read('ชื่อ,นามสกุล,รายได้\nมาลี,ดี,3.000\nสมชาย,ดี,"3,000"\nกานดา,ดี,3000.75\n')
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "number_dots")]
    assert [str(row.values["income"]) for row in parsed.rows] == ["3000", "3000.75"]
    assert [e.code for e in read("ชื่อหลักสูตร,จำนวนที่รับ\nทอผ้า,1.500\n", "opportunities").errors] == ["number_dots"]


@pytest.mark.parametrize(
    "text",
    [
        'ชื่อ,นามสกุล\n"สมชาย,ใจดี\nมาลี,ดี\nกานดา,ดี\n',
        'ชื่อ,นามสกุล\nสมชาย,"ใจดี\nมาลี,"ดี"\nกานดา,ดี\n',
    ],
)
def test_a_quote_that_is_left_open_makes_nobody_disappear(text: str) -> None:
    with pytest.raises(OfficeError) as refused:
        read(text)
    assert refused.value.code == "csv_quote"
    assert "2" in refused.value.message("th")


def test_who_wrote_too_much_is_not_told_that_it_is_missing() -> None:
    parsed = read(f"ชื่อ,นามสกุล\n{'ก' * 200},ดี\n,ดี\n")
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "too_long"), (3, "required")]
    parsed = read(f"ชื่อ-นามสกุล,ตำบล\n{'ก' * 200} ดี,ศิลา\n")
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "too_long")]


FREE = {"text", "longtext", "list", "name", "full_name", "title", "place", "url"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_free_field_has_a_longest_and_says_where_more_stands(kind: str) -> None:
    words = vocabulary(kind)
    fields = [field for field in words.fields.values() if field.type in FREE]
    assert fields
    for field in fields:
        assert field.max, field.name
        text = "https://a.th/" + "ก" * field.max if field.type == "url" else "ก" * (field.max + 1)
        name = words.required[0]
        head = [field.label_th] if field.name in (name, "full_name") else [words.fields[name].label_th, field.label_th]
        body = [text] if len(head) == 1 else ["ทอผ้า", text]
        parsed = read("\n".join([",".join([*head, "หมายเหตุ"]), ",".join([*body, "x"])]) + "\n", kind)
        assert "too_long" in [error.code for error in parsed.errors], field.name
