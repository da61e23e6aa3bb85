"""The waiting list: who moves when someone declines.

A freed seat goes to choose(those who remain seated and everyone who prefers this opportunity to what they hold);
whoever moves up frees a seat in turn, until nobody wants a seat that is free. Nobody loses by it: the choice is
consistent and substitutable, so those who remain seated stay. The order in which seats are worked through does
not matter (tested). Vacancy chains: Blum, Roth & Rothblum (1997).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from okat.engine.allocation.choice import Candidate, Standing, choose
from okat.engine.allocation.lottery import lottery_number
from okat.engine.allocation.outcome import Outcome, Placement, cutoffs_of
from okat.engine.allocation.problem import Preference, Problem
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.errors import OutcomeError

DECLINED, LEFT, SETTLED = "declined", "left", "settled"
CANCELLED, LOST, INSTEAD = "cancelled", "lost", "instead"
KINDS = (DECLINED, LEFT, SETTLED, CANCELLED, LOST, INSTEAD)


class Release(NamedTuple):
    """One line of what happened to the seats after the first run, in the version of the outcome that it led to.

    `declined`: the seat at `opportunity` was given back, and by `rules.decline` the person keeps waiting for what
    they ranked above it, or leaves the round. `left`: the person leaves the whole round (`opportunity` is empty for
    somebody who held nothing). `settled`: the person keeps the seat and waits for nothing dearer.

    `cancelled`: the opportunity does not take place (`applicant` is empty). With it `lost` for each who sat there: they
    keep waiting for what they ranked above it; and `instead` for each who gets a seat that is free elsewhere. Of the
    other kinds only lines of people who sat there stand in that version, and they count first.
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
    freed = {seat.opportunity for seat in gone.values() if seat}
    return refill(outcome, without(problem, lines, rules), gone, freed, seed)


def _seat_of(outcome: Outcome, who: str) -> Placement:
    seat = outcome.placements.get(who)
    if seat is None:
        raise OutcomeError(f"{who} holds no seat, so there is none to decline")
    return seat


def without(problem: Problem, lines: Iterable[Release], rules: Rules = RULES) -> Problem:
    """The problem without the wishes that these lines ended; in whatever order they stand. Dropping the wish of
    somebody who was not chosen changes no choice. Raises `OutcomeError` for a wish that nobody has."""
    ended = _Ended(problem, tuple(lines), rules)
    return Problem(problem.opportunities, problem.applicants, tuple(filter(ended.stands, problem.preferences)))


def could_have(problem: Problem, lines: Iterable[Release], rules: Rules = RULES) -> tuple[Preference, ...]:
    """The wishes that somebody whose opportunity is cancelled may still be given, where a seat is free: all but those
    that they declined themselves and those that are cancelled."""
    ended = _Ended(problem, tuple(lines), rules)
    return tuple(filter(ended.could, problem.preferences))


class _Ended:
    """What lines ended, by person: ranks from `declined` or `lost` on, ranks before `settled`, and cancelled
    opportunities for everybody."""

    def __init__(self, problem: Problem, lines: tuple[Release, ...], rules: Rules) -> None:
        self.ranks = {(row.applicant, row.opportunity): row.rank for row in problem.preferences}
        self.off = {line.opportunity for line in lines if line.kind == CANCELLED}
        self.settled: dict[str, float] = {}
        self.declined: dict[str, float] = {}
        self.lost: dict[str, float] = {}
        self.leaves = rules.decline == "leave-round"
        for line in lines:
            if line.kind != CANCELLED:
                self._end(line)
        last = {line.applicant: line.version for line in lines if line.kind == LOST}
        given = (line for line in lines if line.kind == INSTEAD and line.version == last.get(line.applicant))
        self.instead = {(line.applicant, line.opportunity) for line in given}

    def _end(self, line: Release) -> None:
        who, kind = line.applicant, line.kind
        rank = self.ranks.get((who, line.opportunity))
        if rank is None and kind != LEFT:
            raise OutcomeError(f"{who} does not list {line.opportunity}")
        if kind == SETTLED:
            self.settled[who] = max(self.settled.get(who, 0), rank or 0)
        elif kind == LOST:
            self.lost[who] = min(self.lost.get(who, inf), rank or 0)
        elif kind != INSTEAD:
            all_of_them = kind == LEFT or self.leaves
            self.declined[who] = min(self.declined.get(who, inf), 0 if all_of_them else rank or 0)

    def could(self, row: Preference) -> bool:
        return row.opportunity not in self.off and row.rank < self.declined.get(row.applicant, inf)

    def stands(self, row: Preference) -> bool:
        who = row.applicant
        waits = self.settled.get(who, 0) <= row.rank < self.lost.get(who, inf)
        return self.could(row) and (waits or (who, row.opportunity) in self.instead)


def refill(outcome: Outcome, left: Problem, gone: Collection[str], freed: Collection[str], seed: str) -> Moved:
    """The next outcome when `gone` hold nothing any more and `freed` opportunities have seats to give."""
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

    open_ones = sorted(freed)
    while open_ones:
        where = open_ones.pop()
        wanting = [who for who, place in listing[where] if place <= holds(who)]
        chosen = choose(
            left.opportunity[where],
            [Candidate(Standing(-left.priority[who, where], lottery[who]), who, left.groups[who]) for who in wanting],
        )
        for who, seat_class in chosen.items():
            old = held[who]
            if old is not None and old.opportunity != where:
                open_ones.append(old.opportunity)
            held[who] = Placement(where, seat_class)
    moves = tuple(Move(who, seat, held[who]) for who, seat in outcome.placements.items() if held[who] != seat)
    return Moved(left, Outcome(held, cutoffs_of(left, held, seed)), moves)
