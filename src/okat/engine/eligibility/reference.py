"""Slow and obvious: the definitions themselves, to hold the fast readings against. Only for small problems.

A leaf is yes when it holds for every value that the fact may still have, no when it holds for none of them,
and unknown otherwise. Partial dates are spelled out day by day; sets of questions are tried one by one.
"""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

from okat.engine.eligibility.answers import open_answers
from okat.engine.eligibility.facts import FactSchema
from okat.engine.eligibility.nodes import (
    Age,
    AllOf,
    AnyOf,
    Compare,
    Exists,
    HasAll,
    HasAny,
    IsTrue,
    Leaf,
    Not,
    OneOf,
    Rule,
    Within,
    leaves,
)
from okat.engine.eligibility.values import EARTH_KM, DateSpan, Known, Point, Tri, Value

Facts = Mapping[str, Value | None]


def truth(rule: Rule, facts: Facts, on: date) -> Tri:
    """The verdict by Kleene's tables as arithmetic: no 0, unknown 1, yes 2; `all` the least, `any` the
    greatest.
    """
    return (Tri.NO, Tri.UNKNOWN, Tri.YES)[_worth(rule, facts, on)]


def _worth(rule: Rule, facts: Facts, on: date) -> int:
    if isinstance(rule, AllOf):
        return min([_worth(part, facts, on) for part in rule.parts])
    if isinstance(rule, AnyOf):
        return max([_worth(part, facts, on) for part in rule.parts])
    if isinstance(rule, Not):
        return 2 - _worth(rule.part, facts, on)
    return _leaf_worth(rule, facts.get(rule.fact), on)


def _leaf_worth(leaf: Leaf, value: Value | None, on: date) -> int:
    if value is None:
        return 1
    if value is Known.ABSENT:
        return 0
    if isinstance(leaf, Exists):
        return 2
    if value is Known.PRESENT:
        return 1
    held = {_holds(leaf, each, on) for each in _every(value)}
    return 1 if len(held) == 2 else 2 * held.pop()


def _every(value: Value) -> list[Value]:
    if not isinstance(value, DateSpan):
        return [value]
    return [value.first + timedelta(days=n) for n in range((value.last - value.first).days + 1)]


def _holds(leaf: Leaf, value: Value, on: date) -> bool:
    match leaf, value:
        case Age(), date():
            return _compare(birthdays(value, leaf.at or on), leaf.op, leaf.years)
        case Compare(), _:
            return _compare(value, leaf.op, leaf.value)
        case OneOf(), _:
            return any(value == code for code in leaf.values)
        case HasAny(), frozenset():
            return len([code for code in leaf.values if code in value]) > 0
        case HasAll(), frozenset():
            return len([code for code in leaf.values if code in value]) == len(leaf.values)
        case Within(), Point():
            return arc_km(value, leaf.place) <= leaf.km
        case IsTrue(), bool():
            return value
    raise TypeError(f"{leaf} does not test {value!r}")


def _compare(left: Any, op: str, right: Any) -> bool:
    before, same = bool(left < right), bool(left == right)
    if op == "=":
        return same
    if op == "!=":
        return not same
    if op == "<":
        return before
    if op == "<=":
        return before or same
    return not before if op == ">=" else not (before or same)


def birthdays(birth: date, at: date) -> int:
    """Completed years, by counting birthdays; 29 February is kept on 1 March where there is none."""

    def birthday(year: int) -> date:
        try:
            return birth.replace(year=year)
        except ValueError:
            return date(year, 3, 1)

    years = 0
    while birthday(birth.year + years + 1) <= at:
        years += 1
    while birthday(birth.year + years) > at:
        years -= 1
    return years


def arc_km(a: Point, b: Point) -> float:
    """Great-circle distance by the angle between two vectors (Kahan's form, exact for near and far alike)."""
    u, v = _vector(a), _vector(b)
    apart = math.dist(u, v)
    together = math.dist(u, [-x for x in v])
    return 2 * EARTH_KM * math.atan2(apart, together)


def _vector(p: Point) -> tuple[float, float, float]:
    lat, lon = math.radians(p.lat), math.radians(p.lon)
    return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


def missing_by_trying(
    rule: Rule, facts: Facts, schema: FactSchema, on: date, costs: Mapping[str, int] | None = None
) -> tuple[str, ...] | None:
    """The set that `missing` must name: every set of open facts with every combination of answers, smallest
    first.
    """
    price = {fact.name: (costs or {}).get(fact.name, fact.cost) for fact in schema}
    by_fact: dict[str, list[Leaf]] = {}
    for _, leaf in leaves(rule):
        by_fact.setdefault(leaf.fact, []).append(leaf)
    answers = {
        name: [value for value, _ in open_answers(schema[name], facts.get(name), about, on)]
        for name, about in by_fact.items()
    }
    unknown = sorted(name for name, options in answers.items() if options)
    sets = [chosen for size in range(len(unknown) + 1) for chosen in combinations(unknown, size)]
    for chosen in sorted(sets, key=lambda names: (len(names), sum(price[n] for n in names), names)):
        for given in product(*(answers[name] for name in chosen)):
            if truth(rule, {**facts, **dict(zip(chosen, given, strict=True))}, on) is Tri.YES:
                return chosen
    return None
