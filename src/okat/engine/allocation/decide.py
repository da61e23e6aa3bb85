"""Applicant-proposing deferred acceptance (Gale & Shapley 1962) with reserved seats."""

from okat.engine.allocation import light
from okat.engine.allocation.arrays import MAX_GROUPS, from_problem, to_placements
from okat.engine.allocation.outcome import Outcome, cutoffs_of
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.rules import RULES, Rules
from okat.engine.errors import ProblemError

LIGHT_LIMIT = 200_000
"""Preferences up to which plain Python decides: below it, loading the compiler would take longer."""


def decide(problem: Problem, *, seed: str, rules: Rules = RULES, light_limit: int = LIGHT_LIMIT) -> Outcome:
    """The applicant-optimal stable outcome; `seed` orders equal scores. Does not depend on the order of rows, nor
    on `light_limit`, which only chooses the program. Raises `ProblemError` for rules of another method."""
    if rules.method != RULES.method:
        raise ProblemError(f"the method {rules.method!r} is not known here")
    groups = {reserve.group for item in problem.opportunities for reserve in item.reserves}
    if len(problem.preferences) <= light_limit or len(groups) > MAX_GROUPS:
        placements = light.place(problem, seed)
    else:
        from okat.engine.allocation.compiled import solve

        arrays = from_problem(problem, seed)
        placements = to_placements(problem, arrays, solve(arrays))
    return Outcome(placements, cutoffs_of(problem, placements, seed))
