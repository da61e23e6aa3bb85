"""Every cell of every table against the standard, and every reference against the rows it names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from okat.files.exchange.errors import fault
from okat.files.exchange.hsds.package import Package
from okat.files.exchange.hsds.tables import ENTITIES, TABLES, Column, Table
from okat.files.office.errors import RowError
from okat.files.office.grid import Sheet, is_blank, text_of
from okat.thai.text import normalise

LONGEST = 20_000
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as a spreadsheet program shows it; `values` by column, blank ones left out."""

    number: int
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        return str(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class Rows:
    file: str
    rows: tuple[Row, ...]
    by_id: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Checked:
    """Tables by name (absent ones are empty) and what is wrong with them."""

    tables: Mapping[str, Rows]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]

    def of(self, name: str) -> Rows:
        return self.tables.get(name, _NONE)


_NONE = Rows("", (), {})


class CellError(Exception):
    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def check(package: Package) -> Checked:
    """Reads everything before it judges references, so that one pass tells all there is to mend."""
    errors: list[RowError] = []
    warnings: list[RowError] = []
    tables = {
        name: _Reading(TABLES[name], file, errors, warnings).read(sheet)
        for name, (file, sheet) in package.sheets.items()
    }
    files = {name: tables[name].file if name in tables else f"{name}.csv" for name in TABLES}
    for name, rows in tables.items():
        _references(TABLES[name], rows, tables, files, errors)
    return Checked(tables, tuple(errors), tuple(warnings))


class _Reading:
    """One file."""

    def __init__(self, table: Table, file: str, errors: list[RowError], warnings: list[RowError]) -> None:
        self.table, self.file, self.errors, self.warnings = table, file, errors, warnings

    def read(self, sheet: Sheet) -> Rows:
        if not sheet.rows:
            self.errors.append(fault(self.file, 1, "id", "column_missing", "id"))
            return Rows(self.file, (), {})
        head = [text_of(cell).lower() for cell in sheet.rows[0]]
        if not self._head(head):
            return Rows(self.file, (), {})
        rows = [
            self._row(number, head, cells)
            for number, cells in enumerate(sheet.rows[1:], 2)
            if not all(map(is_blank, cells))
        ]
        return Rows(self.file, tuple(rows), self._by_id(rows))

    def _head(self, head: list[str]) -> bool:
        before = len(self.errors)
        for column in self.table.columns.values():
            if column.required and column.name not in head:
                self.errors.append(fault(self.file, 1, column.name, "column_missing", column.name))
            if head.count(column.name) > 1:
                self.errors.append(fault(self.file, 1, column.name, "column_twice", column.name))
        strange = [name for name in head if name and name not in self.table.columns]
        if strange:
            self.warnings.append(fault(self.file, 1, "", "columns_unknown", ", ".join(strange)))
        return len(self.errors) == before

    def _row(self, number: int, head: list[str], cells: tuple[Any, ...]) -> Row:
        values: dict[str, Any] = {}
        for name, cell in zip(head, cells, strict=True):
            if not name and not is_blank(cell):
                self.errors.append(fault(self.file, number, "", "cells_too_many"))
            column = self.table.columns.get(name)
            if column is None or is_blank(cell):
                continue
            text = normalise(str(cell), keep_lines=True)
            try:
                values[name] = READERS[column.kind](text, column)
            except CellError as wrong:
                self.errors.append(fault(self.file, number, name, wrong.code, text, **wrong.params))
                values[name] = None
        for column in self.table.columns.values():
            if column.required and column.name not in values:
                self.errors.append(fault(self.file, number, column.name, "empty", column.name))
        return Row(number, {name: value for name, value in values.items() if value is not None})

    def _by_id(self, rows: list[Row]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in rows:
            own = row.text("id")
            if own and found.setdefault(own, row) is not row:
                self.errors.append(fault(self.file, row.number, "id", "id_twice", own, other=found[own].number))
        strange = next((row for row in rows if row.text("id") and not _is_uuid(row.text("id"))), None)
        if strange is not None:
            self.warnings.append(fault(self.file, strange.number, "id", "id_no_uuid", strange.text("id")))
        return found


def _references(
    table: Table, rows: Rows, tables: Mapping[str, Rows], files: Mapping[str, str], errors: list[RowError]
) -> None:
    referring = [column for column in table.columns.values() if column.refers]
    for row in rows.rows:
        for column in referring:
            _look(rows.file, row, column.name, tables.get(column.refers, _NONE), files[column.refers], errors)
        for link, entity in (("link_id", "link_entity"), ("resource_id", "resource_type")):
            if link in table.columns:
                _look_any(rows.file, row, (link, entity), tables, files, errors)


def _look(file: str, row: Row, column: str, there: Rows, name: str, errors: list[RowError]) -> None:
    wanted = row.text(column)
    if wanted and wanted not in there.by_id:
        errors.append(fault(file, row.number, column, "reference", wanted, table=name))


def _look_any(
    file: str, row: Row, columns: tuple[str, str], tables: Mapping[str, Rows], files: Mapping[str, str],
    errors: list[RowError],
) -> None:  # fmt: skip
    """A reference whose table is named in the row itself."""
    link, entity = columns
    said = row.text(entity).lower()
    if not said:
        return
    table = ENTITIES.get(said) or TABLES.get(said)
    if table is None:
        errors.append(fault(file, row.number, entity, "enum", said, allowed=", ".join(sorted(ENTITIES))))
        return
    _look(file, row, link, tables.get(table.name, _NONE), files[table.name], errors)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _text(text: str, _: Column) -> str:
    if len(text) > LONGEST:
        raise CellError("too_long", count=len(text), limit=LONGEST)
    return text


def _number(text: str, _: Column) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise CellError("number")
    return Decimal(text)


def _between(low: int, high: int) -> Callable[[str, Column], float]:
    def read(text: str, column: Column) -> float:
        value = float(_number(text, column))
        if not low <= value <= high:
            raise CellError("range", low=low, high=high)
        return value

    return read


def _date(text: str, _: Column) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise CellError("date") from error
    if day.year > 2400:  # a Buddhist year: the standard's are of the common era
        raise CellError("buddhist")
    return day


def _time(text: str, _: Column) -> dt.time:
    match = _TIME.fullmatch(text)
    try:
        if match:
            return dt.time.fromisoformat(text if match[3] or not match[4] else f"{match[1]}:{match[2]}{match[4]}")
    except ValueError:
        pass
    raise CellError("time")


def _moment(text: str, _: Column) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError("date") from error


def _email(text: str, _: Column) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > 254:
        raise CellError("email")
    return text


def _uri(text: str, column: Column) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise CellError("uri") from error
    if not parts.scheme or " " in text:
        raise CellError("uri")
    return _text(text, column)


def _enum(text: str, column: Column) -> str:
    if text not in column.allowed:
        raise CellError("enum", allowed=", ".join(column.allowed))
    return text


READERS: dict[str, Callable[[str, Column], Any]] = {
    "text": _text, "number": _number, "date": _date, "time": _time, "moment": _moment, "email": _email, "uri": _uri,
    "enum": _enum, "latitude": _between(-90, 90), "longitude": _between(-180, 180), "offset": _between(-14, 14),
}  # fmt: skip
