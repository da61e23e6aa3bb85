"""CSV in the encodings and with the delimiters that Thai offices' programs write."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from okat.files.office.errors import OfficeError
from okat.files.office.grid import Cell, Sheet, square
from okat.files.office.limits import Limits

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 60
_SEP_LINE = re.compile(r"\Asep=(.)\r?\n", re.I)
# Thai UTF-8 read as Windows-874 becomes pairs that begin with เธ or เน; read as Latin-1, with à¸ or à¹.
_GARBLED = re.compile("เธ[\u0080-\u00bf\u0e01-\u0e5b‘’“”•–—…€]|เน[\u0080-\u00bf€‘’“”•–—]|à¸|à¹")
_THAI = re.compile("[\u0e01-\u0e5b]|à[¸¹]")
_GARBLED_SHARE = 0.2


def read_csv(data: bytes, limits: Limits) -> Sheet:
    """The rows of a CSV file; a quoted cell with line breaks is one row, as spreadsheet programs number them.

    Raises OfficeError: file_encoding, file_mojibake, file_type (binary), cell_too_long, too_many_rows.
    """
    text, encoding = decode(data)
    if "\0" in text:
        raise OfficeError("file_type")
    delimiter = None
    if sep := _SEP_LINE.match(text):
        delimiter, text = sep[1], text[sep.end() :]
    rows = _rows(text, delimiter or guess_delimiter(text), limits)
    return Sheet("", square(rows), encoding=encoding)


def _rows(text: str, delimiter: str, limits: Limits) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= limits.rows:
                raise OfficeError("too_many_rows", count=f"> {limits.rows}", limit=limits.rows)
            rows.append([cell or None for cell in row])
    except csv.Error as error:
        if "field limit" not in str(error):  # a quote that was never closed would make many rows one cell
            raise OfficeError("csv_quote", row=len(rows) + 1) from error
        place = f"A{len(rows) + 1}"
        raise OfficeError("cell_too_long", cell=place, count="> 131072", limit=limits.cell_characters) from error
    return rows


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: a byte-order mark decides, then UTF-16 by its zero bytes,
    then UTF-8 if valid,
    else Windows-874 (which holds TIS-620). Raises OfficeError: file_encoding, file_mojibake."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise OfficeError("file_encoding") from error
    text = text.removeprefix("\ufeff")
    sample = text[:200_000]
    garbled = _GARBLED.findall(sample)
    if len(garbled) > 2 and len(garbled) > _GARBLED_SHARE * len(_THAI.findall(sample)):
        raise OfficeError("file_mojibake", "".join(garbled[:4]))
    return text, encoding


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:2000]
    # In UTF-16 the delimiters and line ends have a zero byte beside them, on one side only.
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) > max(3, len(sample) / 40) and min(even, odd) * 10 <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp874"
    return "utf-8"


def guess_delimiter(text: str) -> str:
    """The delimiter under which most sample rows have one and the same width above one; a comma when none has."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
        regular = times / len(widths) * min(width, 10) if width > 1 else 0.0
        loose = sum(width > 1 for width in widths) / max(len(widths), 1)  # titles above the table are one cell
        if regular + loose > score:
            best, score = delimiter, regular + loose
    return best
