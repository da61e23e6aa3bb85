"""A heading is read as a field where it says the field and nothing else; its unit is a part of what it says."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.files.office.test_left_out import xlsx

from okat.files.office import KINDS, Mapping, ParsedSheet, guess_columns, parse_rows, read_table, vocabulary
from okat.files.office.headings import sure, units_of
from okat.thai.text import fold

CARD = "1100100000028"


def read(
    heading: str, *cells: Any, kind: str = "people", taken_for: str = "", name: str = "ชื่อ-สกุล"
) -> tuple[Mapping, ParsedSheet]:  # fmt: skip
    first = "ตำแหน่งงาน" if kind == "jobs" else "ชื่อหลักสูตร" if kind == "opportunities" else name
    rows = [[f"นายสมชาย ใจ{'ดงมต'[place]}", cell] for place, cell in enumerate(cells or ("ก",))]
    table = read_table(xlsx([first, heading], *rows), "a.xlsx")
    mapping = guess_columns(table, kind)
    if taken_for:
        mapping = mapping.override({"B": taken_for})
    return mapping, parse_rows(table, mapping, kind)


INCOMES = [
    "รายได้ต่อปี", "รายได้ (ต่อปี)", "รายได้เฉลี่ย/คน/ปี", "รายได้ครัวเรือน (บาท/ปี)", "รายได้เฉลี่ยต่อวัน", "รายได้ต่อคนต่อปี (บาท)",
    "รายได้รวมทั้งปี", "รายได้ปีละ", "รายได้/วัน", "รายได้รายวัน", "yearly income", "income per year",
]  # fmt: skip


@pytest.mark.parametrize("heading", [*INCOMES, "รายได้ครัวเรือนต่อเดือน", "รายได้ครัวเรือน", "รายได้คู่ค้า", "รายได้ก่อนหักหนี้"])
def test_income_of_another_time_or_of_the_house_is_nobodys_own_by_the_month(heading: str) -> None:
    mapping, _parsed = read(heading, "๒๔,๐๐๐", 38000)
    assert mapping.guesses[1].field is None
    assert "income" in [field for field, _score in mapping.guesses[1].alternatives]


@pytest.mark.parametrize("heading", INCOMES)
def test_and_somebody_who_chooses_it_is_told_of_the_unit(heading: str) -> None:
    _mapping, parsed = read(heading, "๒๔,๐๐๐", "2,000 บาท/เดือน", 0, taken_for="income")
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "heading_per_month")]


@pytest.mark.parametrize(
    "heading",
    [
        "รายได้",
        "รายได้ (บาท)",
        "รายได้ต่อเดือน (บาท)",
        "รายได้เฉลี่ย (บาท/เดือน)",
        "2. รายได้/เดือน *",
        "รายได้/คน/เดือน",
    ],
)
def test_income_of_a_month_is_read(heading: str) -> None:
    mapping, parsed = read(heading, "๒,๔๐๐", 3000)
    assert mapping.guesses[1].field == "income"
    assert [row.values["income"] for row in parsed.rows] == [2400, 3000]


@pytest.mark.parametrize(
    ("heading", "cell", "unit"),
    [
        ("ค่าจ้าง (บาท/วัน)", 350, "day"),
        ("ค่าจ้าง/วัน", "350 บาท", "day"),
        ("ค่าแรงรายวัน", "๓๕๐", "day"),
        ("อัตราค่าจ้าง (บาทต่อวัน)", 350, "day"),
        ("ค่าจ้าง", "วันละ ๓๕๐ บาท", "day"),
        ("ค่าจ้าง", "ค่าแรงวันละ 350", "day"),
        ("ค่าตอบแทน (บาท/ชั่วโมง)", 350, "hour"),
        ("ค่าตอบแทน", "ชั่วโมงละ 350 บาท", "hour"),
        ("ค่าตอบแทน/ชม.", 350, "hour"),
        ("ค่าจ้าง (บาท/วัน)", "350 บาท/เดือน", "month"),  # the cell knows better
        ("เงินเดือน", 350, "month"),
        ("ค่าจ้าง", 350, None),
    ],
)
def test_pay_keeps_its_unit(heading: str, cell: Any, unit: str | None) -> None:
    mapping, parsed = read(heading, cell, kind="jobs")
    assert mapping.guesses[1].field == "stipend"
    values = parsed.rows[0].values
    assert (values["stipend"], values.get("stipend_per")) == (Decimal(350), unit)


@pytest.mark.parametrize("cell", ["วันละ 350 บาท/คน", "300-350 บาท/วัน"])
def test_what_says_two_things_is_asked_about(cell: str) -> None:
    assert [error.row for error in read("ค่าจ้าง", cell, kind="jobs")[1].errors] == [2]


OTHER = [
    "ครู",
    "เดิม",
    "ที่ต้องการ",
    "เพื่อนบ้าน",
    "ผู้ใหญ่บ้าน",
    " (ครูประจำวิชา)",
    "ล่าสุดที่เคยทำ",
    "ก่อนย้าย",
    " of teacher",
    "วันเสียชีวิต",
]


@pytest.mark.parametrize("kind", KINDS)
def test_no_known_heading_with_another_word_beside_it_is_read(kind: str) -> None:
    fields = [each for name, each in vocabulary(kind).fields.items() if not name.startswith("consent")]
    known = {word for field in fields for word in field.words}
    for field in fields:
        for word in field.words:
            for other in OTHER:
                for heading in (f"{word}{other}", f"{other}{word}"):
                    if fold(heading) not in known:
                        assert not sure(heading, field), (field.name, heading)


@pytest.mark.parametrize("kind", KINDS)
def test_every_known_heading_is_read_with_words_beside_it_that_say_nothing(kind: str) -> None:
    for name, field in vocabulary(kind).fields.items():
        for word in field.words:
            assert sure(word, field) == 1
            if len(word) > 2 and not name.startswith("consent"):
                assert sure(f"2. {word} * (ถ้ามี)", field) > 0.85, word


@pytest.mark.parametrize(
    ("heading", "cells", "offered"),
    [
        ("เบอร์โทรครู", ("0812345678", "0898765432"), "phones"),
        ("เบอร์โทร (ครูประจำวิชา)", ("0812345678", "0898765432"), "phones"),
        ("เลขประจำตัวของครู", (CARD, "1-1001-00000-01-0"), "pin"),
        ("ที่อยู่เดิม", ("99 ม.1",), "address"),
        ("ตำบลเดิม", ("ท่าพระ",), "subdistrict"),
        ("อาชีพที่ต้องการ", ("ช่างไฟ",), "occupation"),
    ],
)
def test_what_is_of_something_else_is_only_offered_whatever_stands_below(
    heading: str, cells: tuple[str, ...], offered: str
) -> None:
    guess = read(heading, *cells)[0].guesses[1]
    assert guess.field is None
    assert offered in [field for field, _score in guess.alternatives]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("เบอร์โทร (ที่ติดต่อได้)", "phones"),
        ("เบอร์โทร (เช่น 081-234-5678)", "phones"),
        ("อายุ (ปี)", "age"),
        ("วัน/เดือน/ปีเกิด (พ.ศ.)", "birth_date"),
        ("เลขประจำตัวประชาขน", "pin"),  # mistyped
    ],
)
def test_what_is_of_the_person_is_read(heading: str, field: str) -> None:
    assert read(heading)[0].guesses[1].field == field


def grouped(group: str, first: str, second: str) -> list[str | None]:
    """The fields of two columns under one heading."""
    head: list[list[Any]] = [["ชื่อ-สกุล", group, None, "เพศ"], [None, first, second, None]]
    people: list[list[Any]] = [["นายสมชาย ใจดี", "0812345678", "99", "ชาย"], ["นางมาลี ดี", "0898765432", "98", "หญิง"]]
    book = load_workbook(io.BytesIO(xlsx(*head, *people)))
    for cells in ("A1:A2", "B1:C1", "D1:D2"):
        book.worksheets[0].merge_cells(cells)
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "a.xlsx")
    assert [column.headings for column in table.columns[1:3]] == [(group, first), (group, second)]
    return [guess.field for guess in guess_columns(table, "people").guesses[1:3]]


def test_a_heading_over_others_says_what_they_are_about() -> None:
    assert grouped("ที่อยู่", "หมู่ที่", "ตำบล") == ["village_no", "subdistrict"]
    assert grouped("ข้อมูลส่วนบุคคล", "โทรศัพท์", "อายุ") == ["phones", "age"]
    assert grouped("ครูประจำวิชา", "โทรศัพท์", "ตำบล") == [None, None]
    assert grouped("ที่อยู่เดิม", "หมู่ที่", "ตำบล") == [None, None]
    assert grouped("ความต้องการ", "อาชีพ", "การศึกษา") == [None, None]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("อาชีพรายได้", None), ("ค่าจ้าง ปี 2569", None), ("เงินเดือน", "month"), ("daily wage", "day"), ("บาท / ชม.", "hour"),
     ("ปีละ", "year"), ("รายสัปดาห์", "week"), ("หน่วย/วันที่", None)],
)  # fmt: skip
def test_the_unit_of_a_heading(heading: str, unit: str | None) -> None:
    assert units_of(heading) == ({unit} if unit else set())


TORN = [
    "ค่าจ้าง (บาท/วัน/เดือน)", "ค่าจ้างรายวัน/รายเดือน", "ค่าจ้างรายวันหรือรายเดือน", "ค่าจ้างต่อวันหรือเดือน", "เงินเดือน/ค่าจ้างรายวัน",
    "Wage (baht/day or month)", "เงินเดือน (บาท/ปี)",
]  # fmt: skip


@pytest.mark.parametrize("heading", TORN)
def test_where_a_heading_says_two_units_each_cell_says_its_own(heading: str) -> None:
    cells = (12000, "350 บาท/วัน", "วันละ 350 บาท")
    _mapping, parsed = read(heading, *cells, kind="jobs", taken_for="stipend")
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "heading_two_units")]
    assert {row.values["stipend_per"] for row in parsed.rows} == {"day"}
    _mapping, parsed = read(heading, 12000, "9,000 บาท/เดือน", 0, taken_for="income")
    assert [(error.row, error.code) for error in parsed.errors] == [(2, "heading_two_units")]


def test_a_year_that_is_named_is_no_unit_beside_one() -> None:
    assert units_of("รายได้ประจำปี ๒๕๖๘ (บาท/เดือน)") == {"month"}
    assert units_of("รายได้ประจำปีงบประมาณ 2568") == units_of("รายได้ประจำปี") == {"year"}
    assert not read("รายได้ประจำปี 2568 (บาท/เดือน)", 9000, taken_for="income")[1].errors


@pytest.mark.parametrize("heading", ["รายได้ 2568", "รายได้ (๒๕๖๗)", "2567 รายได้", "รายได้ 2025", "อายุ 2560"])
def test_a_year_beside_money_or_an_age_says_something(heading: str) -> None:
    assert read(heading, 40)[0].guesses[1].field is None
    assert read(f"{heading} (บาท)", 40)[0].guesses[1].field is None


@pytest.mark.parametrize("heading", ["ค่าจ้าง 2569", "ค่าใช้จ่าย 2569"])
def test_nor_is_pay_or_a_fee_of_a_year_read(heading: str) -> None:
    assert read(heading, 400, kind="jobs")[0].guesses[1].field is None


@pytest.mark.parametrize(
    ("heading", "said"),
    [("อายุ ณ วันที่ 1 ต.ค. 2568", 66), ("อายุ (ณ วันที่ ๑ ตุลาคม ๒๕๖๐)", 74), ("อายุ ณ 1/10/2570", 64), ("อายุ (ปี)", 65)],
)
def test_an_age_of_a_day_is_made_one_of_this_year(heading: str, said: int) -> None:
    table = read_table(xlsx(["ชื่อ-สกุล", heading], ["นายสมชาย ใจดี", 65]), "a.xlsx")
    mapping = guess_columns(table, "people")
    assert mapping.guesses[1].field == "age"
    assert parse_rows(table, mapping, "people", today=date(2026, 5, 1)).rows[0].values["age"] == said


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("เบอร์โทรศัพท์ที่สามารถติดต่อได้", "phones"),
        ("เบอร์โทรศัพท์/Line", "phones"),
        ("Income (baht/month)", "income"),
        ("ที่อยู่ (บ้านเลขที่)", "house_no"),
        ("บ้านเลขที่ตามทะเบียนบ้าน", "house_no"),
        ("Address (current)", "address"),
    ],
)
def test_usual_headings_of_forms_are_read(heading: str, field: str) -> None:
    assert read(heading, "0812345678" if field == "phones" else 99)[0].guesses[1].field == field


def test_usual_headings_of_what_must_be_there_are_read() -> None:
    assert read("อายุ", 60, name="ชื่อ-นามสกุล (ตัวบรรจง)")[0].guesses[0].field == "full_name"
    for kind in ("jobs", "opportunities"):
        table = read_table(xlsx(["ตำแหน่งงานว่าง", "ค่าจ้าง"], ["ช่างไฟ", 350]), "a.xlsx")
        assert guess_columns(table, kind).guesses[0].field == "title"
