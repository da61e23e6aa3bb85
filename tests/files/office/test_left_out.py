"""No row of a sheet vanishes untold: what is no data is named with its reason, and all rows are counted."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from okat.files.office import ParsedSheet, RawTable, guess_columns, parse_rows, read_table

HEAD = ["ลำดับ", "คำนำหน้า", "ชื่อ", "นามสกุล", "อายุ", "ตำบล", "อำเภอ", "โทรศัพท์", "สภาพปัญหา"]


def xlsx(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(data: bytes, kind: str = "people") -> tuple[RawTable, ParsedSheet]:
    table = read_table(data, "a.xlsx")
    return table, parse_rows(table, guess_columns(table, kind), kind)


def full(number: Any, given: str, family: str = "ใจดี") -> list[Any]:
    return [number, "นาย", given, family, 61, "ศิลา", "เมืองขอนแก่น", "0812345678", "ยากจน"]


def test_whoever_has_a_running_number_stays_and_all_rows_are_counted() -> None:
    sparse = [4, None, "บุญมี"]
    total = ["รวม", None, None, None, None, None, None, None, 3]
    table, parsed = read(
        xlsx(HEAD, full(1, "สมชาย"), full(2, "รวม", "ทดสอบการ"), full(3, "สมหญิง"), [None], sparse, total)
    )
    assert [row.values["given"] for row in parsed.rows] == ["สมชาย", "รวม", "สมหญิง", "บุญมี"]
    assert [(row.row, row.code, row.value) for row in parsed.left] == [(7, "left_total", "รวม 3")]
    blank = sum(entry.reason == "blank" for entry in table.ignored)
    assert len(table.grid) == len(table.header_rows) + len(table.rows) + len(parsed.left) + blank == 7


@pytest.mark.parametrize("word", ["รวม", "Sum", "ผลรวม"])
def test_a_name_that_is_a_word_for_a_sum(word: str) -> None:
    rows = f"ชื่อ,นามสกุล,ตำบล,อำเภอ\n{word},ซีแอลไอ,ศิลา,เมืองขอนแก่น\nสมหวัง,ดี,ศิลา,เมืองขอนแก่น\n"
    _table, parsed = read(rows.encode())
    assert len(parsed.rows) == (2 if word != "ผลรวม" else 1)
    assert len(parsed.rows) + len(parsed.left) == 2


def test_a_course_that_is_called_so() -> None:
    head = ["ที่", "ชื่อหลักสูตร", "จำนวนที่รับ", "สถานที่"]
    _table, parsed = read(
        xlsx(head, [1, "รวม", 20, "วัด"], [2, "รวม", 5, None], [None, "รวม", None, "ศาลา"], [None, "รวม", 25, "-"]),
        "opportunities",
    )
    assert [row.number for row in parsed.rows] == [2, 3, 4]
    assert [row.row for row in parsed.left] == [5]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ([None, None, "บุญมี", "ดีงาม"], True),  # a name over two cells
        ([None, None, "1-4099-00012-34-8"], True),  # an identity number
        (["๕", None, "บุญมา"], True),
        ([None, None, "หมายเหตุ: ข้อมูล ณ พ.ย. 2569"], False),
        (["ลงชื่อ", None, None, "ผู้รายงาน"], False),
        ([None, None, "(นางมาลี ศรีสุข)"], False),
        (["ชาย 1 คน", "หญิง 2 คน"], False),
    ],
)
def test_below_the_table_what_is_data_stays_and_the_rest_is_told(row: list[Any], *, kept: bool) -> None:
    table, parsed = read(xlsx(HEAD, full(1, "ก"), full(2, "ข"), full(3, "ค"), [None], row))
    assert [raw.number for raw in table.rows] == [2, 3, 4, *([6] if kept else [])]
    assert [left.row for left in parsed.left] == ([] if kept else [6])
    assert all(left.message("th") != left.message("en") and left.value for left in parsed.left)


def test_a_long_cell_of_digits_is_judged_at_once() -> None:
    _table, parsed = read(xlsx(HEAD, full(1, "ก"), ["รวม", "1" * 30_000 + "x"]))
    assert len(parsed.left) + len(parsed.rows) + len({error.row for error in parsed.errors}) == 2


def test_what_stands_beside_a_name_is_no_part_of_it() -> None:
    head = ["ชื่อ-นามสกุล", "ชื่อเล่น"]
    rows = [
        ["นายสมชาย ใจดี (ติดเชื้อ HIV)", None],
        ["นางสมหญิง ใจดี (ติดเตียง)", "หญิง (อ้วน)"],
        ["มาลี (ชื่อเล่น แดง) ศรีสุข", None],
        ["1. นายสมปอง ดี (ชื่อเล่น ปอง)", None],
        ["สมศรี ดี (ชื่อเล่น แดง)", "เล็ก"],
        ["สมใจ ดี (แดง)", "(เล็ก)"],
        ["1234567890123 นายสมชาย ใจดี/พิการ", None],
        ["สมหญิง ใจดี ขี้ยา", None],
    ]
    _table, parsed = read(xlsx(head, *rows))
    names = [(r.values["given"], r.values.get("family"), r.values.get("nickname", "")) for r in parsed.rows]
    assert names == [
        ("สมชาย", "ใจดี", ""), ("สมหญิง", "ใจดี", "หญิง"), ("มาลี", "ศรีสุข", "แดง"), ("สมปอง", "ดี", "ปอง"),
        ("สมศรี", "ดี", "แดง"), ("สมใจ", "ดี", "เล็ก"), ("สมชาย", "ใจดี", ""), ("สมหญิง", "ใจดี", ""),
    ]  # fmt: skip
    asides = [row.values.get("aside", ()) for row in parsed.rows]
    assert asides == [
        ("ติดเชื้อ HIV",),
        ("ติดเตียง", "อ้วน"),
        (),
        (),
        ("ชื่อเล่น: เล็ก",),
        ("แดง",),
        ("1234567890123", "/พิการ"),
        ("ขี้ยา",),
    ]
    assert [(w.row, w.code) for w in parsed.warnings] == [
        (2, "aside"), (3, "aside"), (6, "said_twice"), (7, "aside"), (8, "aside"), (9, "name_doubtful"), (9, "aside"),
    ]  # fmt: skip
    told = "".join(w.message_th + w.message_en + w.value for w in parsed.warnings)
    assert not any(word in told for word in ("HIV", "พิการ", "ขี้ยา", "1234567890123"))
    _table, parsed = read(xlsx(["ชื่อ", "นามสกุล"], ["สมชาย (ติดเตียง)", "ใจดี (HIV)"], ["2. มาลี", "ดี"]))
    assert [(r.values["given"], r.values["family"]) for r in parsed.rows] == [("สมชาย", "ใจดี"), ("มาลี", "ดี")]
    assert parsed.rows[0].values["aside"] == ("ติดเตียง", "HIV")
    _table, parsed = read(xlsx(["ชื่อ", "นามสกุล"], ["สมชาย/พิการ", "ณ นคร ตาบอด"], ["Mary Ann", "ดี*ขี้ยา"]))
    assert [(r.values["given"], r.values["family"]) for r in parsed.rows] == [("สมชาย", "ณ นคร"), ("Mary Ann", "ดี")]
    assert [r.values["aside"] for r in parsed.rows] == [("/พิการ", "ตาบอด"), ("*ขี้ยา",)]


@pytest.mark.parametrize(
    "text",
    [
        "รวมเป็นเงินทั้งสิ้น (สองพันบาทถ้วน)",
        "รวมเป็นเงิน (สองพันบาทถ้วน)",
        "รวม ๒ ราย เป็นเงิน",
        "รวมทั้งสิ้น 2 ราย เป็นเงิน 2,000 บาท",
        "รวมหน้านี้",
        "รวมหน้าที่ 1",
        "ยอดยกไป",
        "ยอดยกมา",
        "ยกยอดไป",
        "รวมยอดยกมา",
        "รวมชาย 1 คน หญิง 1 คน",
        "จำนวนเงินรวมทั้งสิ้น",
        "Grand total (two thousand baht)",
    ],
)
def test_whatever_sums_say_is_nobody(text: str) -> None:
    head = ["ลำดับ", "ชื่อ-สกุล", "อายุ", "โทรศัพท์", "รายได้"]
    people = [[1, "นายสมชาย ใจดี", 61, "0812345678", 1000], [2, "นางมาลี ใจดี", 61, "0812345679", 1000]]
    for total in ([None, text, None, None, 2000], [text, None, None, None, "2,000"], [None, text]):
        _table, parsed = read(xlsx(head, *people, total))
        assert [row.values["given"] for row in parsed.rows] == ["สมชาย", "มาลี"]
        assert [(left.row, left.code) for left in parsed.left] == [(4, "left_total")]
    counted = [3, text, 61, "0812345670", None]
    assert len(read(xlsx(head, *people, counted))[0].rows) == 3


@pytest.mark.parametrize("name", ["รวมพร ใจดี", "ยอดชาย ใจดี", "ยอด ดีงาม", "รวม ใจดี", "ว่าง ใจดี", "หน้านี้ ดี"])
def test_whoever_is_called_nearly_so_is_somebody(name: str) -> None:
    head = ["ลำดับ", "ชื่อ-สกุล", "อายุ", "โทรศัพท์", "รายได้"]
    _table, parsed = read(xlsx(head, [1, "มาลี ดี", 60, "0812345678", 1], [None, name, 61, "0812345679", None]))
    assert [row.number for row in parsed.rows] == [2, 3]
    assert not parsed.left


@pytest.mark.parametrize("said", ["-", "ไม่มี", "ว่าง", "(ว่าง)", "......", None])
def test_a_line_on_which_nobody_is_written_is_named_and_nobody(said: str | None) -> None:
    head = ["ลำดับ", "ชื่อ-สกุล", "อายุ", "ตำบล", "อำเภอ", "โทรศัพท์"]
    here = ["ศิลา", "เมืองขอนแก่น"]
    _table, parsed = read(xlsx(head, [1, "นายสมชาย ใจดี", 61, *here, "-"], [2, said, "-", *here, None]))
    assert [row.values["given"] for row in parsed.rows] == ["สมชาย"]
    assert [(left.row, left.code) for left in parsed.left] == [(3, "left_vacant")]
    assert not parsed.errors
    whole = [1, "นายสมชาย ใจดี", 61, *here, "-"], [2, said, 40, *here, "0812345678"]
    _table, parsed = read(xlsx(head, *whole))  # somebody stands there: the name is asked for, or is one
    assert len(parsed.rows) + len(parsed.errors) == 2


def test_a_title_in_the_column_of_given_names_is_a_title() -> None:
    def names(head: list[str], *rows: list[Any]) -> list[tuple[str, ...]]:
        _table, parsed = read(xlsx(["ลำดับ", *head], *([at, *row] for at, row in enumerate(rows, 1))))
        assert not parsed.errors
        return [tuple(row.values.get(part, "") for part in ("title", "given", "family")) for row in parsed.rows]

    written = [
        ("นายประเสริฐ", "ใจดี"), ("นายซี", "ใจดี"), ("ด.ช. เอ", "ดี"), ("น.ส.มาลี", "ดี"), ("นางสาว กานดา", "ดี"),
        ("ว่าที่ ร.ต.หญิง สมศรี", "ดี"), ("ดร.สมชาย", "ณ อยุธยา"), ("นางนก", ""), ("นวลนาง", "ดี"), ("นาย", "ดี"),
    ]  # fmt: skip
    apart = names(["ชื่อ", "นามสกุล", "อายุ"], *([given, family, 40] for given, family in written))
    whole = names(["ชื่อ-สกุล", "อายุ"], *([f"{given} {family}".strip(), 40] for given, family in written[:-1]))
    assert apart[:-1] == whole
    assert apart[:3] == [("นาย", "ประเสริฐ", "ใจดี"), ("นาย", "ซี", "ใจดี"), ("เด็กชาย", "เอ", "ดี")]
    assert apart[-3:] == [("", "นางนก", ""), ("", "นวลนาง", "ดี"), ("", "นาย", "ดี")]
    both = names(["คำนำหน้า", "ชื่อ", "นามสกุล"], ["นาย", "นายสมชาย", "ดี"], ["ดร.", "นายสมชาย", "ดี"])
    assert both == [("นาย", "สมชาย", "ดี"), ("ดร.", "สมชาย", "ดี")]
    fairies = names(["คำนำหน้า", "ชื่อ", "นามสกุล"], ["เด็กหญิง", "นางฟ้า", "ดี"], ["นางสาว", "นางนวล", "ดี"])
    assert fairies == [("เด็กหญิง", "นางฟ้า", "ดี"), ("นางสาว", "นางนวล", "ดี")]
    _table, twice = read(xlsx(["คำนำหน้า", "ชื่อ", "นามสกุล"], ["นาง", "นางนวล", "ดี"]))
    assert "title_twice" in [told.code for told in twice.warnings]


def hiding(*numbers: int) -> bytes:
    book = Workbook()
    book.active.title = "อื่น"  # type: ignore[union-attr]
    sheet = book.create_sheet('รายชื่อ & "ก"')
    for row in (HEAD, full(1, "ก"), full(2, "ข"), full(3, "ค"), [None], full(4, "ง")):
        sheet.append(row)
    for number in numbers:
        sheet.row_dimensions[number].hidden = True
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ods() -> bytes:
    def line(cells: list[str], more: str = "") -> str:
        inside = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
        )
        return f"<table:table-row{more}>{inside}</table:table-row>"

    names = ["office:1.0", "table:1.0", "text:1.0"]
    spaces = " ".join(
        f'xmlns:{name.partition(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for name in names
    )
    rows = [
        line(["ชื่อ", "นามสกุล"]), '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
        line(["ก", "ดี"], ' table:visibility="filter"'), line(["ข", "ดี"]),
        line(["ค", "ดี"], ' table:visibility="collapse"'),
    ]  # fmt: skip
    text = "".join(rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="คน">{text}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return target.getvalue()


@pytest.mark.parametrize(("data", "numbers"), [(hiding(3, 5, 6), [3, 6]), (hiding(), []), (ods(), [4, 6])])
def test_rows_that_the_office_does_not_see_are_named(data: bytes, numbers: list[int]) -> None:
    _table, parsed = read(data)
    assert [told.row for told in parsed.warnings if told.code == "row_hidden"] == numbers
    assert not parsed.errors
    assert set(numbers) <= {row.number for row in parsed.rows}


def test_where_the_other_of_two_cells_goes_is_said_as_it_is() -> None:
    head = ["ชื่อหลักสูตร", "ระยะเวลา", "วันที่เริ่ม"]
    _table, parsed = read(xlsx(head, ["ทอผ้า", "6 - 8 ธ.ค. 2569", "7 ธ.ค. 2569"]), "opportunities")
    (told,) = parsed.warnings
    assert (told.code, "everybody reads" in told.message_en, "ทุกคนอ่านได้" in told.message_th) == (
        "said_twice_shown", True, True,
    )  # fmt: skip
    assert parsed.rows[0].values["aside"] == ("วันที่เริ่ม: 7 ธ.ค. 2569",)
    _table, parsed = read(xlsx(["ชื่อ-นามสกุล", "ชื่อเล่น"], ["มาลี ดี (ชื่อเล่น แดง)", "เล็ก"]))
    assert [(told.code, "in the note" in told.message_en) for told in parsed.warnings] == [("said_twice", True)]
