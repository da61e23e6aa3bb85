"""A death, a move or a refusal is heard wherever an office writes it: behind the name, above, between and around the
rows; and of a name it is said when it is nobody's, or of several."""

import io
from typing import Any

import pytest
from openpyxl import Workbook
from tests.files.office.test_left_out import xlsx

from okat.files.office import ParsedSheet, guess_columns, parse_rows, read_table
from okat.files.office.refusing import holds_a_no
from okat.files.office.unread import tells_of_gone

HEAD = ["ที่", "ชื่อ-สกุล", "อายุ", "ตำบล", "อำเภอ", "หมายเหตุ"]
HERE = [70, "ศิลา", "เมืองขอนแก่น", None]
GONE = [
    "เสียชีวิต",
    "เสียชีวิตแล้ว",
    "ตายแล้ว",
    "ถึงแก่กรรม",
    "มรณภาพ",
    "ย้ายออก",
    "ย้ายออกแล้ว",
    "แจ้งตาย",
    "จำหน่ายตาย",
    "ล่วงลับ",
    "†",
    "deceased",
]
DEAD_LINES = [
    "ผู้เสียชีวิตระหว่างปี", "รายชื่อผู้สูงอายุที่เสียชีวิต", "คนที่ตายแล้ว", "ผู้ที่ย้ายออกจากตำบล", "จำหน่ายตาย ปี 2568", "Deceased 2568",
    "รายชื่อผู้ถึงแก่กรรม", "moved away",
]  # fmt: skip
REFUSERS = ["ผู้ไม่ยินยอมให้เก็บข้อมูล", "ไม่ยินยอม", "ผู้ขอถอนชื่อ", "refused"]


OF_GONE = [
    "ผู้เสียชีวิต", "ผู้เสียชีวิตระหว่างปี", "ผู้เสียชีวิตปี 2568", "ผู้สูงอายุที่เสียชีวิตแล้ว",
    "รายชื่อผู้สูงอายุที่เสียชีวิต", "รายชื่อผู้เสียชีวิต", "เสียชีวิตแล้ว", "เสียชีวิต 3 ราย", "ตาย",
    "ตายแล้ว", "คนตาย", "ผู้ตาย", "คนที่ตายไปแล้ว", "รายชื่อคนตาย", "บัญชีคนตาย", "รายชื่อผู้ถึงแก่กรรม",
    "ถึงแก่กรรม", "ถึงแก่ความตาย", "แจ้งตาย", "แจ้งตายระหว่างปี", "จำหน่ายตาย", "จำหน่าย", "จำหน่ายชื่อออก",
    "รายที่จำหน่ายออก", "มรณภาพ", "พระภิกษุที่มรณภาพ", "สิ้นชีวิต", "ถึงแก่อนิจกรรม", "ถึงแก่อสัญกรรม",
    "ผู้วายชนม์", "ผู้ล่วงลับ", "ล่วงลับไปแล้ว", "ผู้ที่จากไป", "เสียแล้ว", "คนที่เสียไปแล้ว", "ผู้ที่เสียไป",
    "ย้ายออก", "ย้ายออกแล้ว", "ผู้ย้ายออก", "ผู้ที่ย้ายออกจากตำบล", "รายชื่อผู้ย้ายออกนอกพื้นที่",
    "ย้ายที่อยู่", "ย้ายไปอยู่ที่อื่น", "ย้ายไปต่างจังหวัด", "คนที่ย้ายไปแล้ว", "ย้ายภูมิลำเนา",
    "ย้ายทะเบียนบ้านออก", "ตาย/ย้าย", "ตาย-ย้าย", "เสียชีวิต/ย้ายออก", "ผู้สูงอายุเสียชีวิต ต.ค. 69",
    "Deceased", "Deceased 2568", "Died", "Died in 2025", "Dead", "The dead", "Death list", "deaths", "Moved",
    "Moved away", "Moved out", "passed away", "no longer alive",
]  # fmt: skip
OF_THE_LIVING = [
    "รายชื่อญาติผู้เสียชีวิต", "เด็กที่บิดามารดาเสียชีวิต", "บุตรผู้เสียชีวิต", "ครอบครัวผู้เสียชีวิต",
    "คู่สมรสเสียชีวิต", "สามีเสียชีวิต", "เงินสงเคราะห์การจัดการศพ", "ฌาปนกิจสงเคราะห์", "รายชื่อผู้สูงอายุ",
    "ย้ายเข้า", "ผู้ย้ายเข้า", "รายชื่อผู้ย้ายเข้าใหม่", "ตำบลศิลา", "บ้านตาย้าย", "หมู่ 3 บ้านตายาย",
    "ผู้ดูแลตายาย", "คนเดียวอยู่กับตายาย", "จำหน่ายสินค้า OTOP", "กลุ่มจำหน่ายอาหาร", "ร้านจำหน่ายผ้าไหม",
    "รายชื่อผู้จำหน่าย", "เสียงตามสาย", "เสียสละ", "ผู้เสียภาษี", "เสียหาย", "ผู้เสียหาย", "ผู้เสียสิทธิ",
    "เสียการได้ยิน", "อาสาสมัครแจ้งข่าว", "ผู้พิการทางเสียง", "นายตายาย ดี", "นายเสียง ดี", "นายเสียม ดี",
    "นางสาวย้อย ดี", "นายย้าย ใจดี", "นางมรณี ดี", "นายเสือ อยู่ดี", "นายเสือ อยู่ดี (แดง)",
    "นายเสือ อยู่ดี (บิดาเสียชีวิต)", "ด.ช.เอก ดี (พ่อตาย)", "ด.ช.เอก ดี (แม่เสียแล้ว)",
    "นางมาลี ดี (สามีตายแล้ว)", "นางมาลี ดี (หม้าย)", "นายเสือ อยู่ดี (ย้ายเข้า)", "นายเสือ อยู่ดี (ติดเตียง)",
    "นายเสือ อยู่ดี (ตาบอด)", "นายเสือ อยู่ดี (ตาขวา)", "นายเสือ ย้ายดี", "นางตา ยายดี", "นายตาย ใจดี",
    "นายเดด ดี", "Mr. Moved Smith", "Mr. Diedrich Smith", "ไม่ตาย", "ยังไม่เสียชีวิต", "เสี่ยงตาย", "ตายาย",
    "ตายด้าน", "ป้องกันการเสียชีวิต",
]  # fmt: skip


