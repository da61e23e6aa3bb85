"""Proof of scores without the code that made them: every distance again, by another formula and without an index.

A pair on the very edge of a zone (within `EDGE_KM`) may fall on either side by rounding. So the check works out the
least and the most that each figure may be, and what is stated must lie between. It also adds up what any reader can:
no seat is made and none is lost. O(people x venues) time, O(people) memory.
"""

from typing import NamedTuple

import numpy as np

from okat.engine.access.catchment import Access
from okat.engine.access.problem import EARTH_KM, Floats, People, Venues, Zones

EDGE_KM = 1e-6
RELATIVE = 1e-9
TINY = 1e-15


class Violation(NamedTuple):
    """`code` reached, ratio, score, seats or length; the `row` it stands in (-1: the sum); what is stated, and what
    may be."""

    code: str
    row: int
    stated: float
    least: float
    most: float


def check(people: People, venues: Venues, zones: Zones, found: Access) -> tuple[Violation, ...]:
    """Everything that is not as the definition says; empty: proved."""
    if (len(found.score), len(found.reached), len(found.ratio)) != (len(people), len(venues), len(venues)):
        return (Violation("length", -1, len(found.score), len(people), len(people)),)
    low, high = np.zeros(len(people)), np.zeros(len(people))
    broken: list[Violation] = []
    for j in range(len(venues)):
        km = kilometres(people, float(venues.lat[j]), float(venues.lon[j]))
        less, more = _counted(km + EDGE_KM, zones), _counted(km - EDGE_KM, zones)
        stated, ratio = float(found.reached[j]), float(found.ratio[j])
        broken += _outside(
            "reached", j, stated, float(np.sum(people.demand * less)), float(np.sum(people.demand * more))
        )
        right = float(venues.seats[j]) / stated if stated > 0 else 0.0
        broken += _outside("ratio", j, ratio, right, right)
        low += ratio * less
        high += ratio * more
    inside = (found.score >= low * (1 - RELATIVE) - TINY) & (found.score <= high * (1 + RELATIVE) + TINY)
    for i in np.flatnonzero(~inside):  # what is not a number is not inside either
        broken.append(Violation("score", int(i), float(found.score[i]), float(low[i]), float(high[i])))
    handed_out = float(np.sum(people.demand * found.score))
    there = float(np.sum(np.where(found.reached > 0, venues.seats, 0.0)))
    return (*broken, *_outside("seats", -1, handed_out, there, there))


def _outside(code: str, row: int, stated: float, least: float, most: float) -> list[Violation]:
    inside = least * (1 - RELATIVE) - TINY <= stated <= most * (1 + RELATIVE) + TINY
    return [] if inside else [Violation(code, row, stated, least, most)]


def _counted(km: Floats, zones: Zones) -> Floats:
    """The weight at each distance, from the outermost ring inwards."""
    weight = np.zeros(len(km))
    for reach, value in zip(reversed(zones.km), reversed(zones.weight), strict=True):
        weight[km <= reach] = value
    return weight


def kilometres(people: People, lat: float, lon: float) -> Floats:
    """Great-circle distances by Vincenty's formula for a sphere (1975), exact also for points that nearly touch."""
    a, b, apart = np.radians(people.lat), np.radians(lat), np.radians(people.lon - lon)
    side = np.hypot(np.cos(b) * np.sin(apart), np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(apart))
    ahead = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(apart)
    result: Floats = EARTH_KM * np.arctan2(side, ahead)
    return result
