"""Broken, huge, empty and hostile files: each has a typed error, and nothing else ever comes out."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from okat.files.office import Limits, OfficeError, defuse, errors_workbook, guess_columns, parse_rows, read_table
from okat.files.office.errors import MESSAGES
from okat.files.office.grid import letter
from okat.files.office.values import READERS, Context, read_cell
from okat.files.office.vocabulary import vocabulary
from okat.thai.errors import ThaiValueError

HEAD = "ชื่อหลักสูตร,จำนวนที่รับ,วันที่เริ่ม\n"


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(OfficeError) as caught:
        read_table(data, "a.xlsx", limits=limits or Limits(seconds=20, memory_bytes=1_500_000_000))
    assert caught.value.message("th")
    return caught.value.code


def book(sheet_xml: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A minimal workbook around the XML of one sheet."""
    workbook = Workbook()
    target = io.BytesIO()
    workbook.save(target)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet_xml if name.endswith("sheet1.xml") else old.read(name))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \t\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\x00" * 5000, "file_empty"),
        (b"%PDF-1.7 ...", "file_type"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file_html"),
        (b"PK\x03\x04 broken", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file_damaged"),
        ((HEAD * 3).encode("utf-8").decode("cp874", "replace").encode("utf-8"), "file_mojibake"),
        ("ก,ข\x00,ค\nง,จ,ฉ\n".encode(), "file_type"),
        (b"\xff\xfe\x41", "file_encoding"),
        (b"only one cell", "no_header"),
    ],
)
def test_files_that_are_no_table(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize("cut", [1, 2])
def test_a_utf8_file_cut_inside_a_letter_is_not_read_as_garbled_thai(cut: int) -> None:
    whole = (HEAD + "ทอผ้า,20,6 ธ.ค. 2569\n" * 5 + "ก").encode()
    assert refused(whole[:-cut]) in {"file_mojibake", "file_encoding"}


def test_a_file_larger_than_the_limit() -> None:
    assert refused(b"a,b\n" * 100, Limits(file_bytes=100)) == "file_too_large"


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert refused(book(sheet(""), {"xl/big.xml": b"0" * 20_000_000}), Limits(unpacked_bytes=10_000_000)) == (
        "file_unpacks_too_large"
    )


def test_a_zip_that_lies_about_its_sizes_is_counted_by_what_comes_out() -> None:
    data = bytearray(book(sheet(""), {"xl/big.xml": b"0" * 20_000_000}))
    true = struct.pack("<I", 20_000_000)
    assert data.count(true) >= 2
    lying = bytes(data.replace(true, struct.pack("<I", 10)))
    assert refused(lying, Limits(unpacked_bytes=10_000_000)) == "file_unpacks_too_large"


def test_too_many_parts() -> None:
    extra = {f"xl/p{n}.txt": b"" for n in range(60)}
    assert refused(book(sheet(""), extra), Limits(parts=50)) == "file_unpacks_too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_an_entity_bomb_is_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet(inline("A1", "&b;"))
    assert refused(book(sheet(""), {"xl/worksheets/sheet9.xml": bomb.encode(encoding)})) == "file_forbidden_xml"


def test_one_cell_in_the_last_row_and_column_costs_no_memory_here() -> None:
    rows = f'<row r="1">{inline("A1", "ก")}</row><row r="1048576">{inline("XFD1048576", "ข")}</row>'
    assert refused(book(sheet(rows))) in {"file_needs_too_much", "too_many_rows"}


def test_one_long_text_used_many_times_costs_no_memory_here() -> None:
    text = "ก" * 300_000
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 6000))
    assert refused(book(sheet(rows), {"xl/sharedStrings.xml": shared.encode()})) in {
        "file_needs_too_much",
        "cell_too_long",
    }