def row(number: int, name: str, *rest: Any) -> list[Any]:
    return [number, name, *(rest or HERE)]


def read(*rows: list[Any], head: list[Any] = HEAD, name: str = "a.xlsx", data: bytes = b"") -> ParsedSheet:
    table = read_table(data or xlsx(head, *rows), name)
    return parse_rows(table, guess_columns(table, "people"), "people")


def found(parsed: ParsedSheet) -> list[tuple[int, str]]:
    return [(error.row, error.code) for error in parsed.errors]


def told(parsed: ParsedSheet) -> list[str]:
    return [warning.code for warning in parsed.warnings]


@pytest.mark.parametrize("word", GONE)
@pytest.mark.parametrize(
    "name", ["นายเสือ อยู่ดี ({})", "นายเสือ อยู่ดี {}", "นายเสือ อยู่ดี/{}", "({}) นายเสือ อยู่ดี", "นายเสือ อยู่ดี - {}"]
)
def test_behind_a_name_in_whatever_column_of_names(word: str, name: str) -> None:
    said = name.format(word)
    assert found(read(row(1, said))) == [(2, "says_gone_named")]
    title, given, _, family = "นาย", "เสือ", "", "อยู่ดี"
    parts = ["ที่", "คำนำหน้า", "ชื่อ", "นามสกุล", "อายุ", "ตำบล", "อำเภอ"]
    for place in range(3):
        cells = [title, given, family]
        cells[place] += f" ({word})"
        assert (2, "says_gone_named") in found(read([1, *cells, *HERE[:3]], head=parts)), place


@pytest.mark.parametrize(
    "name", ["ด.ช.เอก ดี (บิดาเสียชีวิต)", "นางมาลี ดี (สามีตายแล้ว)", "นายเสียง ดี", "นายตายาย ดี", "นายย้อม ผ้าดี"]
)
def test_the_living_stay(name: str) -> None:
    assert found(read(row(1, name))) == []


