"""Our CSV before two readers that we did not write (DuckDB's and Polars'), with cells that want to be formulas."""

import csv
import io
from pathlib import Path

import duckdb
import polars
import pytest

from okat.city.core import csvfile
from okat.city.core.csvfile import csv_file

NASTY = ('=HYPERLINK("http://evil.example","ดู")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=1;2")
PLAIN = ("ทอผ้า, ย้อม", "บรรทัดหนึ่ง\nบรรทัดสอง", 'เขาว่า "ดี"', "-5", "+66 43 000 111", "")


@pytest.mark.parametrize("cell", NASTY)
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    text = csv_file("x.csv", [["ก"], [cell]]).content.decode("utf-8-sig")
    (_head, (read,)) = csv.reader(io.StringIO(text, newline=""))
    assert read.startswith("'")
    assert read[1:] == cell.lstrip("\t\r") or read[1:] == cell


def test_two_other_readers_see_the_same_cells(tmp_path: Path) -> None:
    rows = [[cell, number, None] for number, cell in enumerate(PLAIN)]
    file = tmp_path / "x.csv"
    file.write_bytes(csv_file("x.csv", [["ชื่อ", "จำนวน", "ว่าง"], *rows]).content)
    wanted = [(cell or None, number, None) for number, cell in enumerate(PLAIN)]
    types = {"ชื่อ": "VARCHAR", "จำนวน": "BIGINT", "ว่าง": "VARCHAR"}
    seen = duckdb.read_csv(str(file), header=True, columns=types, quotechar='"', escapechar='"')
    assert seen.fetchall() == wanted
    frame = polars.read_csv(file, schema_overrides={"ชื่อ": polars.String}, infer_schema_length=10)
    assert frame.columns == ["ชื่อ", "จำนวน", "ว่าง"]
    assert [tuple(row)[:2] for row in frame.rows()] == [row[:2] for row in wanted]


def test_no_app_writes_a_table_of_its_own() -> None:
    """Another writer would leave out what keeps a spreadsheet program from running a cell."""
    city = Path(csvfile.__file__).parents[1]
    writers = [str(f.relative_to(city)) for f in city.rglob("*.py") if "csv.writer" in f.read_text(encoding="utf-8")]
    assert writers == ["core/csvfile.py"]