def test_limits_of_rows_columns_and_cells() -> None:
    many = (HEAD + "ก,1,2569\n" * 50).encode()
    assert refused(many, Limits(rows=20)) == "too_many_rows"
    wide = (",".join(["ชื่อหลักสูตร", "จำนวนที่รับ", *["x"] * 300]) + "\n").encode()
    assert refused(wide) == "too_many_columns"
    assert refused((HEAD + "ก" * 40_000 + ",1,2569\n").encode()) == "cell_too_long"
    open_quote = (HEAD + '"' + "ก,1,2569\n" * 30_000).encode()
    assert refused(open_quote) == "cell_too_long"


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "=1"]
)
def test_formulas_are_defused_when_we_write_them_back(text: str) -> None:
    assert defuse(text).startswith("'")
    rows = [["ชื่อหลักสูตร", "จำนวนที่รับ"], [f" {text}", "x"]]
    table = read_table(_csv(rows), "a.csv")
    parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities")
    written = load_workbook(io.BytesIO(errors_workbook(table, parsed.errors))).active
    assert written is not None
    assert all(cell.data_type != "f" for row in written.iter_rows() for cell in row)


def _csv(rows: list[list[str]]) -> bytes:
    import csv

    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


@pytest.mark.parametrize("text", ["-", "-5", "+66 81 234 5678", "ปกติ", "'quoted"])
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert defuse(text) == text


def test_a_defused_text_is_read_back_as_it_was() -> None:
    field = vocabulary("opportunities").field("title")
    assert read_cell(defuse("=1+1"), field, Context()) == {"title": "=1+1"}


@given(st.binary(max_size=400) | st.text("กขชื่อหลักสูตร,;\n\t\"'=-ฟรี", max_size=120).map(lambda t: (HEAD + t).encode()))
@settings(deadline=None, max_examples=60)
def test_any_bytes_give_a_table_or_a_typed_error(data: bytes) -> None:
    if data.startswith((b"PK", b"\xd0\xcf")):
        return  # a child process for each example would be slow; damaged workbooks have their own test
    with contextlib.suppress(OfficeError):
        table = read_table(data, "a.csv")
        parsed = parse_rows(table, guess_columns(table, "opportunities"), "opportunities")
        errors_workbook(table, parsed.errors)


CELLS = (
    st.text(max_size=40)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)


@given(CELLS)
@settings(deadline=None, max_examples=200)
def test_every_reader_gives_values_or_a_typed_error(cell: object) -> None:
    fields = {f.type: f for kind in ("people", "opportunities") for f in vocabulary(kind).fields.values()}
    assert set(fields) == set(READERS)
    for field in fields.values():
        with contextlib.suppress(OfficeError, ThaiValueError):
            read_cell(cell, field, Context())  # type: ignore[arg-type]


def test_workbooks_damaged_in_any_place_give_a_typed_error() -> None:
    whole = bytearray(book(sheet(f'<row r="1">{inline("A1", "ชื่อหลักสูตร")}{inline("B1", "จำนวนที่รับ")}</row>')))
    for place in range(40, len(whole), len(whole) // 12):
        damaged = whole.copy()
        damaged[place] ^= 0xFF
        with contextlib.suppress(OfficeError):
            read_table(bytes(damaged), "a.xlsx")
    assert refused(bytes(whole[: len(whole) // 2])) == "file_damaged"


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_is_in_both_languages_with_the_same_gaps(code: str) -> None:
    import string

    def gaps(text: str) -> set[str]:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        return {name.removesuffix("_th").removesuffix("_en") for name in names}

    thai, english = MESSAGES[code]
    assert gaps(thai) == gaps(english)
    assert any("ก" <= c <= "๛" for c in thai)
    assert english.isascii() or "“" in english or "✓" in english


def test_the_readers_of_workbooks_do_not_need_the_package() -> None:
    """The child must start fast and alone; an import of okat in it would bring both to an end."""
    from importlib.resources import files

    assert "import okat" not in files("okat.files.office").joinpath("child.py").read_text(encoding="utf-8")
