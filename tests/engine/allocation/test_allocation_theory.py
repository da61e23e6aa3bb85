"""Known answers from the papers, and the theorems: applicant-optimal, nobody gains by a false list."""

from itertools import product
from random import Random

import pytest
from tests.engine.allocation.made_up import random_problem, round_of

from okat.engine.allocation import (
    AllocationProblemError,
    Applicant,
    Opportunity,
    Outcome,
    Placement,
    Preference,
    Problem,
    Reserve,
    Rules,
    check,
    decide,
    lottery_number,
)
from okat.engine.allocation.choice import Candidate, Standing, choose
from okat.engine.errors import ProblemError


def married(matrix: dict[str, list[tuple[int, int]]]) -> dict[str, str]:
    """Gale & Shapley's ranking matrices: (his rank of her, her rank of him), one seat each."""
    women = "ABCD"[: len(matrix)]
    people = {
        man: {women[j]: 10 - row[j][1] for j in sorted(range(len(row)), key=lambda j, row=row: row[j][0])}
        for man, row in matrix.items()
    }
    outcome = decide(round_of(dict.fromkeys(women, 1), people), seed="s")
    return {man: seat.opportunity for man, seat in outcome.placements.items() if seat}


def test_gale_shapley_1962_example_1_gives_every_man_his_first_choice() -> None:
    matrix = {
        "alpha": [(1, 3), (2, 2), (3, 1)],
        "beta": [(3, 1), (1, 3), (2, 2)],
        "gamma": [(2, 2), (3, 1), (1, 3)],
    }
    assert married(matrix) == {"alpha": "A", "beta": "B", "gamma": "C"}


def test_gale_shapley_1962_example_2_has_one_stable_set_in_which_nobody_gets_a_first_choice() -> None:
    matrix = {
        "alpha": [(1, 3), (2, 3), (3, 2), (4, 3)],
        "beta": [(1, 4), (4, 1), (3, 3), (2, 2)],
        "gamma": [(2, 2), (1, 4), (3, 4), (4, 1)],
        "delta": [(4, 1), (2, 2), (3, 1), (1, 4)],
    }
    assert married(matrix) == {"alpha": "C", "beta": "D", "gamma": "A", "delta": "B"}


def test_hafalir_yenmez_yildirim_2013_a_reserve_does_not_hurt_the_group_that_a_quota_hurts() -> None:
    """The market of Kojima (2012), with which the paper argues for reserves: a quota of one majority student at c1
    moves the minority student s3 from her first choice c2 to c1; a reserve of one seat leaves her at c2."""
    people = {"s1": {"c1": 3}, "s2": {"c1": 2, "c2": 3}, "s3": {"c2": 2, "c1": 1}}
    plain = decide(round_of({"c1": 2, "c2": 1}, people), seed="s")
    reserve = decide(round_of({"c1": (2, {"minority": 1}), "c2": 1}, people, groups={"s3": "minority"}), seed="s")
    assert {who: seat.opportunity for who, seat in plain.placements.items() if seat} == {
        "s1": "c1",
        "s2": "c1",
        "s3": "c2",
    }
    assert plain.placements == reserve.placements


def test_kominers_sonmez_2016_reserved_seats_choose_before_open_ones() -> None:
    """Precedence decides: were the open seat first, m1 would take it and m2 the reserved one."""
    people = {"m1": {"o": 4}, "M": {"o": 3}, "m2": {"o": 2}}
    problem = round_of({"o": (2, {"m": 1})}, people, groups={"m1": "m", "m2": "m"})
    assert decide(problem, seed="s").placements == {"m1": Placement("o", "m"), "M": Placement("o", "open"), "m2": None}


def test_the_published_order_of_groups_decides_who_sits_on_which_seat() -> None:
    people = {"both": {"o": 9}, "old": {"o": 5}, "plain": {"o": 7}}
    groups = {"both": "women|old", "old": "old"}
    for order, seat in (({"women": 1, "old": 1}, "old"), ({"old": 1, "women": 1}, None)):
        outcome = decide(round_of({"o": (2, order)}, people, groups=groups), seed="s")
        assert outcome.placements["old"] == (Placement("o", seat) if seat else None)


