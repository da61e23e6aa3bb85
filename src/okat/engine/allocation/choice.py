"""The choice of one opportunity: the definition that the solver, the check and the waiting list share.

Hafalir, Yenmez & Yildirim (2013), "Effective affirmative action in school choice"; order of the seats after
Kominers & Sonmez (2016), "Matching with slot-specific priorities": reserves first, open seats last.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from okat.engine.allocation.problem import OPEN, Opportunity


class Standing(NamedTuple):
    """Where an applicant stands at one opportunity; the smaller goes first. `descending` is minus the
    priority."""

    descending: int | Decimal
    lottery: int


class Candidate(NamedTuple):
    standing: Standing
    applicant: str
    groups: frozenset[str]


def seat_classes(item: Opportunity) -> tuple[str, ...]:
    """The seat classes in the order in which they choose."""
    return (*(reserve.group for reserve in item.reserves), OPEN)


def classes_open_to(item: Opportunity, groups: frozenset[str]) -> tuple[str, ...]:
    """The seat classes that someone of these groups may use, in the order in which they choose."""
    return (*(reserve.group for reserve in item.reserves if reserve.group in groups), OPEN)


def choose(item: Opportunity, candidates: Iterable[Candidate]) -> dict[str, str]:
    """Who is chosen -> their seat class. Each reserve takes its best members not yet chosen, in the published
    order; then every seat still free, reserved ones included, goes to the best remaining applicants."""
    waiting = sorted(candidates, key=lambda candidate: candidate.standing)
    chosen: dict[str, str] = {}
    for group, seats in item.reserves:
        members = [each.applicant for each in waiting if group in each.groups and each.applicant not in chosen]
        chosen.update(dict.fromkeys(members[:seats], group))
    rest = [each.applicant for each in waiting if each.applicant not in chosen]
    chosen.update(dict.fromkeys(rest[: item.capacity - len(chosen)], OPEN))
    return chosen
