"""Many rules, many people: one SQL statement, run where the rows are, by DuckDB (imported only here).

The result is compact: a byte per person and rule. Names in the statements are declared fact names and quoted
identifiers, values are literals of the compiler: hence the exemptions from the linter's S608.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from okat.engine.eligibility.errors import FactError
from okat.engine.eligibility.facts import Fact, FactSchema, Kind
from okat.engine.eligibility.nodes import Rule, leaves
from okat.engine.eligibility.sql import quote, to_shared_sql

if TYPE_CHECKING:
    import duckdb

UNKNOWN = np.int8(-1)
Group = tuple[dict[str, str], dict[str, str]]  # shared conditions and rules, by name (see to_shared_sql)
GROUP = 50  # rules in one statement: bounds memory, and DuckDB's planning grows faster than the statement


@dataclass(frozen=True, eq=False)
class Matrix:
    """Verdicts of every rule (rows, named) for every person (columns): 1 yes, 0 no, -1 unknown."""

    ids: NDArray[Any]
    rules: tuple[str, ...]
    values: NDArray[np.int8]

    def of(self, rule: str) -> NDArray[np.int8]:
        """One rule's verdicts, in the order of `ids`."""
        row: NDArray[np.int8] = self.values[self.rules.index(rule)]
        return row


class _Stream:
    """Hands a data frame to DuckDB through the Arrow C stream alone, which needs no Arrow library
    installed.
    """

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def eligibility_matrix(
    rules: Mapping[str, Rule],
    people: Any,
    schema: FactSchema,
    *,
    on: date,
    id_column: str = "id",
    connection: "duckdb.DuckDBPyConnection | None" = None,
) -> Matrix:
    """Every rule for every person on the day `on`; `Matrix.ids` says in which order the persons stand.

    `people`: a Polars or Arrow table (anything with an Arrow C stream), a mapping of column name to NumPy
    array, or as text the path of a Parquet file; with `connection`, the name of a table or view there. Its
    columns are `id_column` and those of `Fact.columns` for the facts that the rules use. Raises FactError for
    a column that is missing or breaks its declaration, RuleError for a rule that does not fit the schema.
    """
    import duckdb

    names = list(rules)
    groups = [
        to_shared_sql({name: rules[name] for name in names[start : start + GROUP]}, schema, on=on, dialect="duckdb")
        for start in range(0, len(names), GROUP)
    ]
    used = sorted({leaf.fact for rule in rules.values() for _, leaf in leaves(rule)})
    if connection is not None:
        return _run(connection, _identifier(people), groups, [schema[name] for name in used], id_column)
    with duckdb.connect(":memory:") as own:
        source = _source(own, people)
        return _run(own, source, groups, [schema[name] for name in used], id_column)


def _source(connection: "duckdb.DuckDBPyConnection", people: Any) -> str:
    if isinstance(people, str):
        return f"read_parquet({quote(people)})"
    if hasattr(people, "__arrow_c_stream__"):
        people = _Stream(people)
    elif isinstance(people, Mapping):
        people = {name: _plain(column) for name, column in people.items()}
    connection.register("okat_source", people)
    return "okat_source"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    """DuckDB takes no dates by the day from NumPy, only by smaller units."""
    return column.astype("datetime64[s]") if column.dtype.kind == "M" else column


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _run(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    groups: Sequence[Group],
    facts: Sequence[Fact],
    id_column: str,
) -> Matrix:
    """Copy the columns once, so that every statement sees the same rows in the same order."""
    _check_columns(connection, source, facts, id_column)
    columns = ", ".join([_cast(fact, column) for fact in facts for column in fact.columns])
    key = _identifier(id_column)
    listed = f"{key} AS okat_id" + (f", {columns}" if columns else "")
    _copy(connection, f"SELECT {listed} FROM {source}")  # noqa: S608
    try:
        _check_rows(connection, facts)
        found = connection.execute("SELECT rowid AS okat_row, okat_id FROM okat_people").fetchnumpy()
        ids = np.ma.getdata(found["okat_id"])
        ids = ids[np.argsort(found["okat_row"], kind="stable")]
        names = tuple(name for _, rules in groups for name in rules)
        values = np.empty((len(names), len(ids)), np.int8)
        for place, group in enumerate(groups):
            _answer(connection, group, values[place * GROUP : (place + 1) * GROUP])
    finally:
        connection.execute("DROP TABLE okat_people")
    return Matrix(ids, names, values)


