"""What the command line says of an import: each remark once, with the rows of which it is said."""

from typing import Any

from okat.config.commands import import_lines


def remark(row: int, text: str, column: str = "C", file: str = "") -> dict[str, Any]:
    return {"file": file, "row": row, "column": column, "field": "f", "message": f"ไทย {text}", "message_en": text}


def test_a_remark_that_stands_in_many_rows_is_said_once() -> None:
    told = [remark(row, "no day of consent", "") for row in range(2, 3002)]
    told += [remark(7, "two birth years"), remark(9, "two birth years"), remark(9, "two birth years", "D")]
    told += [remark(0, "hidden", ""), remark(3, "x", "", "people.csv")]
    done = {
        "errors": [], "left": [], "warnings": told, "other_sheets": [], "lines": {}, "rows": 3000, "imported": 0,
        "known": 0, "unread": [], "law": "",
    }  # fmt: skip
    assert import_lines(done) == [
        "ข้อสังเกต / remark: 2–3001: ไทย no day of consent / no day of consent (3000 แถว / rows)",
        "ข้อสังเกต / remark: 7, 9 C: ไทย two birth years / two birth years (2 แถว / rows)",
        "ข้อสังเกต / remark: 9 D: ไทย two birth years / two birth years",
        "ข้อสังเกต / remark: ไทย hidden / hidden",
        "ข้อสังเกต / remark: people.csv 3 f: ไทย x / x",
        "3000 rows, 0 imported, 0 there already",
    ]
