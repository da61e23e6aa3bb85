"""The set of projects with the greatest total benefit, by CP-SAT, its bound closed to zero; then the order of ties
among all such sets, each step solved and proven again."""

from collections.abc import Sequence
from math import gcd
from typing import Any

from okat.engine.budgeting.problem import BudgetingError, Election, TieError
from okat.engine.budgeting.rules import Rules

BITS = 40
LIMIT = 2**53
"""The solver tells its bound as a float64, which is exact up to here."""


def optimum(election: Election, rules: Rules) -> tuple[str, ...]:
    """Winners, lowest id first. Sets are compared by total benefit, then by total cost or votes as the order of ties
    says, then by the lowest id that only one of them holds. Raises `TieError` where the rules refuse to choose, and
    `BudgetingError` where totals leave the range of whole numbers."""
    able = [c for c in range(election.p) if 0 < election.costs[c] <= election.budget and election.votes[c]]
    able.sort(key=lambda c: int(election.rank[c]))
    costs = [int(election.costs[c]) for c in able]
    votes = [int(election.votes[c]) for c in able]
    use = [cost * vote for cost, vote in zip(costs, votes, strict=True)] if rules.utility == "cost" else votes
    if not able:
        return ()
    shared = gcd(*use)
    use = [one // shared for one in use]
    if sum(use) > LIMIT:
        raise BudgetingError("too-large", value="benefits")
    knapsack = _Knapsack(costs, election.budget)
    chosen = knapsack.best(use)
    aims = {"min-cost": [-cost for cost in costs], "max-cost": costs, "max-votes": votes}
    for order in rules.ties:
        if order in aims:
            chosen = knapsack.best(aims[order])
    if rules.ties[-1] == "refuse":
        other = knapsack.another(chosen)
        if other is not None:
            raise TieError([election.ids[c] for c, one, two in zip(able, chosen, other, strict=True) if one != two])
    else:
        for begin in range(0, len(able), BITS):
            part = range(begin, min(begin + BITS, len(able)))
            chosen = knapsack.best([2 ** (part[-1] - k) if k in part else 0 for k in range(len(able))])
    return tuple(election.ids[c] for c, one in zip(able, chosen, strict=True) if one)


class _Knapsack:
    """One model; what a step finds best, every later step keeps."""

    def __init__(self, costs: Sequence[int], budget: int) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.model: Any = cp_model.CpModel()
        self.take = [self.model.new_bool_var(f"x{k}") for k in range(len(costs))]
        self.model.add(cp_model.LinearExpr.weighted_sum(self.take, costs) <= budget)

    def best(self, worth: Sequence[int]) -> list[bool]:
        total = self.cp.LinearExpr.weighted_sum(self.take, worth)
        self.model.maximize(total)
        chosen = self.solve()
        assert chosen is not None, "the empty set fits"
        self.model.clear_objective()
        self.model.add(total == sum(one for one, is_in in zip(worth, chosen, strict=True) if is_in))
        self.model.clear_hints()
        for variable, is_in in zip(self.take, chosen, strict=True):
            self.model.add_hint(variable, is_in)
        return chosen

    def another(self, chosen: Sequence[bool]) -> list[bool] | None:
        """An equally good set that differs, or None if it is proven that there is none."""
        self.model.add_bool_or(~x if is_in else x for x, is_in in zip(self.take, chosen, strict=True))
        return self.solve()

    def solve(self) -> list[bool] | None:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        status = solver.solve(self.model)
        if status == self.cp.INFEASIBLE:
            return None
        proven = status == self.cp.OPTIMAL and solver.best_objective_bound == solver.objective_value
        if not proven:
            raise RuntimeError(f"the solver ended without a proof: {solver.status_name(status)}")
        return [bool(solver.value(x)) for x in self.take]
