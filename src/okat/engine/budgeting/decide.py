"""Any of the rules, applied."""

from okat.engine.budgeting.equal_shares import equal_shares
from okat.engine.budgeting.greedy import greedy
from okat.engine.budgeting.outcome import Outcome, outcome_of
from okat.engine.budgeting.phragmen import phragmen
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import free_of


def decide(election: Election, rules: Rules) -> Outcome:
    """Exact; rows may stand in any order. Raises `TieError` where projects tie and the rules refuse to choose."""
    free = free_of(election, rules.ties)
    if rules.rule == "equal-shares":
        ladder = equal_shares(election, rules)
        filled: tuple[str, ...] = ()
        if rules.fills:
            filled = greedy(election, Rules("greedy", ties=rules.ties), [one.project for one in ladder.purchases])
        return outcome_of(election, free, ladder=ladder, filled=filled)
    if rules.rule == "phragmen":
        return outcome_of(election, free, purchases=phragmen(election, rules))
    if rules.rule == "optimum":
        from okat.engine.budgeting.optimum import optimum

        return outcome_of(election, free, filled=optimum(election, rules))
    return outcome_of(election, free, filled=greedy(election, rules))
