"""A stem of a death, a move or a no is heard wherever it stands: it stops the row where the column says so, and is else
put to whoever imports. What is plainly about something else stops nothing."""

from typing import Any

import pytest
from tests.files.office.test_left_out import xlsx
from tests.files.office.test_said_around import found, read, told

from okat.files.office import TO_LOOK, guess_columns, parse_rows, read_table

HEAD = ["ชื่อ-สกุล", "ยินยอม", "วิธีให้ความยินยอม", "อายุ", "ตำบล"]
YES = ["/", "ลงชื่อ", 70, "ศิลา"]
GONE = ["จำหน่าย 10/69", "หมดสิทธิ์ (เสียชีวิต)", "2.เสียชีวิต", "ผู้รับเบี้ยเสียชีวิต", "พ้น (ตาย)", "พ้นสภาพ-ตาย", "1 ตาย",
        "ได้รับแจ้งว่าเสียชีวิต", "ระงับ เสียชีวิต 3 พ.ย. 69", "หยุดจ่าย ตาย", "ตัดสิทธิ์ ตาย"]  # fmt: skip
MOVED = ["ย้าย 1 ต.ค. 69", "ย้าย ทต.อื่น", "หมดสิทธิ์", "ขาดคุณสมบัติ"]
TAKEN_BACK = ["ขอคืนใบยินยอม", "ใบยินยอมฉีกทิ้งแล้ว", "เปลี่ยนใจ ขอคืนเอกสาร", "บอกปัด", "ขอเป็นส่วนตัว"]
OF_LIFE = ["ไม่ได้ลงชื่อรับเงิน", "แม่ไม่ยอมให้ไปเรียน", "ไม่ประสงค์รับรถเข็น", "ไม่ประสงค์ทำบัตรคนพิการ", "ปฏิเสธไม่ไปโรงพยาบาล",
           "ไม่ยินยอมผ่าตัด", "สามีปฏิเสธความรับผิดชอบ", "ไม่อนุญาตให้ขับรถ (หมอสั่ง)", "ไม่เปิดเผยรายได้",
           "ออกจากโครงการพักหนี้"]  # fmt: skip
ORDINARY = ["อยู่คนเดียว", "สามีเสียชีวิต", "บิดาเสียชีวิตปี 2560", "อยู่กับตายาย", "ย้ายมาจาก จ.เลย", "ย้ายเข้า", "รับจ้างจำหน่ายลอตเตอรี่",
            "ไม่มีที่ดินทำกิน", "เสียงดัง", "เสียสละ", "ยังไม่เสียชีวิต", "ขายของจำหน่ายอาหาร", "ลูกสาวย้ายไปแล้ว"]  # fmt: skip
OF_THE_DAY = [
    "วัน/เดือน/ปี ที่ตาย",
    "ว/ด/ป ตาย",
    "ตายเมื่อ",
    "ตาย",
    "มรณบัตรเลขที่",
    "จำหน่ายเมื่อ",
    "วันที่จำหน่าย",
    "วันที่ เสียชีวิต",
    "ถึงแก่กรรมเมื่อ",
]


def one(heading: str, cell: Any, *, agreed: bool = True) -> tuple[list[str], set[str]]:
    """Codes of errors, and of remarks at which somebody has to look."""
    said = YES if agreed else ["", "", *YES[2:]]
    parsed = read(["นายเอก ดี", *said, cell], ["นางมาลี ดี", *said, None], head=[*HEAD, heading])
    assert {number for number, _code in found(parsed)} <= {2}
    assert {each.row for each in parsed.warnings if each.code in TO_LOOK} <= {1, 2}
    return [code for _row, code in found(parsed)], set(told(parsed)) & TO_LOOK


@pytest.mark.parametrize("heading", ["สถานะการรับเบี้ย", "สถานภาพ", "สิทธิ", "การรับเงิน", "คงอยู่/ตาย/ย้าย"])
def test_a_death_in_a_column_of_status_stops_its_row(heading: str) -> None:
    for cell in GONE:
        assert one(heading, cell)[0] == ["says_gone_asked"], cell
        assert one("หมายเหตุ", cell) == ([], {"says_gone"} | one("หมายเหตุ", cell)[1]), cell  # it may be somebody else's
        assert "says_gone" in one("ผลการเยี่ยมบ้าน", cell)[1] or one("ผลการเยี่ยมบ้าน", cell)[0], cell
    for cell in MOVED:
        assert "says_gone" in one(heading, cell)[1], cell
    for cell in ("คงอยู่", "รับอยู่", "รับเงินสด", "คู่สมรสเสียชีวิต", "หม้าย (สามีตาย)"):
        assert one(heading, cell) == ([], set()), cell


def test_a_column_of_the_day_of_a_death_stops_whoever_has_one_and_is_no_day_of_birth() -> None:
    for heading in OF_THE_DAY:
        assert one(heading, "12/11/2569")[0] == ["says_gone_asked"], heading
        assert one(heading, "-")[0] == [], heading
        table = read_table(xlsx([*HEAD, heading], ["นายเอก ดี", *YES, "12/11/2569"]), "a.xlsx")
        guess = guess_columns(table, "people").guesses[-1]
        assert (guess.field, guess.alternatives) == (None, ()), heading
    assert one("บิดามารดาเสียชีวิต", "1/1/2560") == ([], set())


@pytest.mark.parametrize(("cell", "stops"), [("✗", True), ("ไม่", True), ("x", True), ("✓", False), ("มี", False)])
def test_a_no_to_living_is_a_death(cell: str, stops: bool) -> None:
    assert (one("มีชีวิต", cell)[0] == ["says_gone_asked"]) == stops


