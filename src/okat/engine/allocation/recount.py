"""The recount: the slow reference decides again, and what differs gets its name."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from okat.engine.allocation.cancelled import free_seats
from okat.engine.allocation.check import Certificate, Violation
from okat.engine.allocation.outcome import Outcome, Placement
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.reference import decide_slowly, refill_slowly
from okat.engine.allocation.rules import Rules
from okat.engine.allocation.waiting import CANCELLED, INSTEAD, KINDS, LEFT, LOST, SETTLED, Release

RECOUNT_LIMIT = 200_000
"""Preferences up to which the slow reference recounts (well under a minute)."""

Seats = Mapping[str, Placement | None]


def recount(problem: Problem, outcome: Outcome, certificate: Certificate, *, seed: str) -> list[Violation]:
    """What the outcome has and the reference has not: `swapped-seats` for a pair that holds each other's
    seats; for the rest `not-applicant-optimal` if the outcome is stable, else `recount-differs`."""
    return differences(outcome.placements, decide_slowly(problem, seed=seed).placements, stable=certificate.passed)


def replay(
    problem: Problem, outcome: Outcome, lines: Sequence[Release], version: int, *, seed: str, rules: Rules
) -> list[Violation]:
    """The first run recounted, then every release in the order of the versions 2 to `version`, each freed seat filled
    by the slow reference. The first line that does not fit is a `release`; a seat that comes out otherwise is
    `waiting-list-differs` or `swapped-seats`."""
    walk = _Walk(problem, seed, rules)
    for _, group in groupby(lines, key=lambda line: line.version):
        if fault := walk.step(list(group)):
            return [fault]
    numbers = [number for number, _ in groupby(lines, key=lambda line: line.version)]
    if numbers != list(range(2, version + 1)):
        return [Violation("release-versions", "", "", "", {"found": numbers[:20], "version": version})]
    return differences(outcome.placements, walk.held, other="waiting-list-differs")


_ORDER = (LOST, CANCELLED, INSTEAD)


class _Walk:
    """The seats after each version. `lists`: what everyone waits for or holds; `could`: what they may still be given
    when their opportunity is cancelled (what they declined is gone, what they left by settling is not)."""

    def __init__(self, problem: Problem, seed: str, rules: Rules) -> None:
        self.problem, self.seed, self.rules = problem, seed, rules
        self.held: dict[str, Placement | None] = dict(decide_slowly(problem, seed=seed).placements)
        self.lists = {who: [wish.opportunity for wish in wishes] for who, wishes in problem.wishes.items()}
        self.could = {who: list(listed) for who, listed in self.lists.items()}

    def step(self, batch: list[Release]) -> Violation | None:
        """One version further, or the first line that does not fit."""
        first = [line for line in batch if line.kind not in _ORDER]
        if fault := _fault(first, self.held):
            return fault
        if len(first) < len(batch):
            return self._cancel(batch, first)
        self._end(first)
        freed = {line.opportunity for line in batch if line.kind != SETTLED and line.opportunity}
        self.held = refill_slowly(self.problem, self.lists, self.held, freed, seed=self.seed)
        return None

    def _end(self, batch: list[Release]) -> None:
        for line in batch:
            _end_wishes(self.lists[line.applicant], line, self.rules)
            if line.kind != SETTLED:
                _end_wishes(self.could[line.applicant], line, self.rules)
                self.held[line.applicant] = None

    def _cancel(self, batch: list[Release], first: list[Release]) -> Violation | None:
        """Opportunities fall out: who sat there, and who gets which free seat, must be the lines that stand here. Of
        who sat there some may have given the seat back or settled (`first`)."""
        off = {line.opportunity for line in batch if line.kind == CANCELLED}
        if odd := [line for line in first if line.opportunity not in off]:
            return _violation(odd[0], self.held)
        self._end(first)
        version = batch[0].version
        sat = {who: seat.opportunity for who, seat in sorted(self.held.items()) if seat and seat.opportunity in off}
        right = {Release(version, "", each, CANCELLED) for each in off}
        right |= {Release(version, who, where, LOST) for who, where in sat.items()}
        for who, listed in self.could.items():
            self.could[who] = [where for where in listed if where not in off]
        given = self._free(set(sat))
        right |= {Release(version, who, where, INSTEAD) for who, where in given.items()}
        rest = [line for line in batch if line.kind in _ORDER]
        if odd := sorted(right.symmetric_difference(rest)) or rest[len(right) :]:
            return _violation(odd[0], self.held)
        for who, where in sat.items():
            listed = self.lists[who]
            del listed[listed.index(where) :]
            listed += [given[who]] if who in given else []
            self.held[who] = None
        for who, listed in self.lists.items():
            self.lists[who] = [where for where in listed if where not in off]
        freed = set(given.values())
        self.held = refill_slowly(self.problem, self.lists, self.held, freed, seed=self.seed)
        return None

    def _free(self, lost: set[str]) -> dict[str, str]:
        """Who of `lost` gets which free seat, by the slow reference."""
        rows = [row for row in self.problem.preferences if row.opportunity in self.could[row.applicant]]
        seats = decide_slowly(free_seats(self.problem, self.held, rows, lost), seed=self.seed).placements
        return {who: seat.opportunity for who, seat in seats.items() if seat}


def _violation(line: Release, held: Seats) -> Violation:
    params = {**line._asdict(), "held": _seat_text(held.get(line.applicant))}
    return Violation("release", line.applicant if line.applicant in held else "", "", "", params)


def _fault(batch: list[Release], held: Seats) -> Violation | None:
    """The first line that names a seat which its person does not hold, or that stands twice in one version."""
    seen: set[str] = set()
    for line in batch:
        seat = held.get(line.applicant)
        fits = line.applicant in held and (seat.opportunity if seat else "") == line.opportunity
        known = line.kind in KINDS and (bool(line.opportunity) or line.kind == LEFT)
        if not (fits and known) or line.applicant in seen:
            return _violation(line, held)
        seen.add(line.applicant)
    return None


def _end_wishes(listed: list[str], line: Release, rules: Rules) -> None:
    """What the line ends of a person's list: all, what is dearer than the seat, or the seat and what is below it."""
    if line.kind == LEFT or (line.kind != SETTLED and rules.decline == "leave-round"):
        listed.clear()
    elif line.kind == SETTLED:
        del listed[: listed.index(line.opportunity)]
    else:
        del listed[listed.index(line.opportunity) :]


