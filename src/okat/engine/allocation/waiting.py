"""The waiting list: who moves when someone declines.

A freed seat goes to choose(those who remain seated and everyone who prefers this opportunity to what they hold);
whoever moves up frees a seat in turn, until nobody wants a seat that is free. Nobody loses by it: the choice is
consistent and substitutable, so those who remain seated stay. The order in which seats are worked through does
not matter (tested). Vacancy chains: Blum, Roth & Rothblum (1997).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from okat.engine.allocation.choice import Candidate, Standing, choose
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Outcome, Placement, cutoffs_of
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.errors import OutcomeError

DECLINED, LEFT, SETTLED = "declined", "left", "settled"
KINDS = (DECLINED, LEFT, SETTLED)


class Release(NamedTuple):
    """One line of what happened to the seats after the first run, in the version of the outcome that it led to.

    `declined`: the seat at `opportunity` was given back, and by `rules.decline` the person keeps waiting for what
    they ranked above it, or leaves the round. `left`: the person leaves the whole round (`opportunity` is empty for
    somebody who held nothing). `settled`: the person keeps the seat and waits for nothing dearer.
    """

    version: int
    applicant: str
    opportunity: str
    kind: str


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
    lines = [Release(0, who, _seat_of(outcome, who).opportunity, DECLINED) for who in declining]
    return release(problem, outcome, lines, seed=seed, rules=rules)


def release(problem: Problem, outcome: Outcome, lines: Iterable[Release], *, seed: str, rules: Rules = RULES) -> Moved:
    """The next version of the outcome after these lines. Raises `OutcomeError` for a line that names a seat which
    the person does not hold."""
    lines = tuple(lines)
    for line in lines:
        seat = outcome.placements.get(line.applicant)
        if (seat.opportunity if seat else "") != line.opportunity:
            raise OutcomeError(f"{line.applicant} does not hold a seat at {line.opportunity or 'no opportunity'}")
    gone = {line.applicant: outcome.placements[line.applicant] for line in lines if line.kind != SETTLED}
    return _refill(outcome, without(problem, lines, rules), gone, seed)


def _seat_of(outcome: Outcome, who: str) -> Placement:
    seat = outcome.placements.get(who)
    if seat is None:
        raise OutcomeError(f"{who} holds no seat, so there is none to decline")
    return seat


def without(problem: Problem, lines: Iterable[Release], rules: Rules = RULES) -> Problem:
    """The problem without the wishes that these lines ended; in whatever order they stand. Dropping the wish of
    somebody who was not chosen changes no choice. Raises `OutcomeError` for a wish that nobody has."""
    ranks = {(row.applicant, row.opportunity): row.rank for row in problem.preferences}
    least: dict[str, float] = {}
    below: dict[str, float] = {}
    for line in lines:
        who, kind = line.applicant, line.kind
        rank = ranks.get((who, line.opportunity))
        if rank is None and kind != LEFT:
            raise OutcomeError(f"{who} does not list {line.opportunity}")
        if kind == SETTLED:
            least[who] = max(least.get(who, 0), rank or 0)
        else:
            leaves = kind == LEFT or rules.decline == "leave-round"
            below[who] = min(below.get(who, float("inf")), 0 if leaves else rank or 0)
    kept = tuple(
        row
        for row in problem.preferences
        if least.get(row.applicant, 0) <= row.rank < below.get(row.applicant, float("inf"))
    )
    return Problem(problem.opportunities, problem.applicants, kept)


def _refill(outcome: Outcome, left: Problem, gone: dict[str, Placement | None], seed: str) -> Moved:
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

    freed = sorted({seat.opportunity for seat in gone.values() if seat})
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
