"""Later versions: the slow replay from the first run on gives what the fast waiting list gave, release by release."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.allocation.made_up import problems, round_of

from okat.engine.allocation import Outcome, Problem, Rules, decide
from okat.engine.allocation.recount import replay
from okat.engine.allocation.waiting import DECLINED, LEFT, SETTLED, Release, release, without
from okat.engine.errors import OutcomeError


def later(problem: Problem, random: Random, rules: Rules, versions: int) -> tuple[Outcome, list[Release]]:
    """The outcome after made-up releases in `versions` steps; fewer where nobody is left to release."""
    outcome, left, lines = decide(problem, seed="s"), problem, []
    for version in range(2, versions + 2):
        who = random.sample(sorted(outcome.placements), min(len(outcome.placements), 3))
        batch = []
        for each in who:
            seat = outcome.placements[each]
            kind = random.choice([DECLINED, SETTLED, LEFT]) if seat else LEFT
            batch.append(Release(version, each, seat.opportunity if seat else "", kind))
        if not batch:
            break
        moved = release(left, outcome, batch, seed="s", rules=rules)
        left, outcome = moved.problem, moved.outcome
        lines += batch
        assert without(problem, lines, rules) == left
    return outcome, lines


@settings(deadline=None, max_examples=400)
@given(problems(people=9), st.integers(0, 2**32), st.sampled_from((Rules(), Rules(decline="leave-round"))))
def test_the_slow_replay_agrees_with_the_waiting_list(problem: Problem, number: int, rules: Rules) -> None:
    outcome, lines = later(problem, Random(number), rules, versions=4)
    version = lines[-1].version if lines else 1
    assert replay(problem, outcome, lines, version, seed="s", rules=rules) == []
    odd = next((who for who, seat in outcome.placements.items() if seat), None)
    if odd and lines:
        forged = Outcome({**outcome.placements, odd: None}, outcome.cutoffs)
        found = replay(problem, forged, lines, version, seed="s", rules=rules)
        assert {(each.code, each.applicant) for each in found} == {("waiting-list-differs", odd)}


@pytest.mark.parametrize(
    "line",
    [
        Release(2, "b", "o", DECLINED),  # holds nothing
        Release(2, "a", "p", DECLINED),  # holds another
        Release(2, "a", "", LEFT),  # holds a seat
        Release(2, "c", "o", LEFT),  # nobody
        Release(2, "a", "o", "sold"),
        Release(2, "b", "", SETTLED),
    ],
)
def test_a_release_of_a_seat_that_is_not_held_is_named(line: Release) -> None:
    problem = round_of({"o": 1, "p": 1}, {"a": {"o": 2}, "b": {"o": 1}})
    (found,) = replay(problem, decide(problem, seed="s"), [line], 2, seed="s", rules=Rules())
    assert found.code == "release"
    assert line.applicant in found.text()
    assert line.applicant in found.text("th")
    if line.kind in (DECLINED, LEFT) and line.applicant == "a":
        with pytest.raises(OutcomeError):
            release(problem, decide(problem, seed="s"), [line], seed="s")


@pytest.mark.parametrize("numbers", [(3,), (2, 2, 4), (2, 3, 2)])
def test_versions_follow_one_another(numbers: tuple[int, ...]) -> None:
    problem = round_of({"o": 3}, {"a": {"o": 3}, "b": {"o": 2}, "c": {"o": 1}})
    lines = [Release(number, who, "o", LEFT) for number, who in zip(numbers, "abc", strict=False)]
    found = replay(problem, decide(problem, seed="s"), lines, 3, seed="s", rules=Rules())
    assert [each.code for each in found] == ["release-versions"]
