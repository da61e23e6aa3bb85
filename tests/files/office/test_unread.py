"""A column that is not read is named, and a word of a death or a move is never passed over."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.files.office.test_left_out import xlsx

from okat.files.office import KINDS, guess_columns, parse_rows, read_table, unread, vocabulary
from okat.thai.asides import DIED, part

HEAD = ["ลำดับ", "ชื่อ-สกุล"]


def test_three_columns_of_a_birth_under_one_heading_are_named() -> None:
    rows = [["ลำดับ", "ชื่อ-สกุล", "เกิด", None, None, "เพศ"], [None, None, "วัน", "เดือน", "ปี", None]]
    book = load_workbook(io.BytesIO(xlsx(*rows, [1, "นายสมชาย ใจดี", 1, "ม.ค.", 2500, "ชาย"])))
    for cells in ("A1:A2", "B1:B2", "C1:E1", "F1:F2"):
        book.worksheets[0].merge_cells(cells)
    target = io.BytesIO()
    book.save(target)
    table = read_table(target.getvalue(), "a.xlsx")
    told = unread(table, guess_columns(table, "people"))
    assert [guess.heading for guess in told] == ["เกิด / วัน", "เกิด / เดือน", "เกิด / ปี"]


def test_a_column_without_a_heading_or_without_a_cell() -> None:
    table = read_table(xlsx([*HEAD, None, "ADL", "ว่างอยู่"], [1, "นายสมชาย ใจดี", "อะไร", 4, None]), "a.xlsx")
    assert [guess.letter for guess in unread(table, guess_columns(table, "people"))] == ["C", "D"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_read_or_told(kind: str) -> None:
    """Of a table with all kinds of headings there is none that is neither, but running numbers."""
    first = vocabulary(kind).field(vocabulary(kind).required[0]).label_th
    heads = [first, "ลำดับ", *vocabulary(kind).ignore, "รายได้ต่อปี", "เบอร์โทรครู", "งบประมาณ", "ที่อยู่เดิม", "ADL"]
    heads = list(dict.fromkeys(filter(None, heads)))
    table = read_table(xlsx(heads, ["ทอผ้า", *["5"] * (len(heads) - 1)]), "a.xlsx")
    mapping = guess_columns(table, kind)
    told = {guess.heading for guess in unread(table, mapping)}
    silent = {guess.heading for guess in mapping.guesses if guess.field is None} - told
    assert {"รายได้ต่อปี", "เบอร์โทรครู", "งบประมาณ", "ที่อยู่เดิม", "ADL"} <= told
    assert silent <= {"ที", "ลำดับ", "ลำดับที", "no", "สิงทีตองแกไข", "whattomend"}


def codes(heading: str, cell: Any, taken_for: str | None = "") -> tuple[list[str], list[str]]:
    """Of errors and of remarks."""
    table = read_table(xlsx([*HEAD, heading], [1, "นายสมชาย ใจดี", cell], [2, "นางมาลี ดี", "-"]), "a.xlsx")
    mapping = guess_columns(table, "people")
    if taken_for != "":
        mapping = mapping.override({"C": taken_for})
    parsed = parse_rows(table, mapping, "people")
    assert {error.row for error in parsed.errors} <= {2}
    return [error.code for error in parsed.errors], [warning.code for warning in parsed.warnings]


@pytest.mark.parametrize(
    "cell",
    ["เสียชีวิต", "เสียชีวิตแล้ว 2568", "ตาย", "ย้ายออก", "ย้ายไปขอนแก่น", "(ถึงแก่กรรม)", "Deceased", "moved away", "แจ้งตาย",
     "จำหน่ายตาย 1 ม.ค. 68", "จำหน่าย (ตาย)", "เสียแล้ว", "เสีย", "เสียเมื่อ 2566", "มรณภาพ", "มรณะ", "จำหน่าย", "จำหน่ายออก",
     "ได้ย้ายออก", "- แจ้งการตาย", "ถูกจำหน่ายตาย"],
)  # fmt: skip
def test_a_word_of_a_death_or_a_move_is_asked_about_by_its_row(cell: str) -> None:
    assert codes("สถานภาพ", cell) == (["says_gone_asked"], [])
    assert codes("สถานภาพ", cell, None) == ([], ["says_gone"])  # somebody has looked, and leaves the column out
    assert codes("หมายเหตุ", cell) == ([], ["says_gone"])  # it stays in the note


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("สถานภาพ", "มีชีวิต"), ("สถานภาพ", "สมรส"), ("หมายเหตุ", "ตายายเลี้ยง"), ("หมายเหตุ", "สามีเสียชีวิต"),
     ("หมายเหตุ", "จำหน่ายอาหาร"), ("หมายเหตุ", "เสียงดัง"), ("หมายเหตุ", "ได้ตายายเลี้ยง"), ("หมายเหตุ", "แจ้งแล้ว"),
     ("วันที่เสียชีวิต", "-"), ("เสียชีวิต", "ไม่ใช่"), ("บิดามารดาเสียชีวิต", "1/1/2560"), ("ADL", 4)],
)  # fmt: skip
def test_nothing_is_asked_about_the_living(heading: str, cell: Any) -> None:
    assert codes(heading, cell) == ([], [])


@pytest.mark.parametrize("before", ["", "แจ้ง", "จำหน่าย"])
@pytest.mark.parametrize("word", [*DIED.split("|"), "ตาย"])
def test_a_death_is_known_in_its_cell_and_behind_a_name(before: str, word: str) -> None:
    assert codes("สถานะ", before + word) == (["says_gone_asked"], [])
    parted = part(f"สมชาย {before}{word}")
    assert (parted.text, parted.aside) == ("สมชาย", (before + word,))


def test_a_date_of_death_is_a_death() -> None:
    table = read_table(
        xlsx([*HEAD, "วันเดือนปีที่เสียชีวิต"], [1, "นายสมชาย ใจดี", "1/5/2569"], [2, "นางมาลี ดี", None]), "a.xlsx"
    )
    parsed = parse_rows(table, guess_columns(table, "people"), "people")
    assert [(error.row, error.column, error.code) for error in parsed.errors] == [(2, "C", "says_gone_asked")]
