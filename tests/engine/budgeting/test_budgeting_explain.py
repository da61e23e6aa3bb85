"""Reasons: what was paid adds up, and the number of added supporters is the least that elects a project."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.budgeting.elections import elections, rules_of

from okat.engine.budgeting import Election, Outcome, Rules, TieError, compare, decide, reasons, rounds
from okat.engine.budgeting.greedy import greedy
from okat.engine.budgeting.reference import count

PLAIN = ("equal-shares", "equal-shares", "equal-shares", "greedy", "greedy-per-cost")


def with_more(election: Election, c: int, number: int) -> Election:
    """Added ballots for c alone, with the most points that stand on any ballot."""
    edges = len(election.project)
    starts = np.append(election.starts, edges + 1 + np.arange(number))
    project = np.append(election.project, np.full(number, c))
    weight = np.append(election.weight, np.full(number, election.weight.max(initial=1)))
    return replace(election, starts=starts, project=project, weight=weight, voters=())


def elects(election: Election, rules: Rules, outcome: Outcome, c: int, number: int) -> bool:
    """By the definition: the last endowment stays, and all is counted anew, as far as c's own purchase (what ties
    after that is another's question)."""
    more, one = with_more(election, c, number), election.ids[c]
    try:
        if outcome.endowment is None:
            return one in greedy(more, rules)
        bought = [paid.project for paid in count(more, rules, outcome.endowment, c)]
        if one in bought or not rules.fills:
            return one in bought
        return one in greedy(more, Rules("greedy", ties=rules.ties), bought)
    except TieError:
        return False


@settings(max_examples=200, deadline=None)
@given(elections(), rules_of(*PLAIN))
def test_added_supporters_are_the_fewest(election: Election, rules: Rules) -> None:
    try:
        outcome = decide(election, rules)
    except TieError:
        return
    for c, reason in enumerate(reasons(election, rules, outcome)):
        assert reason.text("th") != reason.text("en")
        if reason.added is not None:
            assert elects(election, rules, outcome, c, reason.added)
            assert not any(elects(election, rules, outcome, c, number) for number in range(1, min(reason.added, 12)))
            assert reason.added == 1 or not elects(election, rules, outcome, c, reason.added - 1)
        elif reason.code in ("left", "fits-not"):
            assert not elects(election, rules, outcome, c, 50)


def test_a_number_that_ties_where_the_rules_refuse_does_not_do() -> None:
    """One more would be enough in the end, but makes it tie with the first purchase; two more make it come first."""
    election = Election.of({"1": 10, "2": 30}, [[], [], ["1"], ["1", "2"]], 125)
    rules = Rules(completion=("none",), ties=("refuse",))
    assert [one.added for one in reasons(election, rules, decide(election, rules))] == [None, 2]


def test_the_sentence_of_a_loser() -> None:
    ballots = [["hall", "park"]] * 6 + [["park"]] * 3 + [["well"]]
    election = Election.of({"hall": 60_000, "park": 96_000, "well": 10_000}, ballots, 130_000)
    rules = Rules(completion=("none",))
    found = {one.project: one for one in reasons(election, rules, decide(election, rules))}
    short = "Its supporters had 14,000 left between them when 60,000 was needed."
    assert found["hall"]._replace(added=1).text() == f"{short} 1 more supporter would have elected it."
    assert found["hall"].text() == f"{short} 3 more supporters would have elected it.", (
        "they would come before the park"
    )
    assert found["park"].text("th") == "ผู้สนับสนุนร่วมกันจ่าย 96,000 คะแนนละ 10,666 หรือเท่าที่ตนเหลือ"


def test_rounds_tell_who_paid_what() -> None:
    election = Election.of({"1": 20, "2": 30}, [["1", "2"], ["1"], ["2"]], 60, voters=["ann", "ben", "cho"])
    first, second = rounds(election, decide(election, Rules(completion=("none",))))
    assert (first.project, first.votes, first.voters, first.amounts) == ("1", 2, ("ann", "ben"), (10, 10))
    assert (second.project, second.votes, second.amounts) == ("2", 30 / second.price, (10, 20))


@settings(max_examples=60, deadline=None)
@given(elections(), st.sampled_from(("cost", "cardinality")))
def test_a_comparison_counts_every_voter_once(election: Election, utility: str) -> None:
    one, other = decide(election, Rules("greedy")), decide(election, Rules())
    found, back = compare(election, one, other, utility=utility), compare(election, other, one, utility=utility)
    assert found.gain_by_first + found.gain_by_second + found.same == election.n
    assert (found.gain_by_first, found.only_first) == (back.gain_by_second, back.only_second)
    assert compare(election, one, one).same == election.n
