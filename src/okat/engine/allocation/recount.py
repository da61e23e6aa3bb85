"""The recount: the slow reference decides again, and what differs gets its name."""

from collections.abc import Mapping

from okat.engine.allocation.check import Certificate, Violation
from okat.engine.allocation.outcome import Outcome, Placement
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.reference import decide_slowly

RECOUNT_LIMIT = 200_000
"""Preferences up to which the slow reference recounts (well under a minute)."""

Seats = Mapping[str, Placement | None]


def recount(problem: Problem, outcome: Outcome, certificate: Certificate, *, seed: str) -> list[Violation]:
    """What the outcome has and the reference has not: `swapped-seats` for a pair that holds each other's
    seats; for the rest `not-applicant-optimal` if the outcome is stable, else `recount-differs`."""
    return differences(outcome.placements, decide_slowly(problem, seed=seed).placements, stable=certificate.passed)


def differences(claimed: Seats, right: Seats, *, stable: bool) -> list[Violation]:
    """Names each applicant of `right` whose claimed seat is another one."""
    odd = [who for who in right if who in claimed and claimed[who] != right[who]]
    pairs = _swaps(odd, claimed, right)
    found = []
    for who in odd:
        if who in pairs.values():
            continue
        code = "not-applicant-optimal" if stable else "recount-differs"
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
