"""After the decision: the waiting list, the reasons, the report, and the seed's protocol."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.allocation.made_up import problems, round_of

from okat.engine.allocation import Outcome, Placement, Problem, Rules, check, decide
from okat.engine.allocation.choice import classes_open_to
from okat.engine.allocation.explain import Explainer, explain
from okat.engine.allocation.report import compare, served
from okat.engine.allocation.seed import commit, join, protocol_fault, revealed
from okat.engine.allocation.waiting import decline
from okat.engine.errors import OutcomeError, ProblemError

RULES = (Rules(), Rules(decline="leave-round"))


def choice(problem: Problem, outcome: Outcome, who: str) -> int:
    seat = outcome.placements[who]
    listed = [wish.opportunity for wish in problem.wishes[who]]
    return listed.index(seat.opportunity) if seat else len(listed)


@settings(deadline=None, max_examples=500)
@given(problems(people=9), st.integers(0, 2**32), st.sampled_from(RULES))
def test_after_declines_the_outcome_is_certified_and_nobody_else_loses(
    problem: Problem, number: int, rules: Rules
) -> None:
    outcome = decide(problem, seed="s")
    seated = [who for who, seat in outcome.placements.items() if seat]
    going = Random(number).sample(seated, min(len(seated), 2))
    moved = decline(problem, outcome, going, seed="s", rules=rules)
    certificate = check(moved.problem, moved.outcome, seed="s")
    assert certificate.passed, certificate.violations
    for who in outcome.placements:
        if who not in going:
            assert choice(problem, moved.outcome, who) <= choice(problem, outcome, who)
        elif rules.decline == "leave-round":
            assert moved.outcome.placements[who] is None
        else:
            assert moved.outcome.placements[who] != outcome.placements[who]
    changed = {who for who in outcome.placements if outcome.placements[who] != moved.outcome.placements[who]}
    assert {move.applicant for move in moved.moves} == changed


@settings(deadline=None, max_examples=500)
@given(problems(people=9))
def test_declining_one_after_another_equals_declining_together(problem: Problem) -> None:
    outcome = decide(problem, seed="s")
    rules = Rules(decline="leave-round")
    going = [who for who, seat in outcome.placements.items() if seat][:2]
    together = decline(problem, outcome, going, seed="s", rules=rules)
    for order in (going, going[::-1]):
        left, now = problem, outcome
        for who in order:
            step = decline(left, now, [who], seed="s", rules=rules)
            left, now = step.problem, step.outcome
        assert dict(now.placements) == dict(together.outcome.placements)


def test_who_holds_nothing_has_nothing_to_decline() -> None:
    problem = round_of({"o": 1}, {"a": {"o": 2}, "b": {"o": 1}})
    with pytest.raises(OutcomeError, match="b holds no seat"):
        decline(problem, decide(problem, seed="s"), ["b"], seed="s")


def test_a_freed_reserved_seat_moves_its_member_up_and_opens_their_seat() -> None:
    problem = round_of(
        {"o": (2, {"women": 1})}, {"w1": {"o": 9}, "w2": {"o": 8}, "m": {"o": 7}}, groups={"w1": "women", "w2": "women"}
    )
    outcome = decide(problem, seed="s")
    assert outcome.placements == {"w1": Placement("o", "women"), "w2": Placement("o", "open"), "m": None}
    moved = decline(problem, outcome, ["w1"], seed="s")
    assert moved.outcome.placements == {"w1": None, "w2": Placement("o", "women"), "m": Placement("o", "open")}


@settings(deadline=None, max_examples=500)
@given(problems())
def test_the_reasons_are_the_cut_offs(problem: Problem) -> None:
    outcome = decide(problem, seed="s")
    explainer = Explainer(problem, outcome, seed="s")
    for each in problem.applicants:
        told = explainer.explain(each.id)
        assert len(told.reasons) == choice(problem, outcome, each.id)
        for reason in told.reasons:
            item = problem.opportunity[reason.opportunity]
            assert [part.cutoff.seat_class for part in reason.classes] == list(classes_open_to(item, each.groups))
            assert all(part.cutoff.full for part in reason.classes)
            assert 1 <= reason.position <= reason.waiting <= reason.applied
            assert reason.opportunity not in told.free
            assert reason.sentence("th") != reason.sentence("en")


def test_the_sentence_says_places_cut_off_score_and_position() -> None:
    problem = round_of({"ทอผ้า": 1, "bake": 3}, {"a": {"ทอผ้า": 71}, "b": {"ทอผ้า": 65}, "c": {"ทอผ้า": 60}})
    told = explain(problem, decide(problem, seed="s"), "b", seed="s")
    assert told.seat is None
    assert dict(told.free) == {"bake": 3}
    assert told.reasons[0].sentence() == (
        "ทอผ้า: 3 people applied for 1 places; all 1 open seats went to people with a score of at least 71. "
        "Your score is 65. You are number 1 of 2 on its waiting list."
    )
    assert "คะแนนตั้งแต่ 71 ขึ้นไป คะแนนของคุณคือ 65" in told.reasons[0].sentence("th")


def test_who_was_served_and_by_how_much_less_than_their_share() -> None:
    people = {name: {"o": score} for name, score in zip("abcd", (4, 3, 2, 1), strict=True)}
    problem = round_of({"o": 2}, people, groups={"a": "north", "b": "north", "c": "south", "d": "south"})
    north, south = served(problem, decide(problem, seed="s"))
    assert (north.group, north.applicants, north.placed, north.first_choice, north.gap) == (
        "north",
        2,
        2,
        2,
        Fraction(1, 2),
    )
    assert (south.placed, south.gap) == (0, Fraction(-1, 2))


def test_two_policies_are_compared_by_who_gains_and_loses() -> None:
    people = {"a": {"o": 2}, "b": {"o": 1}}
    groups = {"b": "south"}
    before = round_of({"o": 1}, people, groups=groups)
    after = round_of({"o": (1, {"south": 1})}, people, groups=groups)
    result = compare(before, decide(before, seed="s"), decide(after, seed="s"))
    assert (result.gainers, result.losers) == (("b",), ("a",))
    assert [(each.group, each.gains, each.loses) for each in result.groups] == [("", 1, 1), ("south", 1, 0)]


def test_the_seed_follows_from_the_committed_secret_and_the_draw() -> None:
    secret = "9f1c2ab47d03e58c6b1a0e9d4f7c3b28"
    seed = join(secret, "730209")
    published = {"commitment": commit(secret), "secret": secret, "public_draw": "730209"}
    assert revealed(secret, published["commitment"])
    assert protocol_fault(seed, **published) is None
    assert "committed" in str(protocol_fault(seed, **{**published, "secret": secret[::-1]}))
    assert "joined" in str(protocol_fault(seed, **{**published, "public_draw": "730208"}))
    assert "digits" in str(protocol_fault(seed, **{**published, "public_draw": "๗๓๐๒๐๙"}))
    with pytest.raises(ProblemError, match="guessed"):
        commit("short")
