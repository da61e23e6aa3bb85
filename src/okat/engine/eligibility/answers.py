"""For a fact that is not fully known: answers that between them make every combination of its leaves
possible.

Testing these few answers is as good as testing all. Bound: two edges of circles closer than about one metre
count as one.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from okat.engine.eligibility.evaluate import leaf_value
from okat.engine.eligibility.facts import Fact, Kind, fits
from okat.engine.eligibility.nodes import Age, Compare, HasAll, HasAny, Leaf, OneOf, Within
from okat.engine.eligibility.values import (
    ABSENT,
    EARTH_KM,
    MAX_DIGITS,
    PRESENT,
    DateSpan,
    Point,
    Tri,
    Value,
    distance_km,
    latest_birth,
    span,
)

METRE = 0.001
DAY = timedelta(days=1)


def open_answers(fact: Fact, now: Value | None, about: Sequence[Leaf], on: date) -> list[tuple[Value, list[Tri]]]:
    """Answers still open for `fact`, each with the values of the leaves `about` it; one answer per
    combination.

    Empty where the fact is fully known. `now` is what is known so far: None, PRESENT or a DateSpan.
    """
    if now is not None and now is not PRESENT and not isinstance(now, DateSpan):
        return []
    values = [v for v in _candidates(fact, now, about, on) if fits(fact, v)]
    if now is None and fact.optional:
        values.append(ABSENT)
    found: dict[tuple[Tri, ...], tuple[Value, list[Tri]]] = {}
    for value in values:
        results = [leaf_value(leaf, {fact.name: value}, on) for leaf in about]
        found.setdefault(tuple(results), (value, results))
    return list(found.values())


def _candidates(fact: Fact, now: Value | None, about: Sequence[Leaf], on: date) -> Sequence[Value]:
    match fact.kind:
        case Kind.BOOL:
            return (True, False)
        case Kind.INT | Kind.NUMBER:
            return _numbers(fact, about)
        case Kind.DATE:
            return _dates(now, about, on)
        case Kind.CODE:
            return _codes(fact, about)
        case Kind.CODES:
            return _code_sets(about)
        case Kind.POINT:
            return _points([leaf for leaf in about if isinstance(leaf, Within)])


def _numbers(fact: Fact, about: Sequence[Leaf]) -> Sequence[Value]:
    """Each threshold, the values beside it, and those between two neighbours."""
    edges = {
        Decimal(leaf.value) for leaf in about if isinstance(leaf, Compare) and isinstance(leaf.value, int | Decimal)
    }
    edges |= {bound for bound in (fact.minimum, fact.maximum) if bound is not None}
    ordered = sorted(edges or {Decimal(0)})
    if fact.kind is Kind.INT:
        near = {math.floor(edge) + step for edge in ordered for step in (-1, 0, 1)}
        return sorted(near)
    middles = [_middle(a, b) for a, b in pairwise(ordered)]
    return [ordered[0] - 1, *ordered, *middles, ordered[-1] + 1]


def _middle(low: Decimal, high: Decimal) -> Decimal:
    """A number between two others that keeps to the digits a column can hold, where there is one."""
    middle = (low + high) / 2
    for digits in range(1, MAX_DIGITS + 1):
        short = Decimal(f"{middle:.{digits}g}")
        if low < short < high:
            return short
    return middle


def _dates(now: Value | None, about: Sequence[Leaf], on: date) -> Sequence[Value]:
    edges = {on}
    for leaf in about:
        if isinstance(leaf, Age):
            edges |= {latest_birth(leaf.years + more, leaf.at or on) for more in (0, 1)}
        elif isinstance(leaf, Compare) and isinstance(leaf.value, date):
            edges.add(leaf.value)
    days = {edge + step for edge in edges for step in (-DAY, timedelta(0), DAY)}
    if not isinstance(now, DateSpan):
        return sorted(days)
    first, last = span(now)
    return sorted({day for day in days if first <= day <= last} | {first, last})


def _codes(fact: Fact, about: Sequence[Leaf]) -> Sequence[Value]:
    if fact.codes:
        return [code for code, _ in fact.codes]
    named = {code for leaf in about if isinstance(leaf, OneOf) for code in leaf.values}
    named |= {leaf.value for leaf in about if isinstance(leaf, Compare) and isinstance(leaf.value, str)}
    other = "other"
    while other in named:
        other += "-"
    return [*sorted(named), other]


def _code_sets(about: Sequence[Leaf]) -> Sequence[Value]:
    """The largest sets for each choice of leaves to refuse; smaller sets make no new combination of
    leaves.
    """
    tests = [leaf for leaf in about if isinstance(leaf, HasAny | HasAll)]
    sets = [frozenset(code for leaf in tests for code in leaf.values)]
    for leaf in tests:
        cuts = [frozenset(leaf.values)] if isinstance(leaf, HasAny) else [frozenset({c}) for c in leaf.values]
        sets = list(dict.fromkeys([*sets, *(held - cut for held in sets for cut in cuts)]))
    return sets


def _points(about: Sequence[Within]) -> Sequence[Value]:
    """Points inside and outside every circle, and on each side of every crossing of two circles."""
    points = [Point(0.0, 0.0), *(leaf.place for leaf in about)]
    for leaf in about:
        for bearing in range(0, 360, 45):
            points += [_travel(leaf.place, float(leaf.km) + off, bearing) for off in (-METRE, METRE)]
    for a, b in combinations(about, 2):
        for crossing in _crossings(a, b):
            points += [_travel(crossing, 2 * METRE, bearing) for bearing in range(0, 360, 15)]
    return points


def _travel(start: Point, km: float, bearing: float) -> Point:
    """The point `km` along the great circle from `start` in the direction `bearing` (degrees)."""
    angle, turn, lat = km / EARTH_KM, math.radians(bearing), math.radians(start.lat)
    up = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(turn))
    east = math.atan2(math.sin(turn) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(up))
    lon = (start.lon + math.degrees(east) + 540) % 360 - 180
    return Point(math.degrees(up), lon)


def _crossings(a: Within, b: Within) -> list[Point]:
    """Where the two circles meet: the spherical law of cosines gives the angle at the first centre."""
    apart = distance_km(a.place, b.place) / EARTH_KM
    near, far = float(a.km) / EARTH_KM, float(b.km) / EARTH_KM
    if apart == 0 or apart > near + far or apart < abs(near - far):
        return []
    cosine = (math.cos(far) - math.cos(apart) * math.cos(near)) / (math.sin(apart) * math.sin(near))
    corner = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
    towards = _bearing(a.place, b.place)
    return [_travel(a.place, float(a.km), towards + side * corner) for side in (-1, 1)]


def _bearing(a: Point, b: Point) -> float:
    lat_a, lat_b, turn = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon)
    east = math.sin(turn) * math.cos(lat_b)
    north = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(turn)
    return math.degrees(math.atan2(east, north))
