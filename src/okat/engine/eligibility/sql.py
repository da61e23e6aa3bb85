"""Reading three: the rule as an SQL expression that is TRUE, FALSE or NULL (unknown) for each row.

SQL's AND, OR and NOT are Kleene's. Column names are plain and unreserved, ages become comparisons with dates, and
distances comparisons of haversines, so the `standard` text runs on DuckDB, on Spark, and but for `array_contains` (the
test of sets of codes) on PostgreSQL. Dialects differ in two places only: `spark` escapes a quote or backslash inside a
text by a backslash where `standard` doubles the quote; `duckdb` tests three or more codes of a set in one call.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from okat.engine.eligibility.facts import Fact, FactSchema
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
from okat.engine.eligibility.parse import check_rule
from okat.engine.eligibility.values import EARTH_KM, haversine_limit, latest_birth

Dialect = Literal["standard", "duckdb", "spark"]
MARGIN = 1e-7  # degrees, about a centimetre: rounding never cuts off the edge of a circle


def to_sql(rule: Rule, schema: FactSchema, *, on: date, dialect: Dialect = "standard") -> str:
    """A boolean SQL expression over the columns that `Fact.columns` names, for decisions on the day `on`.

    Raises RuleError where the rule does not fit the schema: nothing unchecked reaches the text.
    """
    check_rule(rule, schema)
    return _Compiler(schema, on, dialect).node(rule)


def to_shared_sql(
    rules: Mapping[str, Rule], schema: FactSchema, *, on: date, dialect: Dialect = "standard"
) -> tuple[dict[str, str], dict[str, str]]:
    """Many rules that repeat conditions: each distinct condition once, by a name of its own; and each rule as an
    expression over those names. Raises RuleError as `to_sql` does.
    """
    compiler = _Compiler(schema, on, dialect, shared={})
    for rule in rules.values():
        check_rule(rule, schema)
    expressions = {name: compiler.node(rule) for name, rule in rules.items()}
    return {alias: text for text, alias in (compiler.shared or {}).items()}, expressions


def quote(text: str, dialect: Dialect = "standard") -> str:
    """A text as an SQL literal."""
    if dialect == "spark":
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "'" + text.replace("'", "''") + "'"


class _Compiler:
    def __init__(self, schema: FactSchema, on: date, dialect: Dialect, shared: dict[str, str] | None = None) -> None:
        self.schema, self.on, self.dialect, self.shared = schema, on, dialect, shared

    def node(self, rule: Rule) -> str:
        match rule:
            case AllOf(parts):
                return "(" + " AND ".join(self.node(part) for part in parts) + ")"
            case AnyOf(parts):
                return "(" + " OR ".join(self.node(part) for part in parts) + ")"
            case Not(part):
                return f"(NOT {self.node(part)})"
        text = self.condition(rule)
        return text if self.shared is None else self.shared.setdefault(text, f"okat_c{len(self.shared)}")

    def condition(self, leaf: Leaf) -> str:
        fact = self.schema[leaf.fact]
        if isinstance(leaf, Exists):
            return f"{fact.name}_exists"
        test = self.leaf(leaf, fact)
        return f"({fact.name}_exists AND {test})" if fact.optional else test

    def leaf(self, leaf: Leaf, fact: Fact) -> str:
        match leaf:
            case Compare(_, op, value):
                return self.compare(fact, op, value)
            case Age():
                return self.age(leaf, fact)
            case OneOf(name, values):
                return f"({name} IN ({self.texts(values)}))"
            case HasAny():
                return self.holds(leaf, "list_has_any", " OR ")
            case HasAll():
                return self.holds(leaf, "list_has_all", " AND ")
            case Within():
                return self.within(leaf)
        return fact.name

    def compare(self, fact: Fact, op: str, value: int | Decimal | date | str) -> str:
        if isinstance(value, date):
            return self.date(fact, op, value)
        if isinstance(value, str):
            literal = quote(value, self.dialect)
        else:  # a whole number must stay one: an int column compared with a decimal is cast row by row
            literal = str(value) if isinstance(value, int) else format(value, "f")
        return f"({fact.name} {'<>' if op == '!=' else op} {literal})"

    def date(self, fact: Fact, op: str, day: date) -> str:
        if op == "!=":
            return f"(NOT {self.date(fact, '=', day)})"
        if not fact.partial:
            return f"({fact.name} {op} {_day(day)})"
        if op == "=":
            return f"({self.date(fact, '>=', day)} AND {self.date(fact, '<=', day)})"
        if op in (">", "<="):
            following = day + timedelta(days=1)
            return f"(NOT {_from(fact, following)})" if op == "<=" else _from(fact, following)
        return _from(fact, day) if op == ">=" else f"(NOT {_from(fact, day)})"

    def age(self, leaf: Age, fact: Fact) -> str:
        """Older means born earlier: n completed years is a birth on or before the latest such day."""
        at = leaf.at or self.on
        this, following = latest_birth(leaf.years, at), latest_birth(leaf.years + 1, at)
        match leaf.op:
            case ">=":
                return self.date(fact, "<=", this)
            case "<":
                return self.date(fact, ">", this)
            case ">":
                return self.date(fact, "<=", following)
            case "<=":
                return self.date(fact, ">", following)
        same = f"({self.date(fact, '<=', this)} AND {self.date(fact, '>', following)})"
        return same if leaf.op == "=" else f"(NOT {same})"

    def holds(self, leaf: HasAny | HasAll, duckdb: str, word: str) -> str:
        codes = [quote(value, self.dialect) for value in leaf.values]
        if self.dialect == "duckdb" and len(codes) > 2:
            return f"{duckdb}({leaf.fact}, [{', '.join(codes)}])"
        return "(" + word.join(f"array_contains({leaf.fact}, {code})" for code in codes) + ")"

    def within(self, leaf: Within) -> str:
        """The haversine, only for rows of the right latitude: the CASE spares the others four sines and cosines."""
        lat, reach = f"{leaf.fact}_lat", math.degrees(float(leaf.km) / EARTH_KM) + MARGIN
        up = f"power(sin(radians({lat} - {_real(leaf.place.lat)}) / 2), 2)"
        across = f"power(sin(radians({leaf.fact}_lon - {_real(leaf.place.lon)}) / 2), 2)"
        near = f"{_real(math.cos(math.radians(leaf.place.lat)))} * cos(radians({lat}))"
        return (
            f"(CASE WHEN {lat} < {_real(leaf.place.lat - reach)} OR {lat} > {_real(leaf.place.lat + reach)} THEN FALSE"
            f" ELSE {up} + {near} * {across} <= {_real(haversine_limit(leaf.km))} END)"
        )

    def texts(self, values: Sequence[str]) -> str:
        return ", ".join(quote(value, self.dialect) for value in values)


def _from(fact: Fact, day: date) -> str:
    """A partial date is on or after `day`: sure by its first day, refused by its last."""
    return f"(CASE WHEN {fact.name}_first >= {_day(day)} THEN TRUE WHEN {fact.name}_last < {_day(day)} THEN FALSE END)"


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _real(value: float) -> str:
    """A double that stays a double: exponent form is no decimal in any engine."""
    return f"({value:.17e})"
