"""The same problem as arrays, for rounds of a province or a country.

Shapes: n applicants, m opportunities, e preferences, r reserves. Rows of preferences stand applicant by
applicant (`start[i]` to `start[i + 1]`), dearest first. Standings are compared as (score, lottery): higher
score first, then lower lottery rank; ranks are a permutation of 0..n-1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Placement
from okat.engine.allocation.problem import OPEN, Problem
from okat.engine.errors import ProblemError

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]
MAX_GROUPS = 64


@dataclass(frozen=True)
class Arrays:
    """- start int64[n+1], opportunity int32[e], score int32[e] (0 or more): the preferences;
    - lottery int32[n]: lottery ranks; groups uint64[n]: bit g says that the applicant is in group g;
    - capacity int32[m]; reserve_start int32[m+1], reserve_group int32[r], reserve_seats int32[r]: reserves
      in their order of precedence.

    Raises `ProblemError` for shapes or values that contradict each other."""

    start: Longs
    opportunity: Ints
    score: Ints
    lottery: Ints
    groups: Masks
    capacity: Ints
    reserve_start: Ints
    reserve_group: Ints
    reserve_seats: Ints

    def __post_init__(self) -> None:
        n, m = len(self.lottery), len(self.capacity)
        checks = {
            "start must run from 0 to the number of preferences without falling": _runs(
                self.start, n, len(self.opportunity)
            ),
            "reserve_start must run from 0 to the number of reserves": _runs(
                self.reserve_start, m, len(self.reserve_group)
            ),
            "score must have one entry per preference": len(self.score) == len(self.opportunity),
            "groups must have one entry per applicant": len(self.groups) == n,
            "reserve_seats must have one entry per reserve": len(self.reserve_seats) == len(self.reserve_group),
            "opportunities must lie within the capacities": _within(self.opportunity, m),
            f"groups must be numbered 0 to {MAX_GROUPS - 1}": _within(self.reserve_group, MAX_GROUPS),
            "scores must not be negative": _within(self.score),
            "capacities and seats must not be negative": _within(self.capacity) and _within(self.reserve_seats),
            "lottery ranks must be a permutation": _within(self.lottery, n) and _all_once(self.lottery),
        }
        for message, fine in checks.items():
            if not fine:
                raise ProblemError(message)
        reserved = np.concatenate(([0], np.cumsum(self.reserve_seats, dtype=np.int64)))[self.reserve_start]
        if (np.diff(reserved) > self.capacity).any():
            raise ProblemError(
                f"opportunity {int(np.argmax(np.diff(reserved) > self.capacity))} reserves above its capacity"
            )

    @property
    def class_start(self) -> Longs:
        """Where the seat classes of each opportunity start: its reserves in order, then `open`."""
        return self.reserve_start.astype(np.int64) + np.arange(len(self.capacity) + 1)


def _runs(start: npt.NDArray[Any], count: int, end: int) -> bool:
    return len(start) == count + 1 and start[0] == 0 and start[-1] == end and bool((start[1:] >= start[:-1]).all())


def _within(values: npt.NDArray[Any], limit: int | None = None) -> bool:
    return not len(values) or bool(values.min() >= 0 and (limit is None or values.max() < limit))


def _all_once(values: npt.NDArray[Any]) -> bool:
    seen = np.zeros(len(values), dtype=np.bool_)
    seen[values] = True
    return bool(seen.all())


def from_problem(problem: Problem, seed: str) -> Arrays:
    """Scores become dense ranks, which order as they do. Raises `ProblemError` above 64 reserved groups."""
    where = {item.id: index for index, item in enumerate(problem.opportunities)}
    names = sorted({reserve.group for item in problem.opportunities for reserve in item.reserves})
    if len(names) > MAX_GROUPS:
        raise ProblemError(f"{len(names)} reserved groups; a round of this size may have {MAX_GROUPS}")
    bit = {name: 1 << index for index, name in enumerate(names)}
    scores = {score: index for index, score in enumerate(sorted({row.priority for row in problem.preferences}))}
    lists = [problem.wishes[each.id] for each in problem.applicants]
    numbers = [lottery_number(seed, each.id) for each in problem.applicants]
    ranks = np.empty(len(numbers), dtype=np.int32)
    ranks[sorted(range(len(numbers)), key=numbers.__getitem__)] = np.arange(len(numbers), dtype=np.int32)
    reserves = [reserve for item in problem.opportunities for reserve in item.reserves]
    return Arrays(
        start=np.concatenate(([0], np.cumsum([len(wishes) for wishes in lists], dtype=np.int64))),
        opportunity=np.array([where[wish.opportunity] for wishes in lists for wish in wishes], dtype=np.int32),
        score=np.array([scores[wish.priority] for wishes in lists for wish in wishes], dtype=np.int32),
        lottery=ranks,
        groups=np.array(
            [sum(bit.get(name, 0) for name in each.groups) for each in problem.applicants], dtype=np.uint64
        ),
        capacity=np.array([item.capacity for item in problem.opportunities], dtype=np.int32),
        reserve_start=np.cumsum([0, *(len(item.reserves) for item in problem.opportunities)], dtype=np.int32),
        reserve_group=np.array([names.index(reserve.group) for reserve in reserves], dtype=np.int32),
        reserve_seats=np.array([reserve.seats for reserve in reserves], dtype=np.int32),
    )


def to_placements(problem: Problem, arrays: Arrays, seat: Longs) -> dict[str, Placement | None]:
    """`seat` int64[n]: the number of the seat class (see `Arrays.class_start`), -1 for none."""
    classes = [
        Placement(item.id, name)
        for item in problem.opportunities
        for name in (*(reserve.group for reserve in item.reserves), OPEN)
    ]
    return {
        each.id: classes[number] if number >= 0 else None
        for each, number in zip(problem.applicants, seat.tolist(), strict=True)
    }
