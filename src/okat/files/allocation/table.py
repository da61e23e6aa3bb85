"""One table, strictly read: bytes in, rows of text with their line numbers out, or every error with its
place."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from okat.files.allocation.errors import BadInputError, RowError, row_error

MAX_BYTES = 512 * 1024 * 1024
MAX_ROWS = 5_000_000
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")


class Row(NamedTuple):
    line: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    file: str
    columns: tuple[str, ...]
    rows: list[Row]


def read_csv(file: str, data: bytes, columns: Sequence[str], *, need_rows: bool = True) -> Table:
    """Columns may stand in any order and are put into the order of `columns`. UTF-8 with or without a byte
    order mark, any line ends. Raises `BadInputError`."""
    if len(data) > MAX_BYTES:
        raise BadInputError([row_error(file, 0, "", "too-large", limit=MAX_BYTES, rows=MAX_ROWS)])
    lines = _records(file, decode(file, data))
    header = next(lines, None)
    if header is None:
        raise BadInputError([row_error(file, 0, "", "empty-file", columns=", ".join(columns))])
    order = _order(file, header, columns)
    errors: list[RowError] = []
    rows: list[Row] = []
    for line, cells in lines:
        if len(cells) != len(columns):
            params = {"found": len(cells), "expected": len(columns)}
            errors.append(row_error(file, line, "", "cells", **params))
        else:
            rows.append(Row(line, tuple(cells[place] for place in order)))
        if len(rows) > MAX_ROWS:
            raise BadInputError([row_error(file, 0, "", "too-large", limit=MAX_BYTES, rows=MAX_ROWS)])
    if need_rows and not rows and not errors:
        errors.append(row_error(file, 0, "", "no-rows"))
    if errors:
        raise BadInputError(errors)
    return Table(file, tuple(columns), rows)


def decode(file: str, data: bytes) -> str:
    """Raises `BadInputError` naming the first line that is not UTF-8, with a guess at what it is."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = _guess(data)
        raise BadInputError([row_error(file, line, "", "encoding", guess=guess)]) from None


def _guess(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "it looks like UTF-16"
    if data[:4] == b"PK\x03\x04":
        return "it looks like a spreadsheet or zip file"
    try:
        text = data.decode("cp874")
    except UnicodeDecodeError:
        return "its encoding is unknown"
    thai = sum("\u0e00" <= letter <= "\u0e7f" for letter in text)
    return "it looks like TIS-620 / Windows-874" if thai else "its encoding is unknown"


def _records(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the record starts, cells); blank lines are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInputError([row_error(file, line, "", "not-csv", reason=str(error))]) from None
        if any(cells):
            if any("\0" in cell for cell in cells):
                raise BadInputError([row_error(file, line, "", "not-csv", reason="it holds a NUL")])
            yield line, cells


def _order(file: str, header: tuple[int, list[str]], columns: Sequence[str]) -> list[int]:
    line, cells = header
    names = [cell.strip() for cell in cells]
    if sorted(names) != sorted(columns):
        params = {"found": ", ".join(names), "columns": ", ".join(columns)}
        raise BadInputError([row_error(file, line, "", "columns", **params)])
    return [names.index(column) for column in columns]


def read_parquet(file: str, data: bytes, columns: Sequence[str]) -> Table:
    """As `read_csv`; numbers become the text that CSV would have. Raises `BadInputError`."""
    import polars as pl

    try:
        frame = pl.scan_parquet(io.BytesIO(data))
        if len(data) > MAX_BYTES or frame.select(pl.len()).collect().item() > MAX_ROWS:
            raise BadInputError([row_error(file, 0, "", "too-large", limit=MAX_BYTES, rows=MAX_ROWS)])
        names = frame.collect_schema().names()
        _order(file, (0, names), columns)
        cells = frame.select(columns).collect().iter_rows()
        rows = [Row(line, tuple(map(_text, row))) for line, row in enumerate(cells, start=2)]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInputError([row_error(file, 0, "", "not-parquet", reason=reason)]) from None
    if not rows:
        raise BadInputError([row_error(file, 0, "", "no-rows")])
    return Table(file, tuple(columns), rows)


def _text(value: object) -> str:
    """A float reads as its shortest decimal, which is the same for equal floats; so ties stay ties."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class CellError(ValueError):
    """A cell that does not read; `code` names the sentence."""

    def __init__(self, code: str, value: str) -> None:
        self.code = code
        self.value = value
        super().__init__(code)


def whole(text: str) -> int:
    """Digits 0-9 with an optional minus sign. Raises `CellError`."""
    text = text.strip()
    if not _WHOLE.fullmatch(text):
        raise CellError("thai-digits" if _foreign_digits(text) else "not-whole", text)
    return int(text)


def number(text: str) -> int | Decimal:
    """A whole or decimal number, exactly; a decimal that is whole becomes whole. Raises `CellError`."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise CellError("thai-digits" if _foreign_digits(text) else "not-number", text)
    if "." not in text:
        return int(text)
    value = Decimal(text.rstrip("0"))
    return int(value) if value == value.to_integral_value() else value


def _foreign_digits(text: str) -> bool:
    return any(letter.isdigit() and not letter.isascii() for letter in text)
