"""An opportunity is cancelled after its seats were given: nobody else loses, the outcome stays certified, and the slow
replay names every seat that was given otherwise."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.allocation.made_up import problems, round_of

from okat.engine.allocation import Outcome, Problem, Rules, check, decide
from okat.engine.allocation.cancelled import cancel
from okat.engine.allocation.recount import replay
from okat.engine.allocation.waiting import (
    CANCELLED,
    DECLINED,
    INSTEAD,
    LEFT,
    LOST,
    SETTLED,
    Release,
    release,
    without,
)
from okat.engine.errors import OutcomeError


def seats(outcome: Outcome) -> dict[str, str]:
    return {who: seat.opportunity for who, seat in outcome.placements.items() if seat}


@settings(deadline=None, max_examples=300)
@given(problems(people=9), st.integers(0, 2**32), st.sampled_from((Rules(), Rules(decline="leave-round"))))
def test_whatever_happens_between_cancellations_the_outcome_is_certified(
    problem: Problem, number: int, rules: Rules
) -> None:
    random = Random(number)
    outcome, lines = decide(problem, seed="s"), list[Release]()
    on = [each.id for each in problem.opportunities]
    for version in range(2, 7):
        before = seats(outcome)
        if on and random.random() < 0.5:
            off = {on.pop(random.randrange(len(on))) for _ in range(min(len(on), random.choice((1, 1, 2))))}
            sat = sorted(who for who, where in before.items() if where in off)
            first = _made_up(random, outcome, version, random.sample(sat, random.randint(0, len(sat))))
            moved, fresh = cancel(problem, lines, outcome, off, version, seed="s", rules=rules, first=first)
            for who, where in before.items():
                assert where in off or seats(moved.outcome)[who] == where
            for who in seats(moved.outcome):  # nobody moves up, and who had given it back is given none instead
                assert who in before
                assert who not in {line.applicant for line in first if line.kind != SETTLED}
        else:
            fresh = _made_up(random, outcome, version, random.sample(sorted(before), min(len(before), 2)))
            if not fresh:
                break
            moved = release(without(problem, lines, rules), outcome, fresh, seed="s", rules=rules)
        lines += fresh
        outcome = moved.outcome
        assert without(problem, lines, rules) == moved.problem
        assert check(moved.problem, outcome, seed="s").passed
        assert replay(problem, outcome, lines, version, seed="s", rules=rules) == []
    for place, line in enumerate(lines):
        short = [*lines[:place], *lines[place + 1 :]]
        beside = [each for each in short if each.version == line.version]
        # One from which nobody was moved may be left out where the version says more: that is as true.
        told = not beside or any(each.kind == LOST and each.opportunity == line.opportunity for each in beside)
        if line.kind in (LOST, INSTEAD) or (line.kind == CANCELLED and told):
            assert replay(problem, outcome, short, lines[-1].version, seed="s", rules=rules)


def _made_up(random: Random, outcome: Outcome, version: int, who: list[str]) -> tuple[Release, ...]:
    return tuple(Release(version, one, seats(outcome)[one], random.choice([DECLINED, SETTLED, LEFT])) for one in who)


def test_who_lost_a_seat_gets_the_best_free_one_and_pushes_nobody_out() -> None:
    problem = round_of({"x": 2, "y": 1, "z": 1}, {"a": {"x": 9, "y": 9, "z": 9}, "b": {"x": 8, "z": 8}, "c": {"y": 1}})
    first = decide(problem, seed="s")
    assert seats(first) == {"a": "x", "b": "x", "c": "y"}
    moved, lines = cancel(problem, [], first, ["x"], 2, seed="s")
    assert seats(moved.outcome) == {"a": "z", "c": "y"}  # c keeps y though a stands higher; of a and b, a is better
    assert Release(2, "a", "z", INSTEAD) in lines
    with pytest.raises(OutcomeError):
        cancel(problem, lines, moved.outcome, ["x"], 3, seed="s")
    with pytest.raises(OutcomeError):
        cancel(problem, [], first, ["nowhere"], 2, seed="s")


def test_a_seat_that_is_given_to_the_wrong_one_is_named() -> None:
    problem = round_of({"x": 2, "z": 1}, {"a": {"x": 9, "z": 9}, "b": {"x": 8, "z": 8}})
    _moved, lines = cancel(problem, [], decide(problem, seed="s"), ["x"], 2, seed="s")
    forged = [line._replace(applicant="b") if line.kind == INSTEAD else line for line in lines]
    left = without(problem, forged)
    (found,) = replay(problem, decide(left, seed="s"), forged, 2, seed="s", rules=Rules())
    assert found.code == "release"
    assert found.applicant in {"a", "b"}


def test_who_had_settled_may_have_any_free_seat_but_those_declined() -> None:
    problem = round_of({"w": 1, "x": 1}, {"a": {"w": 1, "x": 1}, "b": {"w": 9}})
    first = decide(problem, seed="s")
    settled = Release(2, "a", "x", SETTLED)
    moved = release(problem, first, [settled], seed="s")
    gone = Release(3, "b", "w", LEFT)
    moved = release(moved.problem, moved.outcome, [gone], seed="s")
    assert seats(moved.outcome) == {"a": "x"}
    moved, lines = cancel(problem, [settled, gone], moved.outcome, ["x"], 4, seed="s")
    assert seats(moved.outcome) == {"a": "w"}
    assert replay(problem, moved.outcome, [settled, gone, *lines], 4, seed="s", rules=Rules()) == []


def test_who_had_given_it_back_is_replaced_by_nobody_and_keeps_the_turn_for_what_is_dearer() -> None:
    """`a` has x and wants y more, which c has; b waits for x, and z is free."""
    lists = {"a": {"y": 1, "x": 9, "z": 9}, "b": {"x": 8, "z": 0}, "c": {"y": 9}, "d": {"z": 9}}
    problem = round_of({"x": 1, "y": 1, "z": 3}, lists)
    first = decide(problem, seed="s")
    assert seats(first) == {"a": "x", "b": "z", "c": "y", "d": "z"}
    back = Release(2, "a", "x", DECLINED)
    moved, lines = cancel(problem, [], first, ["x"], 2, seed="s", first=[back])
    assert seats(moved.outcome) == {"b": "z", "c": "y", "d": "z"}
    assert lines == (back, Release(2, "", "x", CANCELLED))
    assert replay(problem, moved.outcome, lines, 2, seed="s", rules=Rules()) == []
    up = Release(3, "c", "y", LEFT)
    later = release(moved.problem, moved.outcome, [up], seed="s")
    assert seats(later.outcome) == {"a": "y", "b": "z", "d": "z"}
    assert replay(problem, later.outcome, [*lines, up], 3, seed="s", rules=Rules()) == []


def test_of_others_nothing_may_stand_in_the_version_that_cancels() -> None:
    problem = round_of({"x": 1, "y": 1}, {"a": {"x": 9}, "b": {"y": 9}, "c": {"y": 1}})
    first = decide(problem, seed="s")
    odd = Release(2, "b", "y", LEFT)
    with pytest.raises(OutcomeError):
        cancel(problem, [], first, ["x"], 2, seed="s", first=[odd])
    moved, lines = cancel(problem, [], first, ["x"], 2, seed="s")
    (found,) = replay(problem, moved.outcome, [odd, *lines], 2, seed="s", rules=Rules())
    assert (found.code, found.applicant) == ("release", "b")


def test_what_ends_together_is_not_offered_in_place_of_each_other() -> None:
    problem = round_of({"x": 1, "y": 1, "z": 1}, {"a": {"x": 9, "y": 9, "z": 9}})
    moved, lines = cancel(problem, [], decide(problem, seed="s"), ["x", "y"], 2, seed="s")
    assert seats(moved.outcome) == {"a": "z"}
    assert replay(problem, moved.outcome, lines, 2, seed="s", rules=Rules()) == []
