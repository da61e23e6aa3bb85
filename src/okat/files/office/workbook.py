"""Workbooks (.xlsx, .xlsm, .xls, .ods) to sheets, opened in a child process with bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from okat.files.office.errors import OfficeError
from okat.files.office.grid import Cell, Merge, Sheet, square
from okat.files.office.guard import check_zip
from okat.files.office.limits import Limits

_CHILD = Path(__file__).with_name("child.py")
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(data: bytes, limits: Limits, wanted: str | None) -> list[Sheet]:
    """Every worksheet in order; the cells of hidden ones only when wanted by name.

    Raises OfficeError: file_damaged, file_password, file_unpacks_too_large, file_forbidden_xml, file_needs_too_much,
    too_many_rows.
    """
    if data.startswith(ZIP_MAGIC):
        check_zip(data, limits)
    answer = _ask_child(data, limits, wanted or "")
    if "error" in answer:
        raise OfficeError(answer.pop("error"), **answer)
    return [_sheet(entry) for entry in answer["sheets"]]


def _ask_child(data: bytes, limits: Limits, wanted: str) -> dict[str, Any]:
    numbers = [str(number) for number in (limits.memory_bytes, limits.seconds, limits.rows)]
    command = [sys.executable, "-I", str(_CHILD), *numbers, wanted.replace("\0", "")]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * limits.seconds, check=False)  # noqa: S603 (our own file)
    except subprocess.TimeoutExpired as error:
        raise OfficeError("file_needs_too_much") from error
    if done.returncode < 0:  # ended by a signal: out of memory, or out of time
        raise OfficeError("file_needs_too_much")
    if done.returncode:
        raise OfficeError("file_damaged")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _sheet(entry: dict[str, Any]) -> Sheet:
    rows = square([[_cell(cell) for cell in row] for row in entry["rows"]])
    merges = tuple(Merge(top, left, bottom, right) for (top, left), (bottom, right) in entry["merged"])
    return Sheet(entry["name"], rows, merges, entry["hidden"], unseen=frozenset(entry["unseen"]))


def _cell(value: Any) -> Cell:
    if not isinstance(value, list):
        cell: Cell = value
        return cell
    kind, text = value
    if kind == "t":
        return datetime.fromisoformat(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "h":
        return time.fromisoformat(text)
    return timedelta(seconds=float(text))