@pytest.mark.parametrize("text", OF_GONE)
def test_what_speaks_of_the_gone(text: str) -> None:
    assert tells_of_gone(text)


@pytest.mark.parametrize("text", OF_THE_LIVING)
def test_what_does_not(text: str) -> None:
    assert not tells_of_gone(text)
    assert [code for _row, code in found(read(row(1, text))) if "gone" in code] == []


@pytest.mark.parametrize("line", DEAD_LINES)
@pytest.mark.parametrize("place", range(len(HEAD)))
def test_a_line_above_others_in_whatever_column(line: str, place: int) -> None:
    over = [line if at == place else None for at in range(len(HEAD))]
    parsed = read(row(1, "นายหนึ่ง ดี"), over, row(2, "นายเสือ อยู่ดี"))
    heard = {(number, code) for number, code in found(parsed) if "gone" in code}
    remarked = "says_gone" in told(parsed)  # a column kept in words is remarked, and the line is an error of its own
    assert heard or (remarked and found(parsed)), (line, place)


@pytest.mark.parametrize(
    ("line", "code"), [*((x, "gone_beside") for x in DEAD_LINES), *((x, "refusal_beside") for x in REFUSERS)]
)
def test_a_title_a_merged_line_and_the_names_of_sheet_and_file(line: str, code: str) -> None:
    blank = [None] * (len(HEAD) - 1)
    assert found(read(data=xlsx([line, *blank], HEAD, row(1, "นายเสือ อยู่ดี")))) == [(1, code)]
    book, target = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for each in (HEAD, row(1, "นายหนึ่ง ดี"), [line, *blank], row(2, "นายเสือ อยู่ดี")):
        sheet.append(each)
    sheet.merge_cells("A3:F3")
    book.save(target)
    assert found(read(data=target.getvalue())) == [(3, code)]
    sheet.unmerge_cells("A3:F3")
    sheet.delete_rows(3)
    sheet.title = line[:30]
    target = io.BytesIO()
    book.save(target)
    assert found(read(data=target.getvalue())) == [(1, code.replace("beside", "named"))]
    parsed = read(row(1, "นายเสือ อยู่ดี"), name=f"{line.replace(' ', '_')}.xlsx")
    assert (found(parsed), told(parsed)) == ([], [code.replace("beside", "spoken")])  # a file is remarked


@pytest.mark.parametrize(
    "line", ["รายชื่อญาติผู้เสียชีวิต", "เด็กที่บิดามารดาเสียชีวิต", "เงินสงเคราะห์การจัดการศพผู้เสียชีวิต", "รายชื่อผู้สูงอายุ", "ย้ายเข้า"]
)
def test_a_list_of_those_left_behind_is_none_of_the_dead(line: str) -> None:
    data = xlsx([line, *[None] * (len(HEAD) - 1)], HEAD, row(1, "นายเสือ อยู่ดี"))
    parsed = read(data=data)
    assert found(parsed) == []
    assert ("gone_spoken" in told(parsed)) == ("เสียชีวิต" in line)  # it may be a list of them: somebody looks


@pytest.mark.parametrize("line", REFUSERS)
@pytest.mark.parametrize("place", range(len(HEAD)))
def test_a_line_of_refusers_in_whatever_column(line: str, place: int) -> None:
    over = [line if at == place else None for at in range(len(HEAD))]
    parsed = read(row(1, "นายหนึ่ง ดี"), over, row(2, "นายเสือ อยู่ดี"))
    assert {(3, "refusal_beside"), (3, "refusal_found")} & set(found(parsed)), (line, place)


@pytest.mark.parametrize(
    "name", ["ไม่ทราบชื่อ", "ไม่ระบุชื่อ", "นายไม่ทราบชื่อ", "ไม่ทราบชื่อ ไม่ทราบนามสกุล", "นิรนาม", "Unknown", "ไม่มีชื่อ"]
)
def test_no_name_is_a_name(name: str) -> None:
    assert found(read(row(1, name))) == [(2, "name_unknown")]
    head = ["ที่", "ชื่อ", "นามสกุล", "อายุ"]
    given = name.split(" ", maxsplit=1)[0].removeprefix("นาย")
    assert found(read([1, given, "ดี", 70], head=head)) == [(2, "name_unknown")]


