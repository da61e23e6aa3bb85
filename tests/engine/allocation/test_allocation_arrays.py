"""The compiled solver and check, held against the plain ones on the same made-up rounds."""

from random import Random

import numpy as np
import pytest
from tests.engine.allocation.made_up import random_problem, round_of

from okat.engine.allocation import Outcome, Problem, check, decide
from okat.engine.allocation.arrays import Arrays, from_problem, to_placements
from okat.engine.allocation.compiled import solve, violation
from okat.engine.errors import OutcomeError, ProblemError


def test_the_compiled_solver_equals_the_plain_one_and_passes_both_checks() -> None:
    for number in range(400):
        problem = random_problem(number, people=12)
        outcome = decide(problem, seed="s", light_limit=-1)
        assert outcome == decide(problem, seed="s")
        arrays = from_problem(problem, "s")
        assert violation(arrays, solve(arrays)) is None


def test_the_compiled_check_refuses_exactly_what_the_plain_check_refuses() -> None:
    """Seats drawn at random, most of them wrong in several ways."""
    wrong = 0
    for number in range(900):
        problem = random_problem(number, people=5, places=3)
        arrays, random = from_problem(problem, "s"), Random(number)
        seat = solve(arrays)
        if not len(seat):
            continue
        for _ in range(random.randint(0, 2)):
            seat[random.randrange(len(seat))] = random.randrange(-1, int(arrays.class_start[-1]))
        code = violation(arrays, seat)
        codes = plain_codes(problem, arrays, seat)
        assert (code is None) == (not codes), (number, code, codes)
        wrong += code is not None
    assert wrong > 250


def plain_codes(problem: Problem, arrays: Arrays, seat: np.ndarray) -> set[str]:
    outcome = Outcome(to_placements(problem, arrays, seat), ())
    found = check(problem, outcome, seed="s").violations
    return {each.code for each in found} - {"cut-off", "lottery"}


@pytest.mark.parametrize(
    ("seat", "code"),
    [
        ([1, 0, -1], None),
        ([0, 1, -1], "seat-class"),
        ([1, 1, 0], "capacity"),
        ([1, -1, 0], "seat-class"),
        ([-1, 0, 1], "justified-envy"),
        ([1, -1, -1], "reserved-seat-empty"),
        ([-1, 0, -1], "empty-seat-wanted"),
    ],
)
def test_each_violation_has_its_name(seat: list[int], code: str | None) -> None:
    problem = round_of({"o": (2, {"women": 1})}, {"a": {"o": 3}, "w": {"o": 2}, "c": {"o": 1}}, groups={"w": "women"})
    assert violation(from_problem(problem, "s"), np.array(seat, dtype=np.int64)) == code


def test_a_seat_outside_the_list_is_named_and_a_seat_that_does_not_exist_is_refused() -> None:
    problem = round_of({"o": 1, "p": 1}, {"a": {"o": 3}})
    arrays = from_problem(problem, "s")
    assert violation(arrays, np.array([1])) == "off-list"
    for seat in ([2], [-2], [0, 0]):
        with pytest.raises(OutcomeError, match="do not fit"):
            violation(arrays, np.array(seat))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("start", np.array([0, 2, 1]), "start must run"),
        ("lottery", np.array([0, 0], dtype=np.int32), "permutation"),
        ("opportunity", np.array([0, 7], dtype=np.int32), "within the capacities"),
        ("score", np.array([0, -1], dtype=np.int32), "scores"),
        ("reserve_seats", np.array([9], dtype=np.int32), "reserves above"),
        ("reserve_group", np.array([64], dtype=np.int32), "groups must be numbered"),
        ("capacity", np.array([-1], dtype=np.int32), "negative"),
    ],
)
def test_arrays_that_contradict_themselves_are_refused(field: str, value: np.ndarray, message: str) -> None:
    problem = round_of({"o": (2, {"women": 1})}, {"a": {"o": 3}, "w": {"o": 2}})
    fields = dict(from_problem(problem, "s").__dict__)
    with pytest.raises(ProblemError, match=message):
        Arrays(**{**fields, field: value})
