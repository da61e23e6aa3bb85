"""Opens a workbook in a process of its own: `python child.py MEMORY_BYTES SECONDS ROWS SHEET < workbook > sheets.json`.

A hostile workbook can ask its reader for any amount of memory (one cell in the last row and column, one
long text used a
million times). Here the operating system says no, the process ends, and the caller reports a file that needs too much.
It imports nothing of okat, so that it starts in a few hundredths of a second. Macros are never read.

Output: {"sheets": [{"name", "hidden", "rows", "merged"}]} or {"error": code, ...}. Cells are JSON values,
or [type, text] for dates ("d"), date-times ("t"), times ("h") and durations ("s", in seconds).
"""

import datetime
import io
import json
import resource
import sys
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


def read(data: bytes, limit: int, wanted: str) -> dict[str, Any]:
    """Every worksheet, or the wanted one; rows are kept from the first row of the sheet so that numbers agree."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for info in book.sheets_metadata:
        if info.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = info.visible != calamine.SheetVisibleEnum.Visible
        entry: dict[str, Any] = {"name": info.name, "hidden": hidden, "rows": [], "merged": []}
        sheets.append(entry)
        if info.name != wanted if wanted else hidden:
            continue
        sheet = book.get_sheet_by_name(info.name)
        if sheet.total_height > limit:
            return {"error": "too_many_rows", "count": sheet.total_height, "limit": limit}
        rows = sheet.to_python(skip_empty_area=False)
        entry["rows"] = [[plain(cell) for cell in row] for row in rows]
        entry["merged"] = sheet.merged_cell_ranges or []
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
    except (calamine.CalamineError, ValueError, OSError, EOFError):
        answer = {"error": "file_damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
