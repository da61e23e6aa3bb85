"""The attack on what is published, over all versions: each number in the bundles is written as the set of people that
it counts, read back from the bundles themselves; no set and no difference of two may have one to nine members."""

import itertools
import json
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.public_making import History, a_round, table

from okat.engine import disclosure
from okat.engine.allocation import Applicant, Opportunity, Outcome, Preference, Problem, Reserve
from okat.files.container import members_of

Sets = list[tuple[str, frozenset[str]]]


def counted(history: History) -> Sets:
    """What each number that stands in the public bundles counts."""
    return [each for data, outcome in history.public for each in _version(history.first, data, outcome)]


def _version(problem: Problem, data: bytes, outcome: Outcome) -> Iterator[tuple[str, frozenset[str]]]:
    everyone = frozenset(each.id for each in problem.applicants)
    placed = frozenset(who for who, seat in outcome.placements.items() if seat)
    sets = {"applicants": everyone, "placed": placed, "unplaced": everyone - placed}
    figures = json.loads(members_of(data)["decision.json"])["outcome"]
    yield from ((name, people) for name, people in sets.items() if _stands(figures[name], people))
    for row in table(data, "totals.csv"):
        group = frozenset(each.id for each in problem.applicants if row["group"] in each.groups)
        pairs = ((row["applicants"], group, ""), (row["placed"], group & placed, " placed"))
        yield from ((row["group"] + more, people) for cell, people, more in pairs if _stands(cell, people))
    for row in table(data, "cutoffs.csv"):
        if row["from"]:
            where, low, below = row["opportunity"], int(row["from"]), int(row["below"])
            rows = (each for each in problem.preferences if each.opportunity == where)
            name = f"{where} {row['seat_class']}"
            yield name, frozenset(each.applicant for each in rows if low <= each.priority < below)
            if row["seat_class"] != "open":  # a reserve with a cut-off is full: so many hold it
                held = (who for who, seat in outcome.placements.items() if seat == (where, row["seat_class"]))
                yield f"{name} held", frozenset(held)
    leaves = len(table(data, "commitments.csv"))
    if leaves != 10:
        assert leaves == len(everyone)
        yield "commitments", everyone


def _stands(cell: object, people: frozenset[str]) -> bool:
    assert cell == "*" or int(str(cell)) == len(people)
    return cell != "*"


def told(numbers: Sets) -> list[tuple[str, str, int]]:
    """Pairs of numbers whose difference is few people; one number by itself against nobody."""
    found = [(name, "", len(people)) for name, people in numbers if 0 < len(people) < 10]
    for (one, a), (other, b) in itertools.permutations(numbers, 2):
        if (a < b or one == other) and 0 < len(b - a) < 10:
            found.append((other, one, len(b - a)))
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_nothing_follows_from_the_bundles_of_a_round_and_its_waiting_list(seed: int) -> None:
    random = Random(seed)
    history = History(a_round(seed))
    for _version in range(4):
        history.give_back(random, random.choice([1, 2, 9, 10, 15]))
        history.publish()
    assert told(counted(history)) == []


def test_the_attack_sees_a_planted_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "few", lambda people: False)
    history = History(a_round(4))
    history.give_back(Random(1), 1)
    history.publish()
    assert told(counted(history))


def demo_shape() -> Problem:
    """As in the demo's round: 64 courses of 8 to 30 places, nearly all with one place kept for persons with
    disabilities, so that most classes have few holders; 2,200 people."""
    random = Random(2569)
    courses = tuple(
        Opportunity(f"c{n}", random.choice([8, 12, 20, 30]), (Reserve("disability", random.choice([1, 1, 1, 2])),))
        for n in range(64)
    )
    people = tuple(
        Applicant(
            f"p{n}", frozenset(g for g, often in (("disability", 0.08), ("older", 0.3)) if random.random() < often)
        )
        for n in range(2200)
    )
    wishes = tuple(
        Preference(each.id, course.id, rank, int(random.gauss(55, 18)))
        for each in people
        for rank, course in enumerate(random.sample(courses, 5), 1)
    )
    return Problem(courses, people, wishes)


def test_the_demos_shape_tells_nothing_and_still_shows_the_large_classes() -> None:
    history = History(demo_shape())
    random = Random(7)
    for count in (1, 3, 12):
        history.give_back(random, count)
        history.publish()
    assert told(counted(history)) == []
    first = table(history.public[0][0], "cutoffs.csv")
    shown = [row for row in first if row["from"]]
    assert len(shown) > 30
    assert {row["seat_class"] for row in shown} == {"open"}
    assert {int(row["below"]) - int(row["from"]) for row in shown} <= {10, 20, 40, 80}


def test_the_few_who_give_back_change_no_total() -> None:
    """Whoever knows who left learns nothing of their groups: the totals of the second version are held back."""
    history = History(demo_shape())
    history.give_back(Random(3), 1)
    history.publish()
    (first, _), (second, _) = history.public
    assert any(row["placed"] != "*" for row in table(first, "totals.csv"))
    assert json.loads(members_of(second)["decision.json"])["outcome"]["applicants"] == 2200
    for one, two in zip(table(first, "totals.csv"), table(second, "totals.csv"), strict=True):
        assert two["placed"] in {"*", one["placed"]}
