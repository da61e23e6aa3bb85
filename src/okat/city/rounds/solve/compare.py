"""Policies side by side on the same people: the last round's, made-up ones, or (logged) the round's own."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from okat.city.core.steady import in_tens
from okat.city.rounds.queries import Data
from okat.city.rounds.rules.policy import Standing
from okat.city.rounds.rules.variant import Variant
from okat.city.rounds.solve.decide import Entry, PlaceRow, inputs_of
from okat.engine.allocation import Outcome, Problem, check, decide
from okat.engine.allocation import report as engine
from okat.engine.errors import OutcomeError


@dataclass(frozen=True)
class Tried:
    """One applicant of the data on which policies are tried: standings by place, the list in order, labels (area and
    groups) for the report. The reserve groups are among the labels `groups`."""

    name: str
    groups: frozenset[str]
    area: str
    wishes: tuple[tuple[str, Standing], ...]


@dataclass(frozen=True)
class Compared:
    """One policy's figures. `gains`/`loses` count people against the first policy, by group and by area (`area:CODE`);
    the key "" is everyone. Of real people each count is its whole tens, None for nobody to nine, areas are not told
    apart, and what a single one could move is None: whoever tries one policy after another would subtract."""

    variant: Variant
    placed: int | None
    first_percent: int | None
    areas_reached: int | None
    mean_km: float | None
    gains: Mapping[str, int | None]
    loses: Mapping[str, int | None]


def compare(
    policies: Sequence[Variant], places: Sequence[PlaceRow], people: Sequence[Tried], *, seed: str, real: bool
) -> list[Compared]:
    """Each policy's outcome, checked like a real one, against the first policy's."""
    base = _decided(policies[0], places, people, seed)
    return [_compared(policy, places, people, seed, base[1], real=real) for policy in policies]


def _decided(
    policy: Variant, places: Sequence[PlaceRow], people: Sequence[Tried], seed: str
) -> tuple[Problem, Outcome]:
    rows = [replace(place, reserves=policy.seats(place.capacity, place.reserves)) for place in places]
    entries = [
        Entry(
            each.name,
            each.groups,
            tuple(
                (code, rank, policy.priority(standing))
                for rank, (code, standing) in enumerate(each.wishes[: policy.policy.most_choices], 1)
            ),
        )
        for each in people
    ]
    problem = inputs_of(rows, entries).problem
    outcome = decide(problem, seed=seed)
    if not check(problem, outcome, seed=seed).passed:
        raise OutcomeError("a policy's outcome fails its own check")
    return problem, outcome


def _compared(
    policy: Variant, places: Sequence[PlaceRow], people: Sequence[Tried], seed: str, base: Outcome, *, real: bool
) -> Compared:
    problem, outcome = _decided(policy, places, people, seed)
    labels = {each.name: each.groups if real else {*each.groups, f"area:{each.area}"} for each in people}
    changes = engine.compare(problem, base, outcome, labels).groups
    seats = [(each, outcome.placements[each.name]) for each in people]
    sitting = [(each, seat.opportunity) for each, seat in seats if seat]
    if real:
        gains = {change.group: in_tens(change.gains) for change in changes}
        loses = {change.group: in_tens(change.loses) for change in changes}
        return Compared(policy, in_tens(len(sitting)), None, None, None, gains, loses)
    travel = [km for each, where in sitting if (km := dict(each.wishes)[where].km) is not None]
    first = sum(each.wishes[0][0] == where for each, where in sitting)
    return Compared(
        policy,
        len(sitting),
        round(100 * first / max(1, len(sitting))),
        len({each.area for each, _ in sitting}),
        round(sum(travel) / len(travel), 1) if travel else None,
        {change.group: change.gains for change in changes},
        {change.group: change.loses for change in changes},
    )


def tried(rows: Iterable[Data]) -> list[Tried]:
    """A round's own applicants, as they were scored."""
    return [
        Tried(row.pseudonym, row.groups, row.area, tuple((code, _raw(values)) for code, values in row.wishes))
        for row in rows
    ]


def _raw(values: Mapping[str, Any]) -> Standing:
    return Standing(**{**values, "own": tuple((th, en, points) for th, en, points in values["own"])})


def synthetic(places: Sequence[PlaceRow], groups: Sequence[str], *, count: int = 400, seed: int = 1) -> list[Tried]:
    """Made-up applicants, the same for the same seed: no real person is behind them."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, not a lottery
    codes = [place.code for place in places]
    made = []
    for number in range(count):
        listed = chance.sample(codes, k=min(len(codes), chance.randint(1, 5)))
        score = min(100, max(0, round(chance.gauss(45, 18))))
        wishes = tuple((code, _standing(chance, score)) for code in listed)
        member = frozenset(group for group in groups if chance.random() < 0.2)
        made.append(Tried(f"made-up-{number:05d}", member, f"made-up-{chance.randint(1, 6):02d}", wishes))
    return made


def _standing(chance: random.Random, score: int) -> Standing:
    need = chance.random() < 0.6
    days = chance.randint(0, 400) if need else 0
    return Standing(score, need, days, round(chance.uniform(0.5, 40), 1))
