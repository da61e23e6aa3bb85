"""Deciding: the fast path and the slow definition agree; official results come out; rows and names do not matter."""

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.budgeting.elections import elections, long_raises, real, rules_of, synthetic

from okat.engine.budgeting import Election, Outcome, Rules, TieError, check, decide, payments, reasons
from okat.engine.budgeting.reference import reference

few = settings(max_examples=150, deadline=None)
FAST = ("equal-shares", "equal-shares", "equal-shares", "greedy", "greedy-per-cost", "phragmen")


def outcome(decider: Any, election: Election, rules: Rules) -> Outcome | tuple[str, ...]:
    try:
        found: Outcome = decider(election, rules)
    except TieError as tie:
        return tie.ids
    return found


@settings(max_examples=300, deadline=None)
@given(elections(), rules_of(*FAST))
def test_the_definition_agrees_and_the_check_passes(election: Election, rules: Rules) -> None:
    found = outcome(decide, election, rules)
    assert found == outcome(reference, election, rules)
    if isinstance(found, Outcome):
        proof = check(election, rules, found)
        assert proof.passed, [one.text() for one in proof.violations]


@settings(max_examples=120, deadline=None)
@given(long_raises(), rules_of("equal-shares"))
def test_steps_that_are_leapt_over_change_nothing(election: Election, rules: Rules) -> None:
    assert outcome(decide, election, rules) == outcome(reference, election, rules)


@settings(max_examples=60, deadline=None)
@given(elections(), rules_of("optimum"))
def test_the_optimum_is_that_of_all_sets(election: Election, rules: Rules) -> None:
    found, expected = outcome(decide, election, rules), outcome(reference, election, rules)
    if isinstance(found, Outcome):
        assert found == expected
        assert check(election, rules, found).passed
    else:
        assert not isinstance(expected, Outcome), "one of them refuses the tie"


@few
@given(elections(), rules_of(*FAST), st.randoms(use_true_random=False))
def test_rows_and_the_order_on_a_ballot_do_not_matter(election: Election, rules: Rules, shuffle: random.Random) -> None:
    order = list(range(election.n))
    shuffle.shuffle(order)
    rows = [list(range(election.starts[i], election.starts[i + 1]))[::-1] for i in order]
    edges = [edge for row in rows for edge in row]
    starts = np.cumsum([0, *map(len, rows)])
    mixed = Election(
        election.ids, election.costs, election.budget, starts, election.project[edges], election.weight[edges],
        election.kind, election.scale,
    )  # fmt: skip
    one, other = outcome(decide, election, rules), outcome(decide, mixed, rules)
    if isinstance(one, Outcome) and isinstance(other, Outcome):
        assert one.winners == other.winners
        assert [paid.price for paid in one.purchases] == [paid.price for paid in other.purchases]
        assert (one.endowment, one.interval, one.ended) == (other.endowment, other.interval, other.ended)
    else:
        assert one == other


@few
@given(elections(), rules_of(*FAST), st.randoms(use_true_random=False))
def test_names_do_not_matter_where_they_decide_no_tie(election: Election, rules: Rules, shuffle: random.Random) -> None:
    names = [f"p{c}" for c in range(election.p)]
    shuffle.shuffle(names)
    renamed = Election(
        tuple(names), election.costs, election.budget, election.starts, election.project, election.weight,
        election.kind, election.scale,
    )  # fmt: skip
    rules = Rules.from_dict({**rules.as_dict(), "ties": ("min-cost", "max-votes", "refuse")})
    one, other = outcome(decide, election, rules), outcome(decide, renamed, rules)
    assert isinstance(one, Outcome) == isinstance(other, Outcome), "a tie is refused whatever the names"
    if isinstance(one, Outcome) and isinstance(other, Outcome):
        name = dict(zip(election.ids, names, strict=True))
        assert {name[winner] for winner in one.winners} == set(other.winners)
        assert [name[paid.project] for paid in one.purchases] == [paid.project for paid in other.purchases]


@pytest.mark.parametrize(
    ("name", "stop", "winners", "cost", "interval"),
    [
        ("Netherlands_Assen_2024.pb", "overspend", 9, 76_700, None),
        ("Poland_Swiecie_2023.pb", "overspend", 17, 1_040_337, None),
        ("Poland_Wieliczka_2023_Green_Budget.pb", "overspend", 30, 995_079, (312, 315)),
        ("Poland_Wieliczka_2023_Green_Budget.pb", "exhaustive", 31, 984_579, None),
    ],
)
def test_official_results_come_out(name: str, stop: str, winners: int, cost: int, interval: tuple[int, int]) -> None:
    election, rules = real(name), Rules(stop=stop)
    found = decide(election, rules)
    assert (len(found.winners), found.cost // election.scale) == (winners, cost)
    assert interval in (None, found.interval)
    proof = check(election, rules, found)
    assert proof.passed, [one.text() for one in proof.violations]
    for paid in payments(election, found.endowment or Fraction(0), found.purchases):
        assert sum(paid.amount) == election.costs[election.ids.index(paid.project)]


def test_a_large_election_passes_its_check() -> None:
    """Floats decide here; the check counts in whole numbers."""
    election = synthetic(3000, 40)
    for utility in ("cost", "cardinality"):
        rules = Rules(utility=utility, completion=("none",), start="exact")
        proof = check(election, rules, decide(election, rules))
        assert proof.passed, [one.text() for one in proof.violations]


def test_money_that_is_just_enough_buys() -> None:
    """Three voters with a third each: no float holds the share, and the project costs all of it."""
    election = Election.of({"a": 1, "b": "0.5"}, [["a"]] * 3, 1)
    found = decide(election, Rules(completion=("none",), start="exact"))
    assert found.winners == ("a",)
    assert found.purchases[0].price == Fraction(10, 3), "tenths of the currency"


def test_without_ballots_nothing_wins() -> None:
    found = decide(Election.of({"a": 1, "free": 0}, [], 100), Rules())
    assert (found.winners, found.endowment, found.ended) == ((), 0, "all-won")


@pytest.mark.parametrize("stop", ["overspend", "exhaustive"])
def test_what_costs_more_than_the_budget_keeps_nobody_from_winning(stop: str) -> None:
    """All want the dream, and would have its cost first."""
    election, rules = (
        Election.of({"dream": 30, "1": 20}, [["dream"]] * 9 + [["dream", "1"]], 20),
        Rules("phragmen", stop=stop),
    )
    found = decide(election, rules)
    assert found.winners == ("1",)
    assert check(election, rules, found).passed
    assert [one.code for one in reasons(election, rules, found)] == ["too-dear", "earned"]


def test_what_costs_nothing_wins_first_if_anyone_wants_it() -> None:
    election = Election.of({"1": 5, "2": 0, "3": 0}, [["1", "2"], ["1"]], 10)
    for rule in ("equal-shares", "greedy", "greedy-per-cost", "phragmen"):
        assert decide(election, Rules(rule)).winners == ("2", "1")
