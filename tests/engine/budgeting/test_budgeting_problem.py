"""Elections and rules refuse what contradicts itself: what, where, and how to mend it, in both languages."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from okat.engine.budgeting import CHOICES, BudgetingError, Election, Rules

COSTS: dict[str, Any] = {"10": 100, "2": "50.5"}


def arrays(**change: Any) -> Election:
    given: dict[str, Any] = {
        "ids": ("a", "b"), "costs": np.array([5, 7]), "budget": 10, "starts": np.array([0, 2, 3]),
        "project": np.array([0, 1, 1]), "weight": np.array([1, 1, 1]),
    }  # fmt: skip
    return Election(**{**given, **change})


def test_amounts_become_whole_units_and_ballots_turn_to_supporters() -> None:
    election = Election.of(COSTS, [["10"], [], ["2", "10"]], Decimal("120"))
    assert (election.costs.tolist(), election.budget, election.scale, election.n) == ([1000, 505], 1200, 10, 3)
    assert election.supporters.starts.tolist() == [0, 2, 3]
    assert election.supporters.voter.tolist() == [0, 2, 2]
    assert election.votes.tolist() == [2, 1]
    assert election.rank.tolist() == [1, 0], "ids that are numbers are ordered as numbers"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ids": ("a", "a")}, "id-twice"),
        ({"ids": ("a", "")}, "no-id"),
        ({"costs": np.array([5])}, "length"),
        ({"costs": np.array([5.5, 7.0])}, "length"),
        ({"costs": np.array([5, -7])}, "cost"),
        ({"budget": -1}, "budget"),
        ({"kind": "thumbs"}, "kind"),
        ({"scale": 7}, "scale"),
        ({"starts": np.array([0, 3, 2])}, "starts"),
        ({"voters": ("x",)}, "length"),
        ({"project": np.array([0, 1, 2])}, "project"),
        ({"project": np.array([1, 1, 1])}, "project-twice"),
        ({"weight": np.array([1, 2, 1])}, "weight"),
        ({"weight": np.array([1, 0, 1]), "kind": "scoring"}, "weight"),
        ({"weight": np.array([1, 1])}, "length"),
    ],
)
def test_a_contradiction_is_named(change: dict[str, Any], code: str) -> None:
    with pytest.raises(BudgetingError) as caught:
        arrays(**change)
    assert caught.value.code == code
    assert caught.value.text("th") != caught.value.text("en") == str(caught.value)


@pytest.mark.parametrize("value", ["x", "NaN", "1e99", "0.0000001", "1,000"])
def test_an_amount_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(BudgetingError):
        Election.of({"a": value}, [], 5)


def test_a_ballot_for_nothing_that_exists_is_refused_by_the_voters_name() -> None:
    with pytest.raises(BudgetingError, match="voter ann names the project 'z'"):
        Election.of(COSTS, [["z"]], 5, voters=["ann"])


@pytest.mark.parametrize(
    "change",
    [
        {"rule": "borda"}, {"utility": "sat"}, {"completion": ()}, {"completion": ("none", "add1")},
        {"completion": ("greedy", "add1")}, {"completion": ("add1", "add1")}, {"completion": ("add1", "add1u")},
        {"completion": "half"}, {"stop": "late"}, {"start": "ceil"}, {"ties": ()}, {"ties": ("min-cost",)},
        {"ties": ("lowest-id", "lowest-id")}, {"ties": ("refuse", "min-cost")}, {"version": 2}, {"version": True},
    ],
)  # fmt: skip
def test_rules_that_leave_something_open_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BudgetingError):
        Rules(**change)


def test_rules_say_each_switch_in_both_languages_and_come_back_from_json() -> None:
    for rule in CHOICES["rule"]:
        for utility in CHOICES["utility"]:
            for completion in CHOICES["completion"]:
                for stop in CHOICES["stop"]:
                    rules = Rules(rule, utility, (completion,), stop)
                    thai, english = rules.sentences("th"), rules.sentences("en")
                    assert len(thai) == len(english) >= 2
                    assert not set(thai) & set(english)
    as_json = {**rules.as_dict(), "ties": list(rules.ties)}
    assert Rules.from_dict(as_json) == rules
    del as_json["start"]
    with pytest.raises(BudgetingError, match="start"):
        Rules.from_dict(as_json)
