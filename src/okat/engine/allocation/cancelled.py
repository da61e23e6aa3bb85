"""An opportunity is cancelled after its seats were given.

Whoever sat there holds nothing any more, waits on for what they ranked above it, and gets the best of their other
wishes that still has a free seat: the reserved seats that are left go first, by the same standing and lottery. Nobody
who sits elsewhere moves. Wishes below the lost seat that are full end: with them the better standing of the one would
push out another who was promised a seat. Whoever had settled gets back no place in a queue, but may have a free seat.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from okat.engine.allocation.decide import decide
from okat.engine.allocation.outcome import Outcome, Placement
from okat.engine.allocation.problem import Opportunity, Preference, Problem, Reserve
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.allocation.waiting import (
    CANCELLED,
    INSTEAD,
    LOST,
    Moved,
    Release,
    could_have,
    refill,
    without,
)
from okat.engine.errors import OutcomeError


def cancel(
    problem: Problem, lines: Sequence[Release], outcome: Outcome, opportunity: str, version: int, *, seed: str,
    rules: Rules = RULES,
) -> tuple[Moved, tuple[Release, ...]]:  # fmt: skip
    """The next version of the outcome, and the lines that say what happened. `problem` is that of the first run and
    `lines` all releases since. Raises `OutcomeError` for an opportunity that is unknown or cancelled already."""
    if opportunity not in problem.opportunity or any(_ends(line, opportunity) for line in lines):
        raise OutcomeError(f"{opportunity} is not there to be cancelled")
    seats = outcome.placements
    lost = sorted(who for who, seat in seats.items() if seat and seat.opportunity == opportunity)
    ended = [Release(version, "", opportunity, CANCELLED), *(Release(version, who, opportunity, LOST) for who in lost)]
    rows = could_have(problem, (*lines, *ended), rules)
    left = free_seats(problem, seats, rows, set(lost))
    given = decide(left, seed=seed, rules=rules).placements
    instead = [Release(version, who, seat.opportunity, INSTEAD) for who in lost if (seat := given[who])]
    fresh = (*ended, *instead)
    freed = {line.opportunity for line in instead}
    return refill(outcome, without(problem, (*lines, *fresh), rules), lost, freed, seed), fresh


def _ends(line: Release, opportunity: str) -> bool:
    return line.kind == CANCELLED and line.opportunity == opportunity


def free_seats(
    problem: Problem, seats: Mapping[str, Placement | None], rows: Iterable[Preference], lost: set[str]
) -> Problem:
    """The seats that nobody holds as a problem of their own, for those who lost theirs; reserves as far as nobody of
    the group holds them."""
    held = Counter(seat.opportunity for seat in seats.values() if seat)
    taken = Counter((seat.opportunity, seat.seat_class) for seat in seats.values() if seat)
    free = tuple(
        Opportunity(each.id, each.capacity - held[each.id], _reserves(each, each.capacity - held[each.id], taken))
        for each in problem.opportunities
        if held[each.id] < each.capacity
    )
    names = {each.id for each in free}
    wishes = tuple(row for row in rows if row.applicant in lost and row.opportunity in names)
    return Problem(free, tuple(each for each in problem.applicants if each.id in lost), wishes)


def _reserves(opportunity: Opportunity, free: int, taken: Mapping[tuple[str, str], int]) -> tuple[Reserve, ...]:
    found = []
    for group, seats in opportunity.reserves:
        rest = min(free, seats - taken.get((opportunity.id, group), 0))
        if rest > 0:
            found.append(Reserve(group, rest))
            free -= rest
    return tuple(found)