def test_who_wants_no_name_to_be_given_stops_as_a_refusal() -> None:
    assert "refusal_found" in {code for _row, code in found(read(row(1, "ไม่ประสงค์ออกนาม")))}


@pytest.mark.parametrize(
    ("name", "code"),
    [("นายเอก ดี และนางมาลี ดี", "name_second"), ("นายเอก ดี, นางมาลี ดี", "name_second"),
     ("นายเอก ดี/นางมาลี ดี", "name_second"), ("นายตรี-นางจัตวา ดี", "name_second"), ("นายเอก ดี\nนางมาลี ดี", "name_second"),
     ("1. นายหนึ่ง สองสาม 2. นางสี่ ห้าหก", "name_second"), ("นายเก้า สิบ กับภรรยา", "name_second"),
     ("เอก ดี และ มาลี ดี", "name_second"), ("นายเอก ดี (นางมาลี ดี)", "name_second"), ("ครอบครัวนายสิบ ยี่สิบ", "name_led"),
     ("ผู้ใหญ่บ้านสมาน ดี", "name_led"), ("ภรรยานายเอก ดี", "name_led"), ("แม่ของเอก ดี", "name_led"),
     ("กำนันดี มาก", "name_led")],
)  # fmt: skip
def test_a_name_of_several_or_of_an_office_is_remarked(name: str, code: str) -> None:
    assert code in told(read(row(1, name)))


@pytest.mark.parametrize(
    "name",
    ["นายเอก ดี", "นายเอก ดี (แดง)", "นางบุตรดี ใจงาม", "นางสามารถ ดี", "นายประธาน ดี", "นายเอก ดี/พิการ", "Mr. John Smith"],
)
def test_of_a_plain_name_none_of_it_is_said(name: str) -> None:
    assert not {"name_second", "name_led", "title_child"} & set(told(read(row(1, name))))


@pytest.mark.parametrize(
    ("name", "years", "said"),
    [("ด.ช.เอก ดี", 40, True), ("ด.ญ.เอก ดี", 15, True), ("ด.ช.เอก ดี", 14, False), ("นายเอก ดี", 40, False)],
)
def test_a_child_of_forty(name: str, years: int, said: bool) -> None:
    assert ("title_child" in told(read(row(1, name, years, *HERE[1:])))) == said


CONSENT = ["ชื่อ-สกุล", "ยินยอม", "วิธีให้ความยินยอม", "อายุ", "หมายเหตุ"]


@pytest.mark.parametrize("note", ["ไม่ไหว", "ไม่อยากออกจากบ้าน", "ห้ามเดินไกล", "เลิกเหล้า", "ขอออก", "does not walk"])
@pytest.mark.parametrize("heading", ["หมายเหตุ", "อื่นใด", "ผลการเยี่ยม"])
def test_a_no_in_the_notes_beside_a_consent_is_remarked(note: str, heading: str) -> None:
    assert holds_a_no(note)
    head = [*CONSENT[:-1], heading]
    parsed = read(["นายเอก ดี", "/", "วาจา", 70, note], ["นางมาลี ดี", "", "", 70, note], head=head)
    assert [(each.row, each.code) for each in parsed.warnings if each.code == "note_holds_no"] == [(2, "note_holds_no")]
    assert found(parsed) == []


@pytest.mark.parametrize("note", ["-", "ไม่มี", "มาเรียนทุกวัน", "ไหมไทย", "อยากได้รถเข็น"])
def test_notes_without_a_no(note: str) -> None:
    assert told(read(["นายเอก ดี", "/", "วาจา", 70, note], head=CONSENT)) == []


def test_a_no_in_the_column_of_consent_is_told_with_the_other_errors_of_its_row() -> None:
    parsed = read(["นายเอก ดี", "ไม่ยินยอม", "วาจา", "เก้าสิบ", ""], head=CONSENT)
    assert {code for _row, code in found(parsed)} >= {"consent_refused"}
    assert len(parsed.errors) == 2
