"""The waiting list: who moves when someone declines.

A freed seat goes to choose(those who remain seated and everyone who prefers this opportunity to what they hold);
whoever moves up frees a seat in turn, until nobody wants a seat that is free. Nobody loses by it: the choice is
consistent and substitutable, so those who remain seated stay. The order in which seats are worked through does
not matter (tested). Vacancy chains: Blum, Roth & Rothblum (1997).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from okat.engine.allocation.choice import Candidate, Standing, choose
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Outcome, Placement, cutoffs_of
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.errors import OutcomeError


@dataclass(frozen=True)
class Move:
    """`before` is None for someone who held nothing; `after` is None for someone who declined."""

    applicant: str
    before: Placement | None
    after: Placement | None


@dataclass(frozen=True)
class Moved:
    """The problem without the declined wishes, its outcome (to be certified against it), and who moved."""

    problem: Problem
    outcome: Outcome
    moves: tuple[Move, ...]


def decline(problem: Problem, outcome: Outcome, declining: Iterable[str], *, seed: str, rules: Rules = RULES) -> Moved:
    """Release the declining applicants' seats and fill them from the waiting lists, moves cascading.

    By `rules.decline` they keep waiting for what they ranked above the declined place (`keep-dearer`; with what
    they ranked below it they would push out people who already sit there), or leave the round (`leave-round`).
    Raises `OutcomeError` for someone who holds no seat.
    """
    gone = {who: _seat_of(outcome, who) for who in declining}
    left = _without(problem, gone, rules)
    return _refill(outcome, left, gone, seed)


def _seat_of(outcome: Outcome, who: str) -> Placement:
    seat = outcome.placements.get(who)
    if seat is None:
        raise OutcomeError(f"{who} holds no seat, so there is none to decline")
    return seat


def _without(problem: Problem, gone: dict[str, Placement], rules: Rules) -> Problem:
    ranks = {(row.applicant, row.opportunity): row.rank for row in problem.preferences}
    dearer = rules.decline == "keep-dearer"
    kept = tuple(
        row
        for row in problem.preferences
        if row.applicant not in gone or (dearer and row.rank < ranks[row.applicant, gone[row.applicant].opportunity])
    )
    return Problem(problem.opportunities, problem.applicants, kept)


def _refill(outcome: Outcome, left: Problem, gone: dict[str, Placement], seed: str) -> Moved:
    held = {who: None if who in gone else seat for who, seat in outcome.placements.items()}
    lottery = {each.id: lottery_number(seed, each.id) for each in left.applicants}
    listing: dict[str, list[tuple[str, int]]] = {each.id: [] for each in left.opportunities}
    for who, wishes in left.wishes.items():
        for place, wish in enumerate(wishes):
            listing[wish.opportunity].append((who, place))
    place_of = {(who, wish.opportunity): at for who, wishes in left.wishes.items() for at, wish in enumerate(wishes)}

    def holds(who: str) -> int:
        """The place in their list of what they hold; beyond its end for nothing."""
        seat = held[who]
        return len(left.wishes[who]) if seat is None else place_of[who, seat.opportunity]

    freed = sorted({seat.opportunity for seat in gone.values()})
    while freed:
        where = freed.pop()
        wanting = [who for who, place in listing[where] if place <= holds(who)]
        chosen = choose(
            left.opportunity[where],
            [Candidate(Standing(-left.priority[who, where], lottery[who]), who, left.groups[who]) for who in wanting],
        )
        for who, seat_class in chosen.items():
            old = held[who]
            if old is not None and old.opportunity != where:
                freed.append(old.opportunity)
            held[who] = Placement(where, seat_class)
    moves = tuple(Move(who, seat, held[who]) for who, seat in outcome.placements.items() if held[who] != seat)
    return Moved(left, Outcome(held, cutoffs_of(left, held, seed)), moves)
