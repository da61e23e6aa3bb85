"""Opportunities are cancelled after their seats were given; several at once where they end together, so that none is
offered in place of another.

Whoever sat there holds nothing any more, waits on for what they ranked above it, and gets the best of their other
wishes that still has a free seat: the reserved seats that are left go first, by the same standing and lottery. Nobody
who sits elsewhere moves. Wishes below the lost seat that are full end: with them the better standing of the one would
push out another who was promised a seat. Whoever had settled gets back no place in a queue, but may have a free seat.
Who had given the seat back, or had left, says so in the same version: the seat goes to nobody any more, and they get
none instead.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from okat.engine.allocation.decide import decide
from okat.engine.allocation.outcome import Outcome, Placement
from okat.engine.allocation.problem import Opportunity, Preference, Problem, Reserve
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.allocation.waiting import (
    CANCELLED,
    INSTEAD,
    LOST,
    SETTLED,
    Moved,
    Release,
    could_have,
    refill,
    without,
)
from okat.engine.errors import OutcomeError


def cancel(
    problem: Problem, lines: Sequence[Release], outcome: Outcome, opportunities: Collection[str], version: int, *,
    seed: str, rules: Rules = RULES, first: Sequence[Release] = (),
) -> tuple[Moved, tuple[Release, ...]]:  # fmt: skip
    """The next version of the outcome, and the lines that say what happened. `problem` is that of the first run and
    `lines` all releases since; `first` are those of people who sit there, which count before it is cancelled. Raises
    `OutcomeError` for an opportunity that is unknown or cancelled already."""
    off = sorted(set(opportunities))
    ended = {line.opportunity for line in lines if line.kind == CANCELLED}
    if odd := [each for each in off if each not in problem.opportunity or each in ended]:
        raise OutcomeError(f"{odd[0]} is not there to be cancelled")
    seats = outcome.placements
    sat = {who: seat.opportunity for who, seat in sorted(seats.items()) if seat and seat.opportunity in off}
    if odd := [line.applicant for line in first if sat.get(line.applicant) != line.opportunity]:
        raise OutcomeError(f"{odd[0]} does not sit in what is cancelled")
    gone = {line.applicant for line in first if line.kind != SETTLED}
    lost = {who: where for who, where in sat.items() if who not in gone}
    fresh = [*first, *(Release(version, "", each, CANCELLED) for each in off)]
    fresh += [Release(version, who, where, LOST) for who, where in lost.items()]
    rows = could_have(problem, (*lines, *fresh), rules)
    given = decide(free_seats(problem, seats, rows, set(lost)), seed=seed, rules=rules).placements
    instead = [Release(version, who, seat.opportunity, INSTEAD) for who in lost if (seat := given[who])]
    fresh += instead
    freed = {line.opportunity for line in instead}
    return refill(outcome, without(problem, (*lines, *fresh), rules), sat, freed, seed), tuple(fresh)


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
