"""The fast solver, the slow reference and the check, held together on made-up rounds."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.allocation.made_up import problems

from okat.engine.allocation import Problem, check, decide
from okat.engine.allocation.reference import decide_slowly

SEEDS = st.sampled_from(["s", "ขอนแก่น", "1"])


@settings(deadline=None, max_examples=3000)
@given(problems(), SEEDS)
def test_the_solver_equals_the_reference_and_passes_the_check(problem: Problem, seed: str) -> None:
    outcome = decide(problem, seed=seed)
    assert outcome == decide_slowly(problem, seed=seed)
    certificate = check(problem, outcome, seed=seed)
    assert certificate.passed, certificate.violations


@settings(deadline=None, max_examples=500)
@given(problems(), SEEDS, st.randoms())
def test_the_order_of_rows_changes_nothing(problem: Problem, seed: str, random) -> None:
    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    other = Problem(shuffled(problem.opportunities), shuffled(problem.applicants), shuffled(problem.preferences))
    first, second = decide(problem, seed=seed), decide(other, seed=seed)
    assert dict(first.placements) == dict(second.placements)
    assert set(first.cutoffs) == set(second.cutoffs)