def _copy(connection: "duckdb.DuckDBPyConnection", query: str) -> None:
    import duckdb

    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE okat_people AS {query}")
    except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
        raise FactError(
            "table",
            "people",
            f"the table cannot be read: {error}",
            "Give each column the type of its fact, also a column in which every value is unknown",
        ) from error


def _answer(connection: "duckdb.DuckDBPyConnection", group: Group, values: NDArray[np.int8]) -> None:
    """Fill `values` by row number. DuckDB hands over blocks of rows in the order in which its threads finish.

    OFFSET 0 keeps the optimiser from copying each shared condition back into every rule that uses it.
    """
    conditions, rules = group
    shared = ", ".join(f"{text} AS {alias}" for alias, text in conditions.items())
    listed = ", ".join(f"{expression} AS r{i}" for i, expression in enumerate(rules.values()))
    inner = f"SELECT rowid AS okat_row, {shared} FROM okat_people OFFSET 0"  # noqa: S608
    result = connection.execute(f"SELECT okat_row, {listed} FROM ({inner})").fetchnumpy()  # noqa: S608
    rows = np.ma.getdata(result["okat_row"])
    edges = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
    blocks = [(a, b, int(rows[a])) for a, b in pairwise(edges) if a < b]
    for i in range(len(rules)):
        answer = np.ma.filled(np.ma.asarray(result[f"r{i}"]).astype(np.int8), UNKNOWN)
        for a, b, to in blocks:
            values[i, to : to + b - a] = answer[a:b]


def _cast(fact: Fact, column: str) -> str:
    """Dates may come as timestamps; everything else is used as it is."""
    is_date = fact.kind is Kind.DATE and not column.endswith("_exists")
    return f"CAST({column} AS DATE) AS {column}" if is_date else column


def _check_columns(connection: "duckdb.DuckDBPyConnection", source: str, facts: Sequence[Fact], id_column: str) -> None:
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
    found = {row[0] for row in described}
    for name, column in [("id", id_column), *((f.name, column) for f in facts for column in f.columns)]:
        if column not in found:
            raise FactError(
                "column",
                name,
                f"the table has no column {column!r}",
                f"Its columns are {', '.join(sorted(found))}",
            )


def _check_rows(connection: "duckdb.DuckDBPyConnection", facts: Sequence[Fact]) -> None:
    """A row that breaks the meaning of its columns would get a wrong answer, so it stops the batch."""
    tests = [(fact.name, *test) for fact in facts for test in _row_tests(fact)]
    if not tests:
        return
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for _, condition, _ in tests)
    counts = connection.execute(f"SELECT {counted} FROM okat_people").fetchall()[0]  # noqa: S608
    for (name, _, what), count in zip(tests, counts, strict=True):
        if count:
            raise FactError("rows", name, f"{count} rows {what}", "Correct these rows and run again", rows=count)


def _row_tests(fact: Fact) -> Iterator[tuple[str, str]]:
    value = fact.columns[0]
    if fact.optional:
        yield (
            f"{value} IS NOT NULL AND {fact.name}_exists IS NOT TRUE",
            f"hold a value while {fact.name}_exists is not true",
        )
    if fact.partial or fact.kind is Kind.POINT:
        yield (
            f"({value} IS NULL) <> ({fact.columns[1]} IS NULL)",
            f"hold only one of {', '.join(fact.columns[:2])}",
        )
    if fact.partial:
        yield f"{value} > {fact.columns[1]}", "end before they begin"
    if fact.kind in (Kind.NUMBER, Kind.POINT):
        yield f"isnan(CAST({value} AS DOUBLE))", "hold NaN; leave unknown values null"
