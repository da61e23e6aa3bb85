"""Slow and obvious: deferred acceptance as Gale & Shapley (1962) tell it, in rounds. The recount and the
tests hold the fast solver against it. Freed seats are filled again in the same slow way."""

from collections.abc import Iterable, Mapping

from okat.engine.allocation.choice import Candidate, Standing, choose
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Outcome, Placement, cutoffs_of
from okat.engine.allocation.problem import Problem


def decide_slowly(problem: Problem, *, seed: str) -> Outcome:
    """Every day each applicant without an offer asks at the next place of their list; each opportunity keeps
    the best of those who ever asked and were not refused, and refuses the others; until nobody asks."""
    lottery = {each.id: lottery_number(seed, each.id) for each in problem.applicants}
    next_wish = dict.fromkeys(lottery, 0)
    kept: dict[str, dict[str, str]] = {each.id: {} for each in problem.opportunities}
    free = sorted(lottery)
    while free:
        asking: dict[str, list[str]] = {}
        for who in free:
            if next_wish[who] < len(problem.wishes[who]):
                asking.setdefault(problem.wishes[who][next_wish[who]].opportunity, []).append(who)
                next_wish[who] += 1
        free = []
        for where, new in asking.items():
            everyone = [*kept[where], *new]
            kept[where] = choose(
                problem.opportunity[where],
                [
                    Candidate(Standing(-problem.priority[who, where], lottery[who]), who, problem.groups[who])
                    for who in everyone
                ],
            )
            free += [who for who in everyone if who not in kept[where]]
    placements: dict[str, Placement | None] = dict.fromkeys(lottery)
    for where, seats in kept.items():
        placements.update({who: Placement(where, seat_class) for who, seat_class in seats.items()})
    return Outcome(placements, cutoffs_of(problem, placements, seed))


def refill_slowly(
    problem: Problem,
    lists: Mapping[str, list[str]],
    held: Mapping[str, Placement | None],
    freed: Iterable[str],
    *,
    seed: str,
) -> dict[str, Placement | None]:
    """Wherever a seat came free, the opportunity chooses anew among those who sit there and all who would rather be
    there; who moves frees a seat elsewhere; until no freed seat is left. `lists` are the wishes that still stand."""
    now, free = dict(held), set(freed)
    lottery = {who: lottery_number(seed, who) for who in lists}
    while free:
        where = min(free)
        free.remove(where)
        asking = [who for who, listed in lists.items() if where in listed and not _better(now[who], where, listed)]
        chosen = choose(
            problem.opportunity[where],
            [
                Candidate(Standing(-problem.priority[who, where], lottery[who]), who, problem.groups[who])
                for who in asking
            ],
        )
        for who, seat_class in chosen.items():
            before = now[who]
            if before is not None and before.opportunity != where:
                free.add(before.opportunity)
            now[who] = Placement(where, seat_class)
    return now


def _better(seat: Placement | None, where: str, listed: list[str]) -> bool:
    """Whether they hold what they ranked above `where`."""
    return seat is not None and listed.index(seat.opportunity) < listed.index(where)