def test_equal_scores_fall_to_the_lottery_of_the_specification() -> None:
    people = {f"p{i}": {"o": 1} for i in range(20)}
    outcome = decide(round_of({"o": 5}, people), seed="ก")
    drawn = sorted(people, key=lambda who: lottery_number("ก", who))
    assert {who for who, seat in outcome.placements.items() if seat} == set(drawn[:5])
    assert outcome.cutoffs[0].lottery == lottery_number("ก", drawn[4])
    assert (
        lottery_number("S", "A") == 0x1B0DFCE17210867B1D333D127914EBDCC1254A752A944A5160674DB4F14800AF
    )  # printf "S|A" | sha256sum


def test_nobody_gains_by_another_order_or_a_shorter_list() -> None:
    tried = 0
    for number in range(250):
        problem, random = random_problem(number), Random(number)
        honest = decide(problem, seed="s")
        for each in problem.applicants:
            wishes = problem.wishes[each.id]
            if len(wishes) < 2:
                continue
            false = random.sample(wishes, random.randint(1, len(wishes)))
            others = [row for row in problem.preferences if row.applicant != each.id]
            told = [Preference(each.id, wish.opportunity, rank, wish.priority) for rank, wish in enumerate(false, 1)]
            lied = decide(Problem(problem.opportunities, problem.applicants, (*others, *told)), seed="s")
            assert choice(problem, honest, each.id) <= choice(problem, lied, each.id)
            tried += 1
    assert tried > 300


def choice(problem: Problem, outcome: Outcome, who: str) -> int:
    seat = outcome.placements[who]
    listed = [wish.opportunity for wish in problem.wishes[who]]
    return listed.index(seat.opportunity) if seat else len(listed)


def test_no_stable_outcome_is_better_for_anyone() -> None:
    """All assignments of tiny rounds, the stable ones picked by the check."""
    several = 0
    for number in range(250):
        problem = random_problem(number, people=4, places=3)
        best = decide(problem, seed="s")
        stable = [each for each in assignments(problem) if fair(problem, each)]
        assert any(each.placements == best.placements for each in stable)
        for each in stable:
            assert all(choice(problem, best, who) <= choice(problem, each, who) for who in best.placements)
        several += len(stable) > 1
    assert several >= 3


def fair(problem: Problem, outcome: Outcome) -> bool:
    return not {each.code for each in check(problem, outcome, seed="s").violations} - {"cut-off", "lottery"}


def assignments(problem: Problem) -> list[Outcome]:
    found = []
    people = [each.id for each in problem.applicants]
    options = [[None, *(wish.opportunity for wish in problem.wishes[who])] for who in people]
    for chosen in product(*options):
        placements: dict[str, Placement | None] = dict.fromkeys(people)
        for item in problem.opportunities:
            sitting = [who for who, where in zip(people, chosen, strict=True) if where == item.id]
            candidates = [
                Candidate(Standing(-problem.priority[who, item.id], lottery_number("s", who)), who, problem.groups[who])
                for who in sitting
            ]
            placements |= {who: Placement(item.id, name) for who, name in choose(item, candidates).items()}
        found.append(Outcome(placements, ()))
    return found


def test_a_problem_that_contradicts_itself_lists_every_fault() -> None:
    with pytest.raises(AllocationProblemError) as caught:
        Problem(
            (Opportunity("o", 1, (Reserve("a", 1), Reserve("b", 1))), Opportunity("o", -1)),
            (Applicant("x", frozenset({"open"})),),
            (Preference("y", "p", 0, 1.5), Preference("x", "o", 1, 1), Preference("x", "o", 1, 1)),  # type: ignore[arg-type]
        )
    assert isinstance(caught.value, ProblemError)
    assert [each.code for each in caught.value.faults] == [
        "reserves-above-capacity",
        "duplicate-id",
        "capacity-range",
        "group-named-open",
        "unknown-applicant-id",
        "unknown-opportunity-id",
        "rank-range",
        "priority-range",
        "wish-twice",
        "rank-twice",
    ]
    assert all(each.text("th") != each.text("en") for each in caught.value.faults)


@pytest.mark.parametrize(
    "change", [{"method": "immediate"}, {"version": 2}, {"version": True}, {"decline": "maybe"}, {"new": 1}]
)
def test_rules_of_another_kind_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ProblemError):
        Rules.from_dict({**Rules().as_dict(), **change})


def test_every_switch_has_its_sentence_in_both_languages() -> None:
    for rules in (Rules(), Rules(decline="leave-round")):
        assert len(rules.sentences("th")) == len(rules.sentences("en")) == len(rules.as_dict()) - 1
