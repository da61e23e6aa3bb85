"""Random rules, people and columns for property tests: small pools, so that values meet thresholds often."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import polars as pl
from hypothesis import strategies as st

from okat.engine.eligibility import (
    ABSENT,
    PRESENT,
    Age,
    AllOf,
    AnyOf,
    Compare,
    DateSpan,
    Exists,
    Fact,
    FactSchema,
    HasAll,
    HasAny,
    IsTrue,
    Kind,
    Not,
    OneOf,
    Point,
    Source,
    Within,
    Words,
)

SOURCE = Source("ตัวอย่าง", "test", False)
ON_DAYS = [date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29), date(2026, 10, 1)]
CODES = ["ก", "ข'", 'c"d', "back\\slash", "other"]
PLACES = [Point(16.4322, 102.8236), Point(16.47, 102.83), Point(13.75, 100.5), Point(-89.9, 10.0)]
DAYS = [d + timedelta(days=k) for d in (date(1966, 10, 1), date(1964, 2, 29), date(1968, 2, 28)) for k in (-1, 0, 1)]


def words(name: str) -> Words:
    return Words(f"ข้อ{name}", f"the {name}")


def fact(name: str, kind: Kind, **more: Any) -> Fact:
    return Fact(name, kind, words(name), Words(f"{name}?", f"{name}?"), **more)


SCHEMA = FactSchema(
    (
        fact("able", Kind.BOOL, denial=Words("ทำไม่ได้", "is not able"), cost=0),
        fact("bankrupt", Kind.BOOL, optional=True, cost=3),
        fact("children", Kind.INT, minimum=Decimal(0), cost=1),
        fact("income", Kind.NUMBER, unit=Words("บาท", "baht"), cost=5),
        fact("pension", Kind.NUMBER, optional=True, minimum=Decimal(0), cost=2),
        fact("work", Kind.CODE, cost=1),
        fact("status", Kind.CODE, codes=tuple((c, Words(f"รหัส {i}", f"code {i}")) for i, c in enumerate(CODES))),
        fact("needs", Kind.CODES, cost=2),
        fact("birth", Kind.DATE, partial=True, cost=1),
        fact("died", Kind.DATE, partial=True, optional=True, cost=4),
        fact("expiry", Kind.DATE, optional=True, cost=1),
        fact("home", Kind.POINT, cost=2),
    )
)

ops = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
ints = st.integers(-1, 4)
DECIMALS = [Decimal(x) for x in ("-0.1", "0", "0.1", "0.3", "1500.50", "3000", "3000.01")]
decimals = st.sampled_from(DECIMALS)
days = st.sampled_from(DAYS)
kms = st.sampled_from([Decimal(x) for x in ("0.5", "4", "5", "400", "19999")])


def compare(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Compare]:
    return st.builds(Compare, st.just(name), ops, values, st.just(SOURCE))


def of(name: str) -> st.SearchStrategy[str]:
    return st.just(name)


source = st.just(SOURCE)
lists = [[*some] for n in (1, 2, 3) for some in permutations(CODES, n)]
some_codes = st.sampled_from([tuple(some) for some in lists])
EXISTS = ("bankrupt", "pension", "died", "expiry")


def ages(name: str) -> st.SearchStrategy[Age]:
    years = st.sampled_from([0, 57, 59, 60, 61])
    return st.builds(Age, of(name), ops, years, st.sampled_from([None, date(2026, 3, 1), date(2024, 2, 29)]), source)


def codes_leaf(name: str) -> st.SearchStrategy[Compare | OneOf]:
    equal = st.builds(Compare, of(name), st.sampled_from(["=", "!="]), st.sampled_from(CODES), source)
    return equal | st.builds(OneOf, of(name), some_codes, source)


LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "able": st.builds(IsTrue, of("able"), source),
    "bankrupt": st.builds(IsTrue, of("bankrupt"), source),
    "children": compare("children", ints),
    "income": compare("income", decimals),
    "pension": compare("pension", decimals),
    "work": codes_leaf("work"),
    "status": codes_leaf("status"),
    "needs": st.builds(HasAny, of("needs"), some_codes, source) | st.builds(HasAll, of("needs"), some_codes, source),
    "birth": compare("birth", days) | ages("birth"),
    "died": compare("died", days) | ages("died"),
    "expiry": compare("expiry", days),
    "home": st.sampled_from(list(enumerate(PLACES))).flatmap(
        lambda item: st.builds(Within, of("home"), st.just(item[1]), kms, st.just(words(f"market {item[0]}")), source)
    ),
}
LEAVES |= {name: LEAVES[name] | st.builds(Exists, of(name), source) for name in EXISTS}
leaves = st.sampled_from(sorted(LEAVES)).flatmap(LEAVES.__getitem__)
rules = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=7,
)


SPANS = [
    span
    for day in DAYS
    for span in (
        day,
        DateSpan.of_year(day.year),
        DateSpan.of_month(day.year, day.month),
        DateSpan(day, day + timedelta(days=2)),
        DateSpan(day, day),
    )
]
POOLS: dict[str, list[Any]] = {
    "able": [True, False],
    "bankrupt": [True, False],
    "children": [0, 1, 2, 3, 4],
    "income": DECIMALS,
    "pension": [number for number in DECIMALS if number >= 0],
    "work": [*CODES, "อื่น"],
    "status": CODES,
    "needs": [frozenset(some) for n in range(5) for some in combinations([*CODES, "อื่น"], n)],
    "birth": SPANS,
    "died": SPANS,
    "expiry": DAYS,
    "home": [*PLACES, Point(16.45, 102.83), Point(16.4322, 102.87), Point(90.0, 0.0)],
}
VALUES = {name: st.sampled_from(pool) for name, pool in POOLS.items()}
# A third of the facts are not known, in each of the ways.
people = st.fixed_dictionaries(
    {},
    optional={
        one.name: st.sampled_from([*POOLS[one.name], None, *([ABSENT, PRESENT] * 2 if one.optional else [])])
        for one in SCHEMA
    },
)


DTYPES = {
    Kind.BOOL: pl.Boolean,
    Kind.INT: pl.Int32,
    Kind.NUMBER: pl.Float64,
    Kind.CODE: pl.String,
    Kind.CODES: pl.List(pl.String),
    Kind.DATE: pl.Date,
    Kind.POINT: pl.Float64,
}


def cells(one: Fact, value: Any) -> list[Any]:
    """A fact's cells in the order of its columns, written apart from the product's own conversion."""
    known = value is not None and value is not ABSENT and value is not PRESENT
    exists = [None if value is None else value is not ABSENT] if one.optional else []
    if one.kind is Kind.POINT:
        return [value.lat, value.lon] if known else [None, None]
    if one.partial:
        if isinstance(value, DateSpan):
            return [value.first, value.last, *exists]
        return [value if known else None] * 2 + exists
    plain = float(value) if isinstance(value, Decimal) else sorted(value) if isinstance(value, frozenset) else value
    return [plain if known else None, *exists]


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """People as a Polars table with an `id`."""
    data: dict[str, pl.Series] = {"id": pl.Series(range(len(rows)), dtype=pl.Int64)}
    for one in SCHEMA:
        table = [cells(one, row.get(one.name)) for row in rows]
        for i, column in enumerate(one.columns):
            dtype = pl.Boolean if column.endswith("_exists") else DTYPES[one.kind]
            data[column] = pl.Series(column, [line[i] for line in table], dtype=dtype)
    return pl.DataFrame(data)