def differences(claimed: Seats, right: Seats, *, stable: bool = False, other: str = "") -> list[Violation]:
    """Names each applicant of `right` whose claimed seat is another one; `other` is a code to use instead."""
    odd = [who for who in right if who in claimed and claimed[who] != right[who]]
    pairs = _swaps(odd, claimed, right)
    found = []
    for who in odd:
        if who in pairs.values():
            continue
        code = other or ("not-applicant-optimal" if stable else "recount-differs")
        params = {"applicant": who, "claimed": _seat_text(claimed[who]), "right": _seat_text(right[who])}
        if who in pairs:
            code, params["other"] = "swapped-seats", pairs[who]
        found.append(Violation(code, who, *(claimed[who] or ("", "")), params))
    return found


def _swaps(odd: list[str], claimed: Seats, right: Seats) -> dict[str, str]:
    """Pairs who hold each other's seats."""
    waiting: dict[tuple[Placement | None, Placement | None], list[str]] = {}
    pairs = {}
    for who in odd:
        partners = waiting.get((right[who], claimed[who]))
        if partners:
            pairs[partners.pop()] = who
        else:
            waiting.setdefault((claimed[who], right[who]), []).append(who)
    return pairs


def _seat_text(seat: Placement | None) -> str:
    return f"{seat.opportunity} ({seat.seat_class})" if seat else "-"
