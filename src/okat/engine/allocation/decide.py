"""Applicant-proposing deferred acceptance (Gale & Shapley 1962) with reserved seats."""

from okat.engine.allocation import light
from okat.engine.allocation.outcome import Outcome, cutoffs_of
from okat.engine.allocation.problem import Problem
from okat.engine.allocation.rules import RULES, Rules


def decide(problem: Problem, *, seed: str, rules: Rules = RULES) -> Outcome:
    """The applicant-optimal stable outcome; `seed` orders equal scores. Does not depend on the order of rows.

    `rules` has one method so far (`Rules` refuses any other); it is asked for so that a caller cannot decide
    without having rules to publish.
    """
    assert rules.method == RULES.method
    placements = light.place(problem, seed)
    return Outcome(placements, cutoffs_of(problem, placements, seed))
