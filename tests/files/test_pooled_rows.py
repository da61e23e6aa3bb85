"""Three applicants pool their rows and see who sits where. What else may be true of the others? Every world is tried.

A world gives each of the others a group and a score. It agrees with what the three know when the rules give the same
seats, and the same rows. For the ten points that a row tells, every way in which the city could have drawn them
agrees. What the three know without any row (the rules, their own results, who sits where) is the measure:
the rows may make them certain of nothing more, as long as three others sit there; who knows everybody but one is beyond
any secrecy of totals.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from random import Random
from typing import Any

import pytest
from tests.files.public_making import KEY, SEED

from okat.engine.allocation import Applicant, Opportunity, Outcome, Preference, Problem, Reserve, decide
from okat.engine.disclosure import WIDTH
from okat.files.allocation import own, sealing
from okat.files.allocation.own import own_row
from okat.files.allocation.sealing import Salts, Sealed

OTHERS = ("x", "y", "z")
SCORES = range(40, 72, 4)
ENOUGH = 3
INSIDE = range(48, 60)  # away from the ends of the scores: what lies beyond them is no secret of anybody
Group = frozenset[str]
KEPT: Group = frozenset({"disability"})
NONE: Group = frozenset()


@dataclass(frozen=True)
class World:
    """What is true of the others, and what the three would see of it. `lows` are where the told bands may begin."""

    groups: tuple[Group, ...]
    scores: tuple[int, ...]
    seats: tuple[Any, ...]
    rows: tuple[Any, ...]
    lows: tuple[frozenset[int], ...]
    sit: int


class Unproved(Sealed):
    """Without the paths to the root, which are salted and say nothing."""

    def proof(self, leaf: str) -> dict[str, Any]:
        return {}

    @property
    def root(self) -> str:  # type: ignore[override]
        return ""


def worlds(course: Opportunity, pool: dict[str, tuple[Group, int]]) -> Iterator[World]:
    kinds = [(group, score) for group in (NONE, KEPT) for score in SCORES]
    for others in itertools.combinations_with_replacement(kinds, len(OTHERS)):
        for turn in set(itertools.permutations(others)):
            people = pool | dict(zip(OTHERS, turn, strict=True))
            problem = Problem(
                (course,),
                tuple(Applicant(who, groups) for who, (groups, _score) in people.items()),
                tuple(Preference(who, course.id, 1, score) for who, (_groups, score) in people.items()),
            )
            yield _seen(problem, decide(problem, seed=SEED), list(pool), turn)


def _seen(problem: Problem, outcome: Outcome, pool: list[str], turn: tuple[tuple[Group, int], ...]) -> World:
    made = Unproved(problem, outcome, Salts.of(KEY, 1))
    rows: list[Any] = []
    lows: dict[str, frozenset[int]] = {}  # one for each class: everybody is told the same ten points
    for who in pool:
        row = own_row(made, who, seed=SEED)
        said = []
        for each in row["cutoffs"]:
            held = {key: value for key, value in each["opened"].items() if key not in {"salt", "from", "below"}}
            said.append((tuple(held.items()), each.get("standing")))
            if each["opened"].get("from"):
                lows[each["opened"]["seat_class"]] = _possible(made, each["opened"]["seat_class"])
        rows.append((row["row"]["seat_class"], tuple(said)))
    seats = tuple((who, bool(seat)) for who, seat in outcome.placements.items())
    sit = sum(outcome.placements[who] is not None for who in OTHERS)
    groups, scores = zip(*turn, strict=True)
    return World(groups, scores, seats, tuple(rows), tuple(lows.values()), sit)


def _possible(made: sealing.Sealed, seat_class: str) -> frozenset[int]:
    """Where the ten points may begin, over all that the city could have drawn."""
    cut = next(each for each in made.outcome.cutoffs if each.seat_class == seat_class)
    assert cut.priority is not None
    tied = made._scores[cut.opportunity, floor(cut.priority)] > 1
    return frozenset(sealing.told_band(cut.priority, chance, tied=tied).low for chance in range(WIDTH * (WIDTH - 1)))


def certain(found: list[World]) -> set[tuple[str, str]]:
    """Of whom it is certain that they are of the group, or of whom one score alone is left. That somebody is not of it
    follows where one of the three sits on a reserved place with a score below all the rest."""
    told = set()
    for at, who in enumerate(OTHERS):
        told |= {(who, "group")} if {each.groups[at] for each in found} == {KEPT} else set()
        told |= {(who, "score")} if len({each.scores[at] for each in found}) == 1 else set()
    return told


def learnt(
    course: Opportunity, pool: dict[str, tuple[Group, int]], seed: int, enough: int = ENOUGH
) -> set[tuple[str, str]]:
    """What the rows give away beyond what the three know without them, in some world of this round."""
    every = list(worlds(course, pool))
    by_seats: dict[Any, list[World]] = {}
    for each in every:
        by_seats.setdefault(each.seats, []).append(each)
    random, found = Random(seed), set()
    inside = [each for each in every if each.sit >= enough and all(score in INSIDE for score in each.scores)]
    for true in random.sample(inside, min(60, len(inside))):
        lows = [random.choice(sorted(each)) for each in true.lows]
        same = [each for each in by_seats[true.seats] if each.rows == true.rows]
        agree = [each for each in same if all(low in may for low, may in zip(lows, each.lows, strict=True))]
        assert true in agree
        found |= certain(agree) - certain(by_seats[true.seats])
    return found


# No score of the three is one of the others': which of two equal ones the lottery put first is not known to the three,
# who know no pseudonym but their own, and here it would be.
ROUNDS = [
    (Opportunity("o", 4, (Reserve("disability", 1),)), {"a": (NONE, 55), "b": (KEPT, 51), "c": (NONE, 59)}),
    (Opportunity("o", 3, (Reserve("disability", 1),)), {"a": (KEPT, 47), "b": (KEPT, 51), "c": (KEPT, 53)}),
    (Opportunity("o", 3, ()), {"a": (NONE, 49), "b": (NONE, 51), "c": (NONE, 57)}),
    (Opportunity("o", 5, (Reserve("disability", 2),)), {"a": (KEPT, 61), "b": (NONE, 49), "c": (NONE, 41)}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("course", "pool"), ROUNDS)
def test_three_who_pool_their_rows_learn_nobodys_group_or_score(
    course: Opportunity, pool: dict[str, tuple[Group, int]]
) -> None:
    assert learnt(course, pool, seed=7) == set()


ALONE = Opportunity("o", 1, ()), {"a": (NONE, 33), "b": (NONE, 35), "c": (NONE, 37)}


@pytest.mark.slow
def test_ten_points_hide_the_score_of_one_who_sits_alone() -> None:
    assert learnt(*ALONE, seed=7, enough=1) == set()


@pytest.mark.slow
def test_the_attack_sees_exact_cutoffs_of_small_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "large", lambda item, seat_class: True)
    assert {what for _who, what in learnt(*ALONE, seed=7, enough=1)} == {"score"}