@pytest.mark.parametrize("agreed", [True, False])
def test_a_no_beside_the_record_or_its_paper_is_put_to_somebody(agreed: bool) -> None:
    for note in TAKEN_BACK:
        assert one("หมายเหตุ", note, agreed=agreed) == ([], {"note_holds_no"}), note


def test_a_no_to_other_things_stops_nothing_and_is_remarked_beside_a_yes() -> None:
    for note in OF_LIFE:
        assert one("หมายเหตุ", note)[0] == [], note
        assert one("หมายเหตุ", note)[1] >= ({"note_holds_no"} if "ไม่" in note or "ปฏิเสธ" in note else set()), note


def test_ordinary_notes_are_left_alone() -> None:
    for note in ORDINARY:
        assert one("หมายเหตุ", note, agreed=False) == ([], set()), note


@pytest.mark.parametrize(
    ("line", "code"),
    [("บัญชีรายชื่อผู้ขาดคุณสมบัติ (ตาย/ย้าย)", "gone_spoken"), ("ถูกจำหน่าย", "gone_spoken"),
     ("ห้ามเผยแพร่เอกสารนี้", "refusal_spoken"),
     ("เอกสารลับ ห้ามเผยแพร่", "refusal_spoken"), ("แบบสำรวจ (ไม่เปิดเผยต่อสาธารณะ)", "refusal_spoken"),
     ("ห้ามนำข้อมูลไปใช้โดยไม่ได้รับอนุญาต", "refusal_spoken"), ("บัญชีคนพิการ ไม่รวมผู้เสียชีวิตและย้ายออก", "gone_spoken"),
     ("ทะเบียนผู้สูงอายุ (ตัดยอดผู้เสียชีวิตแล้ว)", "gone_spoken"), ("ชุมชนโคกตาย", "gone_spoken")],
)  # fmt: skip
def test_a_title_or_a_foot_of_which_one_cannot_tell_is_put_to_somebody(line: str, code: str) -> None:
    blank = [None] * (len(HEAD) - 1)
    title = read(data=xlsx([line, *blank], HEAD, ["นายเอก ดี", *YES]))
    assert (found(title), told(title)) == ([], [code])
    foot = read(["นายเอก ดี", *YES], ["นางมาลี ดี", *YES], [None] * len(HEAD), [line, *blank], head=HEAD)
    assert (found(foot), told(foot)) == ([], [code])


def test_a_section_that_says_so_is_put_to_somebody() -> None:
    for line, code in (("ถูกจำหน่าย", "gone_spoken"), ("ชุมชนโคกตาย", "gone_spoken"), ("รายชื่อที่ขีดออก", "refusal_spoken")):
        over = [1, None, None, None, None]
        over[0] = line
        head = ["ที่", *HEAD]
        parsed = read([1, "นายเอก ดี", *YES], [line, *[None] * 5], [2, "นางมาลี ดี", *YES], head=head)
        assert (found(parsed), told(parsed)) == ([], [code]), line


@pytest.mark.parametrize(
    ("name", "stops"),
    [("นายสายหยุด ชื่อชีต", False), ("นายมานพ ไม่ยอมใคร", False), ("นางสาวถอนใจ ดี", False), ("นายเอก ดี (ไม่ยินยอม)", True),
     ("นายเอก ดี ไม่ให้ข้อมูล", True), ("ไม่ประสงค์ออกนาม", True), ("ผู้ไม่ยินยอม", True)],
)  # fmt: skip
def test_a_name_is_no_refusal_but_what_stands_beside_it_is(name: str, stops: bool) -> None:
    parsed = read([name, *YES], head=HEAD)
    assert ("refusal_found" in {code for _row, code in found(parsed)}) == stops
    assert stops or "note_holds_no" in told(parsed)


def test_sums_of_groups_are_nobody() -> None:
    head = ["ที่", "ชื่อ-สกุล", "บ้านเลขที่", "ตำบล", "หมายเหตุ"]
    sums = [
        [None, "รวมหมู่ที่ 1", "40 ราย", None, None],
        [None, "รวมหมู่ 2", None, None, 6000],
        [None, "รวมชุมชนศิลา", "3 คน", None, None],
    ]
    people = [
        [1, "นายเกริก ทองมา", "1/2", "ศิลา", None],
        [2, "นายรวม หมู่มาก", "1/3", "ศิลา", None],
        [3, "รวมกลุ่ม ใจดี", "1", "ศิลา", None],
    ]
    parsed = read(people[0], sums[0], people[1], sums[1], people[2], sums[2], head=head)
    assert [row.number for row in parsed.rows] == [2, 4, 6]
    assert [each.code for each in parsed.left] == ["left_total"] * 3


def test_jobs_pay_and_cost_as_offices_head_them() -> None:
    head = ["ชื่อตำแหน่ง", "ค่าจ้าง/เงินเดือน", "ค่าเรียน", "รับคนพิการ"]
    table = read_table(xlsx(head, ["ล้างจาน", "370 บาท/วัน", "ไม่มี", "รับ"], ["ธุรการ", 12500, "50 บาท", "ไม่รับ"]), "a.xlsx")
    mapping = guess_columns(table, "jobs")
    assert [guess.field for guess in mapping.guesses] == ["title", "stipend", "cost", None]
    assert "capacity" not in dict(mapping.guesses[3].alternatives)
    parsed = parse_rows(table, mapping, "jobs")
    assert ([row.values["cost"] for row in parsed.rows], found(parsed)) == ([0, 50], [])
