"""Tables as offices keep them, built in the test as real files."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from okat.files.office import (
    KINDS,
    OfficeError,
    errors_workbook,
    guess_columns,
    parse_rows,
    read_table,
    template_workbook,
    vocabulary,
)
from okat.thai.partial import PartialDate

TODAY = date(2026, 11, 22)


def xlsx(rows: list[list[Any]], merges: tuple[str, ...] = (), title: str = "แผน") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def plan() -> bytes:
    """Two title rows, a header of two rows, a row of numbers, merged cells, Thai digits, a total, notes."""
    return xlsx(
        [
            ["แผนการจัดการเรียนรู้ ประจำปีงบประมาณ พ.ศ. ๒๕๗๐"],
            ["ศูนย์ส่งเสริมการเรียนรู้อำเภอเมืองขอนแก่น"],
            [],
            ["ที่", "หลักสูตร/กิจกรรม", "ประเภท", "ระยะเวลา", None, "จำนวน (คน)", "ค่าใช้จ่าย", "สถานที่"],
            [None, None, None, "วันเริ่ม", "วันสิ้นสุด"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
            [1, "ทอผ้าไหม", "อาชีพ", "6 ธ.ค. 2569", "๒๐/๑๒/๖๙", "๒๐ คน", "ฟรี", "วัดหนองแวง"],
            [2, "ทำขนม", "หลักสูตรอาชีพ", datetime(2569, 12, 6), "20-12-2569", 15, "1,500 บาท", None],  # noqa: DTZ001
            [],
            [3, "ดนตรีไทย", "กลุ่มสนใจ", "31/2/2569", None, "มากมาย", None, "โรงเรียน"],
            ["รวมทั้งสิ้น", None, None, None, None, 35, 1500, None],
            [],
            ["หมายเหตุ: รับสมัครตลอดปี"],
        ],
        ("A1:H1", "A2:H2", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5", "H4:H5", "H7:H8", "A13:H13"),
    )


def test_a_plan_with_titles_merged_headers_totals_and_notes() -> None:
    table = read_table(plan(), "แผน.xlsx")
    assert table.header_rows == (4, 5)
    assert [row.number for row in table.rows] == [7, 8, 10]
    assert {(entry.row, entry.reason) for entry in table.ignored} == {
        (1, "title"), (2, "title"), (3, "blank"), (6, "numbering"),
        (9, "blank"), (11, "total"), (12, "blank"), (13, "note"),
    }  # fmt: skip
    mapping = guess_columns(table, "opportunities")
    assert mapping.fields() == {
        1: "title", 2: "kind", 3: "start", 4: "end", 5: "capacity", 6: "cost", 7: "place",
    }  # fmt: skip
    parsed = parse_rows(table, mapping, "opportunities")
    assert [row.number for row in parsed.rows] == [7, 8]
    day = PartialDate(2026, 12, 6)
    first, second = (row.values for row in parsed.rows)
    assert (first["start"], first["capacity"], first["cost"]) == (day, 20, Decimal(0))
    assert (second["start"], second["place"], second["cost"]) == (day, "วัดหนองแวง", Decimal(1500))
    assert [(e.row, e.column, e.code) for e in parsed.errors] == [
        (10, "D", "date_impossible"),
        (10, "F", "number_unreadable"),
    ]
    assert all(e.message("th") and e.message("en") and e.message("th") != e.message("en") for e in parsed.errors)


def test_mended_and_sent_again_the_errors_workbook_goes_in() -> None:
    table = read_table(plan(), "แผน.xlsx")
    parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities")
    book = load_workbook(io.BytesIO(errors_workbook(table, parsed.errors)))
    sheet = book.active
    assert sheet is not None
    assert "31/2/2569" in str(sheet["I10"].value)
    assert sheet["I7"].value is None
    assert sheet["D10"].fill.start_color.rgb != sheet["D7"].fill.start_color.rgb
    sheet["D10"], sheet["F10"] = "28/2/2570", 12
    again = read_table(saved(book), "แก้แล้ว.xlsx")
    mapping = guess_columns(again, "opportunities")
    assert 8 not in mapping.fields()
    repeated = parse_rows(again, mapping, "opportunities")
    assert not repeated.errors
    assert [row.number for row in repeated.rows] == [7, 8, 10]


CSV = "ลำดับ,เลขบัตรประชาชน,ชื่อ - สกุล,เพศ,ว/ด/ป เกิด,เบอร์โทร,ประเภทความพิการ,รายได้/เดือน\r\n"
ROW = '๑,1409900012348,นางสมใจ  ดีงาม,หญิง,6 ธ.ค. 2499,081-234-5678,การเคลื่อนไหว,"3,000 บาท"\r\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16", "utf-16-le"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    row = ROW.replace('"3,000 บาท"', "3000")
    data = ("รายชื่อผู้รับบริการ\r\n" + CSV + row).replace(",", delimiter).encode(encoding)
    table = read_table(data, "รายชื่อ.csv")
    assert table.header_rows == (2,)
    parsed = parse_rows(table, guess_columns(table, "people"), "people", today=TODAY)
    assert not parsed.errors
    values = parsed.rows[0].values
    assert parsed.rows[0].number == 3
    assert (values["title"], values["given"], values["family"]) == ("นาง", "สมใจ", "ดีงาม")
    assert values["birth_date"] == PartialDate(1956, 12, 6)
    assert values["disabilities"] == ("movement",)
    assert values["income"] == 3000
    assert [phone.number for phone in values["phones"]] == ["0812345678"]


def test_a_quoted_cell_with_lines_is_one_row() -> None:
    data = (CSV + ROW.replace("การเคลื่อนไหว", '"การเห็น\nการได้ยิน"') + ROW.replace("1409900012348", "")).encode("cp874")
    table = read_table(data, "a.csv")
    parsed = parse_rows(table, guess_columns(table, "people"), "people", today=TODAY)
    assert [row.number for row in table.rows] == [2, 3]
    assert parsed.rows[0].values["disabilities"] == ("seeing", "hearing")
    assert parsed.rows[0].values["income"] == 3000


def test_a_name_over_two_columns_and_one_in_a_single_column() -> None:
    two = xlsx([["ที่", "ชื่อ - สกุล", None, "อายุ"], [1, "นายสมชาย", "ใจดี", 61], [2, "นางมาลี", "ศรีสุข", 70]], ("B1:C1",))
    table = read_table(two, "a.xlsx")
    assert guess_columns(table, "people").fields() == {1: "given", 2: "family", 3: "age"}
    both = xlsx([["ชื่อ", "ชื่อสกุล"], ["สมชาย", "ใจดี"], ["มาลี", "ศรีสุข"]])
    assert guess_columns(read_table(both, "a.xlsx"), "people").fields() == {0: "given", 1: "family"}
    one = xlsx([["ชื่อ", "อายุ"], ["นายสมชาย ใจดี", 61], ["มาลี ศรีสุข", 70]])
    table = read_table(one, "a.xlsx")
    assert guess_columns(table, "people").fields() == {0: "full_name", 1: "age"}


def test_columns_of_ticks_gather_into_one_field() -> None:
    data = xlsx([["ชื่อหลักสูตร", "ออนไลน์", "ภาษามือ", "ทางลาด"], ["ก", "✓", None, "/"], ["ข", None, None, "-"]])
    table = read_table(data, "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities")
    assert [row.values.get("formats") for row in parsed.rows] == [("online", "wheelchair"), None]


def test_hidden_sheets_wait_to_be_named_and_the_best_sheet_is_taken() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "ปก"
    first.append(["โครงการ"])
    data = book.create_sheet("ข้อมูล")
    data.append(["ชื่อหลักสูตร", "จำนวนที่รับ"])
    data.append(["ทอผ้า", 20])
    hidden = book.create_sheet("เก่า")
    hidden.append(["ชื่อหลักสูตร", "จำนวนที่รับ", "สถานที่"])
    hidden.append(["เลิกแล้ว", 1, "-"])
    hidden.sheet_state = "hidden"
    content = saved(book)
    assert read_table(content, "a.xlsx").sheet == "ข้อมูล"
    assert [(s.name, s.hidden) for s in read_table(content, "a.xlsx").sheets][-1] == ("เก่า", True)
    assert read_table(content, "a.xlsx", sheet="เก่า").rows[0].cells[0] == "เลิกแล้ว"
    with pytest.raises(OfficeError, match="no sheet"):
        read_table(content, "a.xlsx", sheet="ไม่มี")


def test_words_that_look_like_totals_stay_rows() -> None:
    data = xlsx([["ชื่อหลักสูตร", "จำนวนที่รับ"], ["รวมพลังทอผ้า", 20], ["รวม 1 หลักสูตร", 20]])
    table = read_table(data, "a.xlsx")
    assert [row.cells[0] for row in table.rows] == ["รวมพลังทอผ้า"]


def test_sums_without_a_word_are_no_row() -> None:
    rows = [["ชื่อหลักสูตร", "จำนวนที่รับ", "ค่าใช้จ่าย", "สถานที่"], ["ก", 20, 10, "ข"], ["ค", 5, 20, "ง"], [None, 25, 30, None]]
    assert len(read_table(xlsx(rows), "a.xlsx").rows) == 2
    rows[-1] = [None, 26, 30, None]
    assert len(read_table(xlsx(rows), "a.xlsx").rows) == 3


def test_a_mapping_is_corrected_remembered_and_used_again() -> None:
    data = xlsx([["เรื่องที่สอน", "ชื่อหลักสูตร", "ยอด"], ["ก", "ข", 3], ["ค", "ง", 4]])
    table = read_table(data, "a.xlsx")
    mapping = guess_columns(table, "opportunities").override({"C": "capacity", "B": "description", "A": "title"})
    remembered = mapping.headings()
    again = guess_columns(table, "opportunities", remembered=remembered)
    assert again.fields() == {0: "title", 1: "description", 2: "capacity"}
    assert parse_rows(table, again, "opportunities").rows[1].values["capacity"] == 4
    for choices, code in (
        ({"Z": "title"}, "column_unknown"),
        ({"A": "x"}, "field_unknown"),
        ({"C": "title"}, "field_twice"),
    ):
        with pytest.raises(OfficeError) as caught:
            mapping.override(choices)
        assert caught.value.code == code


def test_misspelt_headings_are_guessed_with_less_confidence() -> None:
    data = xlsx([["ชือหลักสูตร", "จำนวนทีรับ", "สถานทีจัด", "xyz"], ["ก", 3, "ข", 1]])
    guesses = guess_columns(read_table(data, "a.xlsx"), "opportunities").guesses
    assert [g.field for g in guesses] == ["title", "capacity", "place", None]
    assert all(0.75 <= g.confidence <= 1 for g in guesses[:3])
    assert guesses[3].confidence == 0


def test_rules_over_a_whole_row() -> None:
    rows = [
        ["ชื่อหลักสูตร", "วันที่เริ่ม", "วันที่สิ้นสุด", "อายุตั้งแต่", "อายุไม่เกิน"],
        [None, "6 ธ.ค. 2569", None, None, None],
        ["ก", "6 ธ.ค. 2569", "5 ธ.ค. 2569", 60, 18],
        ["ข", datetime(1969, 12, 6), None, None, 200],  # noqa: DTZ001 (a spreadsheet's reading of 6/12/69)
    ]
    table = read_table(xlsx(rows), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities")
    assert [(e.row, e.column, e.code) for e in parsed.errors] == [
        (2, "A", "required"), (3, "C", "ends_before_start"), (3, "D", "age_reversed"), (4, "B",
        "date_too_early"), (4, "E", "age_out_of_range"),
    ]  # fmt: skip
    assert not parsed.rows


def test_people_warnings_duplicates_and_secrets() -> None:
    rows = [
        ["เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "วันเกิด", "โทรศัพท์"],
        [1409900012348, "ก", "ข", "6/12/98", 812345678],
        ["1-4099-00012-34-8", "ค", "ง", 2499, None],
        ["123456", "จ", "ฉ", "6 ธ.ค. 2570", None],
        ["0409900012340", "ช", "ซ", "ไม่ระบุ", None],
    ]
    table = read_table(xlsx(rows), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "people"), "people", today=TODAY)
    assert [(e.row, e.code) for e in parsed.errors] == [(3, "duplicate_pin"), (4, "pin_length"), (4, "date_future")]
    assert parsed.rows[0].values["birth_date"] == PartialDate(1955, 12, 6)
    assert all("123456" not in f"{e.value}{e.message_th}{e.message_en}" for e in parsed.errors)
    assert {"phone_zero", "pin_first_digit"} <= {w.code for w in parsed.warnings}


def test_defaults_fill_what_a_row_leaves_out() -> None:
    table = read_table(xlsx([["ชื่อหลักสูตร", "ประเภท"], ["ก", None], ["ข", "อาชีพ"]]), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities", defaults={"kind": "literacy"})
    assert [row.values["kind"] for row in parsed.rows] == ["literacy", "occupational_course"]


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_understood_and_empty(kind: str, lang: Any) -> None:
    table = read_table(template_workbook(kind, lang), "t.xlsx")
    assert table.rows == ()
    guesses = guess_columns(table, kind).guesses
    assert all(guess.field and guess.confidence == 1 for guess in guesses)
    assert set(vocabulary(kind).required) <= {guess.field for guess in guesses}


@pytest.mark.parametrize(
    ("field", "wording", "code"),
    [
        ("disabilities", "พิการทางการเคลื่อนไหวหรือร่างกาย", ("movement",)),
        ("disabilities", "การได้ยินหรือสื่อความหมาย, ทางสติปัญญา", ("hearing", "intellect")),
        ("disabilities", "ประเภทที่ ๓", ("movement",)),
        ("disabilities", "ไม่มี", ()),
        ("education", "ป.6", "primary"),
        ("education", "ม.ต้น", "lower_secondary"),
        ("sex", "ญ.", "female"),
        ("sex", "M", "male"),
        ("consent", "ยินยอม", True),
        ("household_head", "✓", True),
    ],
)
def test_wordings_become_codes(field: str, wording: str, code: object) -> None:
    label = vocabulary("people").field(field).label_th
    table = read_table(xlsx([["ชื่อ", label], ["ก", wording]]), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "people"), "people")
    assert not parsed.errors
    assert parsed.rows[0].values[field] == code


def test_a_refusal_in_the_column_of_consent_stops_its_row() -> None:
    label = vocabulary("people").field("consent").label_th
    table = read_table(xlsx([["ชื่อ", label], ["ก", "ไม่ยินยอม"]]), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "people"), "people")
    assert [(e.row, e.code, e.field) for e in parsed.errors] == [(2, "consent_refused", "consent")]
    assert parsed.rows == ()


@pytest.mark.parametrize("wording", ["จิตใจหรือพฤติกรรมหรือออทิสติก", "พิการซ้ำซ้อน"])
def test_a_wording_with_two_meanings_is_asked_about(wording: str) -> None:
    table = read_table(xlsx([["ชื่อ", "ประเภทความพิการ"], ["ก", wording]]), "a.xlsx")
    parsed = parse_rows(table, guess_columns(table, "people"), "people")
    assert [e.code for e in parsed.errors] == ["choice_ambiguous"]


def test_no_wording_means_two_codes_or_two_fields() -> None:
    """A word listed under two codes, or a heading under two fields, would be decided by the order of the file."""
    import json
    from importlib.resources import files

    from okat.thai.text import fold

    folder = files("okat.files.office").joinpath("fields")
    for name, codes in json.loads(folder.joinpath("values.json").read_text(encoding="utf-8")).items():
        seen: dict[str, str] = {}
        for code, entry in codes.items():
            for word in {fold(w) for w in (entry["th"], entry["en"], *entry["also"]) if w}:
                assert seen.setdefault(word, code) == code, (name, word, code, seen[word])
    for kind in KINDS:
        heads: dict[str, str] = {}
        for field in vocabulary(kind).fields.values():
            for word in () if field.type == "tick" else field.words:
                assert heads.setdefault(word, field.name) == field.name, (kind, word, field.name, heads[word])
