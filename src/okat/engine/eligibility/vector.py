"""Reading two: one rule over columns of NumPy arrays, every row at once.

Columns are named as in SQL (see facts.py). A plain array or a masked array (masked: unknown) holds bools,
numbers, or dates (`datetime64[D]`, NaT: unknown); codes come as `Codes`, sets of codes as `CodeSets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from okat.engine.eligibility.errors import FactError
from okat.engine.eligibility.evaluate import Facts
from okat.engine.eligibility.facts import Fact, FactSchema, Kind
from okat.engine.eligibility.nodes import (
    Age,
    AllOf,
    AnyOf,
    Compare,
    Exists,
    HasAll,
    HasAny,
    Leaf,
    Not,
    OneOf,
    Rule,
    Within,
)
from okat.engine.eligibility.values import (
    ABSENT,
    DateSpan,
    Known,
    Point,
    haversine_limit,
    latest_birth,
    span,
)

Bools = NDArray[np.bool_]
NO, YES, UNKNOWN = 0, 1, -1


@dataclass(frozen=True, eq=False)
class Codes:
    """A column of codes: positions in `vocabulary`, -1 for unknown."""

    positions: NDArray[np.int32]
    vocabulary: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CodeSets:
    """A column of sets: one row of bools per person, one column per word; `known` is false where unknown."""

    members: Bools
    vocabulary: tuple[str, ...]
    known: Bools


Column = NDArray[np.generic] | Codes | CodeSets
Columns = Mapping[str, Column]


@dataclass(frozen=True, eq=False)
class Tris:
    """Rows that are surely yes, and rows that are surely no; the others are unknown."""

    yes: Bools
    no: Bools

    def __invert__(self) -> "Tris":
        return Tris(self.no, self.yes)

    def __and__(self, other: "Tris") -> "Tris":
        return Tris(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: "Tris") -> "Tris":
        return Tris(self.yes | other.yes, self.no & other.no)

    def codes(self) -> NDArray[np.int8]:
        """1 yes, 0 no, -1 unknown."""
        return np.where(self.yes, np.int8(YES), np.where(self.no, np.int8(NO), np.int8(UNKNOWN)))


def evaluate_columns(rule: Rule, schema: FactSchema, columns: Columns, *, on: date) -> NDArray[np.int8]:
    """One verdict per row: 1 yes, 0 no, -1 unknown. Raises FactError for a missing or unfit column."""
    return _Reader(schema, columns, on).node(rule).codes()


class _Reader:
    def __init__(self, schema: FactSchema, columns: Columns, on: date) -> None:
        self.schema, self.columns, self.on = schema, columns, on

    def node(self, rule: Rule) -> Tris:
        if isinstance(rule, Not):
            return ~self.node(rule.part)
        if isinstance(rule, AllOf | AnyOf):
            result = self.node(rule.parts[0])
            for part in rule.parts[1:]:
                result = result & self.node(part) if isinstance(rule, AllOf) else result | self.node(part)
            return result
        fact = self.schema[rule.fact]
        if isinstance(rule, Exists):
            return self.flag(f"{fact.name}_exists")
        test = self.leaf(rule, fact)
        return self.flag(f"{fact.name}_exists") & test if fact.optional else test

    def leaf(self, leaf: Leaf, fact: Fact) -> Tris:
        match leaf:
            case Compare(_, op, value):
                return self.compare(fact, op, value)
            case Age():
                return self.age(leaf, fact)
            case OneOf(name, values):
                return self.one_of(name, values)
            case HasAny() | HasAll():
                return self.has(leaf)
            case Within():
                return self.within(leaf)
        return self.flag(fact.name)

    def compare(self, fact: Fact, op: str, value: int | Decimal | date | str) -> Tris:
        if isinstance(value, date):
            return self.date(fact, op, value)
        if isinstance(value, str):
            same = self.one_of(fact.name, (value,))
            return same if op == "=" else ~same
        values, known = self.plain(fact.name)
        target = value if isinstance(value, int) else float(value)
        return _tris(COMPARE[op](values, target), known)

    def date(self, fact: Fact, op: str, day: date) -> Tris:
        first, last = (fact.columns[0], fact.columns[1]) if fact.partial else (fact.name, fact.name)
        low, known = self.plain(first)
        high, _ = self.plain(last)
        target = np.datetime64(day, "D")
        match op:
            case ">=":
                return Tris((low >= target) & known, (high < target) & known)
            case "<=":
                return Tris((high <= target) & known, (low > target) & known)
            case ">" | "<":
                return ~self.date(fact, "<=" if op == ">" else ">=", day)
        same = self.date(fact, ">=", day) & self.date(fact, "<=", day)
        return same if op == "=" else ~same

    def age(self, leaf: Age, fact: Fact) -> Tris:
        at = leaf.at or self.on
        match leaf.op:
            case ">=":
                return self.date(fact, "<=", latest_birth(leaf.years, at))
            case ">":
                return self.date(fact, "<=", latest_birth(leaf.years + 1, at))
            case "<":
                return self.date(fact, ">", latest_birth(leaf.years, at))
            case "<=":
                return self.date(fact, ">", latest_birth(leaf.years + 1, at))
        oldest = latest_birth(leaf.years + 1, at) + timedelta(days=1)
        same = self.date(fact, "<=", latest_birth(leaf.years, at)) & self.date(fact, ">=", oldest)
        return same if leaf.op == "=" else ~same

    def one_of(self, name: str, values: Sequence[str]) -> Tris:
        column = self.columns.get(name)
        if not isinstance(column, Codes):
            raise _unfit(name, "Codes")
        # One look-up per row; the last place answers for -1, which is unknown anyway.
        table = np.array([word in set(values) for word in column.vocabulary] + [False])
        return _tris(table[column.positions], column.positions >= 0)

    def has(self, leaf: HasAny | HasAll) -> Tris:
        column = self.columns.get(leaf.fact)
        if not isinstance(column, CodeSets):
            raise _unfit(leaf.fact, "CodeSets")
        places = [column.vocabulary.index(code) for code in leaf.values if code in column.vocabulary]
        held = column.members[:, places]
        if isinstance(leaf, HasAny):
            return _tris(held.any(axis=1), column.known)
        complete = len(places) == len(leaf.values)
        return _tris(held.all(axis=1) & complete, column.known)

    def within(self, leaf: Within) -> Tris:
        lat, known_lat = self.plain(f"{leaf.fact}_lat")
        lon, known_lon = self.plain(f"{leaf.fact}_lon")
        up = np.sin(np.radians(lat - leaf.place.lat) / 2) ** 2
        across = np.sin(np.radians(lon - leaf.place.lon) / 2) ** 2
        near = np.cos(np.radians(leaf.place.lat)) * np.cos(np.radians(lat))
        return _tris(up + near * across <= haversine_limit(leaf.km), known_lat & known_lon)

    def flag(self, name: str) -> Tris:
        values, known = self.plain(name)
        return _tris(values.astype(bool), known)

    def plain(self, name: str) -> tuple[NDArray[Any], Bools]:
        column = self.columns.get(name)
        if column is None or isinstance(column, Codes | CodeSets):
            raise _unfit(name, "an array")
        known = ~np.ma.getmaskarray(column)
        values = np.ma.getdata(column)
        if values.dtype.kind == "M":
            known &= ~np.isnat(values)
        elif values.dtype.kind == "f" and np.isnan(values[known]).any():
            raise FactError("nan", name, "the column holds NaN", "Mask unknown values; NaN is no number")
        return values, known


COMPARE = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _tris(holds: Any, known: Bools) -> Tris:
    return Tris(holds & known, ~holds & known)


def _unfit(name: str, wanted: str) -> FactError:
    return FactError("column", name, f"there is no column {name!r} that is {wanted}", "Add it to `columns`")


def columns_from_rows(schema: FactSchema, rows: Sequence[Facts]) -> dict[str, Column]:
    """The columns of people given one by one: for tests and small batches. Raises FactError for a
    bad value.
    """
    for row in rows:
        schema.check(row)
    columns: dict[str, Column] = {}
    for fact in schema:
        cells = [row.get(fact.name) for row in rows]
        values = [None if isinstance(cell, Known) else cell for cell in cells]
        columns.update(_fill(fact, values))
        if fact.optional:
            exists = [None if cell is None else cell is not ABSENT for cell in cells]
            columns[f"{fact.name}_exists"] = _masked(exists, False, np.bool_)
    return columns


def _fill(fact: Fact, values: Sequence[object]) -> dict[str, Column]:
    if fact.kind is Kind.CODE:
        words = tuple(sorted({v for v in values if isinstance(v, str)}))
        places = [words.index(v) if isinstance(v, str) else -1 for v in values]
        return {fact.name: Codes(np.array(places, np.int32), words)}
    if fact.kind is Kind.CODES:
        sets = [v if isinstance(v, frozenset) else frozenset() for v in values]
        words = tuple(sorted(frozenset[str]().union(*sets)))
        members = np.array([[w in s for w in words] for s in sets], np.bool_).reshape(len(sets), len(words))
        return {fact.name: CodeSets(members, words, np.array([v is not None for v in values], np.bool_))}
    if fact.kind is Kind.DATE:
        spans = [span(v) if isinstance(v, date | DateSpan) else (None, None) for v in values]
        names = fact.columns[:2] if fact.partial else (fact.name,)
        return {name: np.array([s[i] for s in spans], "datetime64[D]") for i, name in enumerate(names)}
    if fact.kind is Kind.POINT:
        points = [(v.lat, v.lon) if isinstance(v, Point) else (None, None) for v in values]
        return {name: _masked([p[i] for p in points], 0.0, np.float64) for i, name in enumerate(fact.columns[:2])}
    dtype = {Kind.BOOL: np.bool_, Kind.INT: np.int64, Kind.NUMBER: np.float64}[fact.kind]
    return {fact.name: _masked(values, 0, dtype)}


def _masked(values: Sequence[object], blank: object, dtype: type[np.generic]) -> NDArray[np.generic]:
    filled = [blank if v is None else float(v) if isinstance(v, Decimal) else v for v in values]
    return np.ma.MaskedArray(np.array(filled, dtype), mask=[v is None for v in values])
