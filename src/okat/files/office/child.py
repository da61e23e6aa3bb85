"""Opens a workbook in a process of its own: `python child.py MEMORY_BYTES SECONDS ROWS SHEET < workbook > sheets.json`.

A hostile workbook can ask its reader for any amount of memory (one cell in the last row and column, one
long text used a
million times). Here the operating system says no, the process ends, and the caller reports a file that needs too much.
It imports nothing of okat, so that it starts in a few hundredths of a second. Macros are never read.

Output: {"sheets": [{"name", "hidden", "rows", "merged", "unseen"}]} or {"error": code, ...}. Cells are JSON values,
or [type, text] for dates ("d"), date-times ("t"), times ("h") and durations ("s", in seconds). "unseen" are the
numbers, from 1, of rows that are hidden or filtered out (.xlsx and .ods; of .xls it is not read).
"""

import datetime
import html
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine


def plain(value: Any) -> Any:
    """A cell as JSON; whole floats become integers because spreadsheets know only floats."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime.datetime):
        return ["t", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["d", value.isoformat()]
    if isinstance(value, datetime.time):
        return ["h", value.isoformat()]
    if isinstance(value, datetime.timedelta):
        return ["s", str(value.total_seconds())]
    return None if value == "" else value


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, by their names without a prefix."""
    found = re.findall(r"""([\w.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return {name: html.unescape(double or single) for name, double, single in found}


def tags(text: bytes, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The name and the attributes of each tag that is called so, in order."""
    for found in re.finditer(rb"<(?:\w+:)?(" + name.encode() + rb")(?=[\s>/])([^>]*)>", text):
        yield found[1].decode(), attributes(found[2].decode("utf-8", "replace"))


def unseen(book: zipfile.ZipFile, sheet: str) -> list[int]:
    """Rows of a sheet that its program does not show."""
    names = set(book.namelist())
    if "content.xml" in names:
        return unseen_ods(book.read("content.xml"), sheet)
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    sheets = tags(book.read("xl/workbook.xml"), "sheet")
    lead = next((said.get("id") for _tag, said in sheets if said.get("name") == sheet), None)
    parts = tags(book.read("xl/_rels/workbook.xml.rels"), "Relationship")
    target = next((said.get("Target", "") for _tag, said in parts if said.get("Id") == lead), "")
    path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    if path not in names:
        return []
    at, found = 0, list[int]()
    for _tag, row in tags(book.read(path), "row"):
        at = int(row["r"]) if row.get("r", "").isdecimal() else at + 1
        found += [at] if row.get("hidden") in ("1", "true") else []
    return found


def unseen_ods(content: bytes, sheet: str) -> list[int]:
    """The same of an OpenDocument sheet."""
    at, found, here = 0, list[int](), False
    for tag, said in tags(content, "table-row|table"):
        if tag == "table":
            at, here = 0, said.get("name") == sheet
            continue
        count = int(said["number-rows-repeated"]) if said.get("number-rows-repeated", "").isdecimal() else 1
        if here and said.get("visibility") in ("collapse", "filter"):
            found += range(at + 1, at + 1 + min(count, 1000))  # rows repeated for ever are blank ones below the table
        at += count
    return found


def read(data: bytes, limit: int, wanted: str) -> dict[str, Any]:
    """Every worksheet, or the wanted one; rows are kept from the first row of the sheet so that numbers agree."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    zipped = zipfile.ZipFile(io.BytesIO(data)) if data.startswith(b"PK") else None
    for info in book.sheets_metadata:
        if info.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = info.visible != calamine.SheetVisibleEnum.Visible
        entry: dict[str, Any] = {"name": info.name, "hidden": hidden, "rows": [], "merged": [], "unseen": []}
        sheets.append(entry)
        if info.name != wanted if wanted else hidden:
            continue
        sheet = book.get_sheet_by_name(info.name)
        if sheet.total_height > limit:
            return {"error": "too_many_rows", "count": sheet.total_height, "limit": limit}
        rows = sheet.to_python(skip_empty_area=False)
        entry["rows"] = [[plain(cell) for cell in row] for row in rows]
        entry["merged"] = sheet.merged_cell_ranges or []
        entry["unseen"] = unseen(zipped, info.name) if zipped is not None else []
    return {"sheets": sheets}


def main() -> None:
    """Reads standard input, answers on standard output."""
    memory, seconds, limit = (int(argument) for argument in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read(sys.stdin.buffer.read(), limit, sys.argv[4])
    except calamine.PasswordError:
        answer = {"error": "file_password"}
    except MemoryError:
        answer = {"error": "file_needs_too_much"}
    except (calamine.CalamineError, zipfile.BadZipFile, KeyError, RuntimeError, ValueError, OSError, EOFError):
        answer = {"error": "file_damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
