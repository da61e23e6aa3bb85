"""What a column says of somebody else, or of the list itself, is nothing of the person in the row."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.files.office.test_left_out import xlsx

from okat.files.office import Mapping, ParsedSheet, guess_columns, parse_rows, read_table, vocabulary
from okat.files.office.headings import stands_over, sure
from okat.files.office.vocabulary import subjects
from okat.thai.text import fold

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


@pytest.mark.parametrize(
    ("name", "heading", "field"),
    [
        ("ชื่อ-สกุล ผู้เข้าอบรม", "เบอร์โทรศัพท์ของผู้เข้าอบรม", "phones"),
        ("ชื่อนักเรียน", "รายได้ของนักเรียน", "income"),
        ("ชื่อ-สกุล เด็ก", "อาชีพปัจจุบันของเด็ก", "occupation"),
        ("ชื่อผู้พิการ", "อายุคนพิการ", "age"),  # another word for the same people
        ("รายชื่อสมาชิก", "เลขประจำตัวประชาชนของสมาชิก", "pin"),
        ("ชื่อ-สกุล ผู้ขอ", "วันเดือนปีเกิดเด็ก", None),
        ("ชื่อ-สกุล", "อายุของเด็ก", None),
        ("ชื่อ-สกุล", "อายุนักเรียน", None),
        ("ชื่อ-สกุล", "รายได้ของนักเรียน", None),
        ("รายชื่อสมาชิก", "เลขบัตรสมาชิก", None),  # a card of the club
        ("ชื่อนักเรียน", "เลขบัตรนักเรียน", None),
        ("ชื่อ-สกุล", "เลขบัตรผู้ป่วย", None),
    ],
)
def test_a_column_of_somebody_is_of_the_person_where_the_names_are_theirs(
    name: str, heading: str, field: str | None
) -> None:
    mapping, _parsed = read(xlsx([name, heading], *ROWS))
    assert mapping.guesses[0].field in {"full_name", "given"}
    assert mapping.guesses[1].field == field
    assert field or mapping.guesses[1].alternatives  # offered all the same


def test_a_word_that_one_of_two_columns_of_names_bears_says_not_whose_the_others_are() -> None:
    mapping, _parsed = read(xlsx(["ชื่อ-สกุล", "ชื่อ-สกุล เด็ก", "อายุเด็ก"], ["นายสม ใจดี", "ด.ช.มา ใจดี", 7]))
    assert [guess.field for guess in mapping.guesses] == ["full_name", None, None]


@pytest.mark.parametrize("who", ["ผู้ประสานงาน", "ผู้ติดต่อ", "หน่วยงาน", "ของผู้ประสานงาน", " (หน่วยงาน)"])
@pytest.mark.parametrize("what", ["เบอร์โทร", "เบอร์โทรศัพท์", "โทรศัพท์", "อีเมล", "ที่อยู่", "ตำบล"])
def test_what_is_of_an_office_is_nobodys_own(what: str, who: str) -> None:
    assert read(xlsx(["ชื่อ-สกุล", what + who], *ROWS))[0].guesses[1].field is None


def test_a_heading_over_others_that_names_the_office() -> None:
    for group in ("ผู้ประสานงาน", "ผู้ติดต่อ", "หน่วยงาน"):
        book = load_workbook(io.BytesIO(xlsx(["ชื่อ-สกุล", group, None], [None, "โทรศัพท์", "ตำบล"], *ROWS)))
        book.worksheets[0].merge_cells("A1:A2")
        book.worksheets[0].merge_cells("B1:C1")
        target = io.BytesIO()
        book.save(target)
        assert [guess.field for guess in read(target.getvalue())[0].guesses] == ["full_name", None, None]


OTHERS = [
    "ครู", "ผู้ปกครอง", "คู่สมรส", "บิดา", "ผู้ดูแล", "หน่วยงาน", "ผู้ประสานงาน", "ผู้ติดต่อ", "โครงการ", "กิจกรรม", "นายจ้าง",
    "เจ้าหน้าที่",
]  # fmt: skip


@pytest.mark.parametrize("between", ["", "ของ", " (", "/"])
def test_no_heading_of_a_person_with_somebody_beside_it_is_sure(between: str) -> None:
    """Unless the names are theirs: then those are the person."""
    words = vocabulary("people")
    known = {word for field in words.fields.values() for word in field.words}
    for name, field in words.fields.items():
        if field.exact or name in {"contact_phone", "full_name", "given"}:
            continue
        for who in [*OTHERS, *(each for group in subjects() for each in group)]:
            about = words.about([fold(f"ชื่อ{who}")]).fields[name]
            for word in field.words:
                for heading in (f"{word}{between}{who}", f"{who}{between}{word}"):
                    if fold(heading) not in known:
                        assert not sure(heading, field), (name, heading)
                        if who in OTHERS or word in field.alone:
                            assert not sure(heading, about), (name, heading)
                        elif len(word) > 2 and between == "ของ":
                            assert sure(heading, about), (name, heading)


def test_a_heading_over_others_that_names_somebody_is_not_passed_over() -> None:
    words = vocabulary("people")
    own = [field for name, field in words.fields.items() if name != "household_head" and not field.exact]
    for who in [*OTHERS, *(each for group in subjects() for each in group)]:
        for over in (who, f"ข้อมูล{who}", f"ที่อยู่{who}", f"ชื่อ-สกุล{who}", f"ข้อมูลติดต่อ{who}"):
            assert not [field.name for field in own if stands_over(over, field, words)], over
            about = words.about([fold(f"ชื่อ{who}")])
            stands = [field.name for field in about.fields.values() if stands_over(over, field, about)]
            assert bool(stands) is (who not in OTHERS), over


@pytest.mark.parametrize(
    ("heading", "field"),
    [("ค่าใช้จ่ายโครงการ", "cost"), ("ค่าใช้จ่ายจัดอบรม", "cost"), ("จำนวนเงินโครงการ", "stipend"),
     ("จำนวนโครงการ", "capacity")],
)  # fmt: skip
def test_what_a_project_costs_is_no_fee_of_who_takes_part(heading: str, field: str) -> None:
    table = read_table(xlsx(["ชื่อหลักสูตร", heading], ["ทอผ้า", 50000], ["ทำขนม", 20000]), "a.xlsx")
    guess = guess_columns(table, "opportunities").guesses[1]
    assert guess.field is None
    assert field in [name for name, _score in guess.alternatives]


def test_the_coordinator_of_an_offer_has_the_telephone_of_the_offer() -> None:
    table = read_table(xlsx(["ชื่อหลักสูตร", "เบอร์โทรผู้ประสานงาน"], ["ทอผ้า", "0812345678"]), "a.xlsx")
    assert guess_columns(table, "opportunities").guesses[1].field == "phones"


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
