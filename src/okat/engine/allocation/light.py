"""Deferred acceptance in plain Python, for problems where compiling would cost more than solving."""

from decimal import Decimal
from heapq import heappop, heappush, heapreplace

from okat.engine.allocation.choice import seat_classes
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Placement
from okat.engine.allocation.problem import OPEN, Opportunity, Problem

Entry = tuple[tuple[int | Decimal, int], str]


class _Desk:
    """One opportunity's seats: a heap per class with its lowest holder on top.

    A newcomer walks the classes in order; where they stand above the lowest holder they take that seat and
    the displaced person walks on. That is the choice, kept up to date one proposal at a time.
    """

    def __init__(self, item: Opportunity) -> None:
        self.capacity = item.capacity
        self.reserves = item.reserves
        self.held: dict[str, list[Entry]] = {name: [] for name in seat_classes(item)}
        self.taken = 0

    def take(self, entry: Entry, groups: dict[str, frozenset[str]]) -> str | None:
        """Seat the newcomer; the person who loses a seat by it (perhaps the newcomer) or None."""
        for group, seats in self.reserves:
            if group not in groups[entry[1]]:
                continue
            held = self.held[group]
            if len(held) < seats:
                heappush(held, entry)
                return self._trim()
            if held and held[0] < entry:
                entry = heapreplace(held, entry)
        heappush(self.held[OPEN], entry)
        return self._trim()

    def _trim(self) -> str | None:
        self.taken += 1
        if self.taken <= self.capacity:
            return None
        self.taken -= 1
        return heappop(self.held[OPEN])[1]


def place(problem: Problem, seed: str) -> dict[str, Placement | None]:
    """Applicant -> seat or None."""
    desks = {item.id: _Desk(item) for item in problem.opportunities}
    groups = dict(problem.groups)
    # Standings turn round here: heaps keep the smallest on top, and the top must be the lowest holder.
    lottery = {who: -lottery_number(seed, who) for who in groups}
    wishes = {who: iter(listed) for who, listed in problem.wishes.items()}
    for who in groups:
        asking: str | None = who
        while asking is not None:
            wish = next(wishes[asking], None)
            if wish is None:
                break
            asking = desks[wish.opportunity].take(((wish.priority, lottery[asking]), asking), groups)
    placements: dict[str, Placement | None] = dict.fromkeys(groups)
    for where, desk in desks.items():
        for name, held in desk.held.items():
            placements.update({entry[1]: Placement(where, name) for entry in held})
    return placements
