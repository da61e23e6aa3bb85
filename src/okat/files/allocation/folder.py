"""The folder of one allocation: `opportunities.csv`, `applicants.csv`, `preferences.csv` or `.parquet`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from okat.engine.allocation.problem import (
    Applicant,
    Fault,
    Opportunity,
    Preference,
    Problem,
    Reserve,
    find_faults,
)
from okat.files.allocation.errors import BadInputError, RowError, row_error
from okat.files.allocation.table import (
    MAX_BYTES,
    MAX_ROWS,
    CellError,
    Row,
    Table,
    number,
    read_csv,
    read_parquet,
    whole,
)

COLUMNS = {
    "opportunities": ("id", "capacity", "reserves"),
    "applicants": ("id", "groups"),
    "preferences": ("applicant", "opportunity", "rank", "priority"),
}
_NAMES = ("id", "applicant", "opportunity")


@dataclass(frozen=True)
class Inputs:
    """`files` maps each name to its bytes, as they were; `lines` gives each table's line numbers by index."""

    problem: Problem
    files: Mapping[str, bytes]
    lines: Mapping[str, tuple[int, ...]]


def read_folder(folder: Path) -> Inputs:
    """Raises `BadInputError` with every bad row of every file."""
    files: dict[str, bytes] = {}
    errors: list[RowError] = []
    for table in COLUMNS:
        names = [f"{table}.csv"] + (["preferences.parquet"] if table == "preferences" else [])
        present = [name for name in names if (folder / name).is_file()]
        if len(present) != 1:
            code = "two-files" if present else "missing-file"
            errors.append(row_error(names[0], 0, "", code))
        elif (folder / present[0]).stat().st_size > MAX_BYTES:
            errors.append(row_error(present[0], 0, "", "too-large", limit=MAX_BYTES, rows=MAX_ROWS))
        else:
            files[present[0]] = (folder / present[0]).read_bytes()
    if errors:
        raise BadInputError(errors)
    return read_files(files, wishes_needed=True)


def read_files(files: Mapping[str, bytes], *, wishes_needed: bool = False) -> Inputs:
    """The same from bytes (a bundle's members). Raises `BadInputError` with every bad row of every file.

    After declined seats a bundle may be left without a single wish; a folder to be decided may not."""
    errors: list[RowError] = []
    tables = []
    for table, columns in COLUMNS.items():
        file = next(name for name in files if name.partition(".")[0] == table)
        try:
            need_rows = wishes_needed or table != "preferences"
            tables.append(_read(file, files[file], columns, need_rows=need_rows))
        except BadInputError as error:
            errors += error.errors
    if errors:
        raise BadInputError(errors)
    parsed = [_Parsed(table, parse) for table, parse in zip(tables, _PARSERS, strict=True)]
    records = [tuple(each.records) for each in parsed]
    errors = [error for each in parsed for error in each.errors]
    by_table = dict(zip(COLUMNS, parsed, strict=True))
    for fault in find_faults(*records):  # type: ignore[arg-type]  # three kinds of record, in this order
        errors += by_table[fault.table].explain(fault)
    if errors:
        raise BadInputError(sorted(errors, key=lambda error: (error.file, error.row)))
    lines = {name: tuple(row.line for row in each.table.rows) for name, each in by_table.items()}
    return Inputs(Problem(*records), dict(files), lines)  # type: ignore[arg-type]


def read_opportunities(data: bytes) -> tuple[Opportunity, ...]:
    """`opportunities.csv` by itself. Raises `BadInputError` with every bad row."""
    table = read_csv("opportunities.csv", data, COLUMNS["opportunities"])
    parsed = _Parsed(table, _opportunity)
    errors = list(parsed.errors)
    records = tuple(parsed.records)
    for fault in find_faults(records, (), ()):  # type: ignore[arg-type]  # opportunities, as parsed
        errors += parsed.explain(fault)
    if errors:
        raise BadInputError(errors)
    return records  # type: ignore[return-value]


def _read(file: str, data: bytes, columns: tuple[str, ...], *, need_rows: bool) -> Table:
    if file.endswith(".parquet"):
        return read_parquet(file, data, columns)
    return read_csv(file, data, columns, need_rows=need_rows)


Parser = Callable[[tuple[str, ...], Callable[..., Any]], tuple[Any, ...]]


class _Parsed:
    """A table's rows as records. A bad cell becomes an error and a harmless stand-in, so that the names of
    its row stay known to the other tables and one mistake is reported once."""

    def __init__(self, table: Table, parse: Parser) -> None:
        self.table = table
        self.errors: list[RowError] = []
        self.bad: set[int] = set()
        self.records = [self._record(index, row, parse) for index, row in enumerate(table.rows)]

    def _record(self, index: int, row: Row, parse: Parser) -> tuple[Any, ...]:
        def cell(column: str, read: Callable[[str], Any], stand_in: Any) -> Any:
            try:
                return read(row.cells[self.table.columns.index(column)])
            except CellError as error:
                self.errors.append(row_error(self.table.file, row.line, column, error.code, value=error.value))
                self.bad.add(index)
                return stand_in

        return parse(row.cells, cell)

    def explain(self, fault: Fault) -> list[RowError]:
        if fault.index in self.bad and fault.column not in _NAMES:
            return []
        line = self.table.rows[fault.index].line
        return [row_error(self.table.file, line, fault.column, fault.code, **fault.params)]


def _opportunity(cells: tuple[str, ...], cell: Callable[..., Any]) -> Opportunity:
    return Opportunity(cells[0], cell("capacity", whole, 0), cell("reserves", _reserves, ()))


def _applicant(cells: tuple[str, ...], _cell: Callable[..., Any]) -> Applicant:
    return Applicant(cells[0], frozenset(cells[1].split("|")) if cells[1] else frozenset())


def _preference(cells: tuple[str, ...], cell: Callable[..., Any]) -> Preference:
    # A stand-in rank of 0 is out of range, and that second fault is left out with the rest of the row.
    return Preference(cells[0], cells[1], cell("rank", whole, 0), cell("priority", number, 0))


_PARSERS: tuple[Parser, ...] = (_opportunity, _applicant, _preference)


def _reserves(text: str) -> tuple[Reserve, ...]:
    """`women:2|disabled:1`, in order of precedence."""
    if not text.strip():
        return ()
    found = []
    for part in text.split("|"):
        group, colon, seats = part.rpartition(":")
        if not colon:
            raise CellError("reserves", text)
        found.append(Reserve(group, whole(seats)))
    return tuple(found)
