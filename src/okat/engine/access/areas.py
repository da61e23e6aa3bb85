"""Scores of people summed up for each area."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from okat.engine.access.catchment import Access
from okat.engine.access.problem import AccessError, People


class AreaAccess(NamedTuple):
    """One area: its people, their mean score (free places per person), and the people who reach no free place."""

    area: str
    demand: float
    score: float
    without: float


def by_area(people: People, found: Access, areas: Sequence[str]) -> list[AreaAccess]:
    """Each area in the order of its code; the mean is weighted by demand, 0 where nobody lives.

    Raises `AccessError` unless there is one area for each row of people."""
    if len(areas) != len(people):
        raise AccessError("length", "areas", -1, f"Give one area for each of the {len(people)} rows")
    codes, place = np.unique(np.asarray(areas, dtype=str), return_inverse=True)
    size = len(codes)
    demand = np.bincount(place, people.demand, size)
    seats = np.bincount(place, people.demand * found.score, size)
    without = np.bincount(place, np.where(found.score > 0, 0.0, people.demand), size)
    mean = np.divide(seats, demand, out=np.zeros(size), where=demand > 0)
    return [AreaAccess(str(code), float(demand[k]), float(mean[k]), float(without[k])) for k, code in enumerate(codes)]
