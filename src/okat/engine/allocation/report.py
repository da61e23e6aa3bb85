"""Who was served, and who gains or loses between two outcomes: shown beside a decision, never instead of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from okat.engine.allocation.outcome import Outcome
from okat.engine.allocation.problem import Problem

Labels = Mapping[str, Iterable[str]]
"""Applicant -> the groups to report on (area, sex, age band ...); by default the groups of the problem."""


@dataclass(frozen=True)
class Served:
    """One group: how many applied and were placed. `gap` is its share of the placed less its share of the
    applicants (an exact fraction; -1/10 means ten percentage points less than its share)."""

    group: str
    applicants: int
    placed: int
    first_choice: int
    gap: Fraction


@dataclass(frozen=True)
class Change:
    """One group between two outcomes, by each person's own list: `gains` got a dearer place."""

    group: str
    gains: int
    loses: int
    same: int


@dataclass(frozen=True)
class Comparison:
    """`gainers` and `losers` in the order of the applicants; `groups` by name, everyone first under ''."""

    gainers: tuple[str, ...]
    losers: tuple[str, ...]
    groups: tuple[Change, ...]


def served(problem: Problem, outcome: Outcome, labels: Labels | None = None) -> tuple[Served, ...]:
    """One row per group, by name. Counts are exact: suppress small ones before anyone outside sees them."""
    members = _members(problem, labels)
    placed = {who for who, seat in outcome.placements.items() if seat}
    first = {who for who in placed if _choice(problem, outcome, who) == 0}
    everyone = max(1, len(problem.applicants))
    return tuple(
        Served(
            group,
            len(people),
            len(people & placed),
            len(people & first),
            Fraction(len(people & placed), max(1, len(placed))) - Fraction(len(people), everyone),
        )
        for group, people in sorted(members.items())
    )


def compare(problem: Problem, before: Outcome, after: Outcome, labels: Labels | None = None) -> Comparison:
    """Who gains and who loses from `before` to `after` by the lists in `problem` (two policies on the same people;
    capacities and priorities may differ between them, lists may not)."""
    steps = {
        each.id: _choice(problem, before, each.id) - _choice(problem, after, each.id) for each in problem.applicants
    }
    members = {"": set(steps), **_members(problem, labels)}
    changes = tuple(_change(group, [steps[who] for who in people]) for group, people in sorted(members.items()))
    gainers = tuple(who for who, step in steps.items() if step > 0)
    losers = tuple(who for who, step in steps.items() if step < 0)
    return Comparison(gainers, losers, changes)


def _change(group: str, steps: list[int]) -> Change:
    gains, loses = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return Change(group, gains, loses, len(steps) - gains - loses)


def _choice(problem: Problem, outcome: Outcome, who: str) -> int:
    """The place of their seat in their list, from 0; the length of the list for no seat."""
    seat = outcome.placements[who]
    listed = [wish.opportunity for wish in problem.wishes[who]]
    return listed.index(seat.opportunity) if seat else len(listed)


def _members(problem: Problem, labels: Labels | None) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    for who, groups in (problem.groups if labels is None else labels).items():
        for group in groups:
            members.setdefault(group, set()).add(who)
    return members
