"""The outcome: who sits where, and the cut-offs that explain it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from okat.engine.allocation.choice import Standing, seat_classes
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.problem import OPEN, Opportunity, Problem


class Placement(NamedTuple):
    """A seat: the opportunity and its class (the reserve's group, or `open`)."""

    opportunity: str
    seat_class: str


class CutOff(NamedTuple):
    """What it took to get in by one seat class of one opportunity.

    - `full` and a priority: the lowest-ranked holder's (priority, lottery). Who stands above it would have
      a seat.
    - `full` without a priority: the class has no seat at all (a reserve of 0, or reserves that took every
      place).
    - not `full`: everyone who may use this class and wanted it has a seat here; there is no cut-off. For a
      reserve this says nothing about empty chairs: seats that its group leaves free are given out as `open`.
    """

    opportunity: str
    seat_class: str
    priority: int | Decimal | None
    lottery: int | None
    full: bool

    @property
    def standing(self) -> Standing | None:
        """The last standing that was let in, or None where there is no cut-off."""
        if self.priority is None or self.lottery is None:
            return None
        return Standing(-self.priority, self.lottery)


@dataclass(frozen=True)
class Outcome:
    """`placements` has one entry per applicant (None: unplaced); `cutoffs` one per opportunity and seat
    class, in the order of the opportunities and of their precedence, `open` last."""

    placements: Mapping[str, Placement | None]
    cutoffs: tuple[CutOff, ...]

    @property
    def placed(self) -> int:
        return sum(seat is not None for seat in self.placements.values())


def cutoffs_of(problem: Problem, placements: Mapping[str, Placement | None], seed: str) -> tuple[CutOff, ...]:
    """The cut-offs that belong to these placements, by the definition in `CutOff`."""
    holders: dict[Placement, list[Standing]] = {}
    for applicant, seat in placements.items():
        if seat is not None:
            priority = problem.priority[applicant, seat.opportunity]
            standing = Standing(-priority, lottery_number(seed, applicant))
            holders.setdefault(seat, []).append(standing)
    return tuple(cut for item in problem.opportunities for cut in opportunity_cutoffs(item, holders))


def opportunity_cutoffs(item: Opportunity, holders: Mapping[Placement, list[Standing]]) -> Iterator[CutOff]:
    """`holders` gives the standings of those who sit in each seat class."""
    seated = sum(len(holders.get(Placement(item.id, name), ())) for name in seat_classes(item))
    for reserve in item.reserves:
        sitting = holders.get(Placement(item.id, reserve.group), [])
        yield _cutoff(item.id, reserve.group, sitting, full=len(sitting) >= reserve.seats)
    yield _cutoff(item.id, OPEN, holders.get(Placement(item.id, OPEN), []), full=seated >= item.capacity)


def _cutoff(opportunity: str, seat_class: str, sitting: list[Standing], *, full: bool) -> CutOff:
    if not full or not sitting:
        return CutOff(opportunity, seat_class, None, None, full)
    last = max(sitting)
    return CutOff(opportunity, seat_class, -last.descending, last.lottery, full)
