"""Runs in an environment of its own: pabutools counts elections that come as JSON lines, and answers with the winners.

A case: {"file": path} or {"costs": {id: int}, "ballots": [{id: points}], "budget": int}, then "kind", "rule",
"utility", "completion", "stop", "start", "ties". Raising the shares step by step is written out here around pabutools'
own method of equal shares, so that both ways to stop and to start can be asked for.
"""

import json
import sys
from typing import Any

from pabutools.election import (
    AdditiveSatisfaction,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    CardinalProfile,
    Instance,
    Project,
    parse_pabulib,
    total_cost,
)
from pabutools.fractions import frac
from pabutools.rules import (
    greedy_utilitarian_welfare,
    max_additive_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule


def points(ballot: Any, project: Any) -> int:
    if isinstance(ballot, CardinalBallot):
        return int(ballot.get(project, 0))
    return int(project in ballot)


class CostUtility(AdditiveSatisfaction):
    def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
        super().__init__(instance, profile, ballot, lambda _i, _p, ballot, c, _v: points(ballot, c) * c.cost)


class PlainUtility(AdditiveSatisfaction):
    def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
        super().__init__(instance, profile, ballot, lambda _i, _p, ballot, c, _v: points(ballot, c))


def election(case: dict[str, Any]) -> tuple[Any, Any]:
    if "file" in case:
        return parse_pabulib(case["file"])
    projects = {name: Project(name, cost) for name, cost in case["costs"].items()}
    instance = Instance(projects.values(), budget_limit=case["budget"])
    if case["kind"] == "approval":
        return instance, ApprovalProfile([ApprovalBallot(projects[name] for name in b) for b in case["ballots"]])
    return instance, CardinalProfile(
        [CardinalBallot({projects[name]: v for name, v in b.items()}) for b in case["ballots"]]
    )


def tie_order(case: dict[str, Any], profile: Any) -> TieBreakingRule:
    def key(_instance: Any, _profile: Any, project: Any) -> Any:
        name, votes = project.name, sum(points(ballot, project) for ballot in profile)
        number = (0, int(name), name) if name.isascii() and name.isdecimal() else (1, 0, name)
        told = {"min-cost": project.cost, "max-cost": -project.cost, "max-votes": -votes, "lowest-id": number}
        return tuple(told[tie] for tie in case["ties"])

    return TieBreakingRule(key)


def equal_shares(case: dict[str, Any], instance: Any, profile: Any, utility: Any, ties: Any) -> list[Any]:
    """One run, or one run for each endowment until the next would overspend (or, asked so, until no project fits)."""
    n, budget = len(profile), instance.budget_limit
    supported = [c for c in instance if any(points(ballot, c) for ballot in profile)]

    def run(endowment: Any) -> list[Any]:
        instance.budget_limit = endowment * n
        try:
            return list(method_of_equal_shares(instance, profile, sat_class=utility, tie_breaking=ties))
        finally:
            instance.budget_limit = budget

    endowment = frac(budget // n) if case["start"] == "floor" else frac(budget, n)
    winners = run(endowment)
    if case["completion"] == ["none"]:
        return winners
    while len(winners) < len(supported):
        left = budget - total_cost(winners)
        if case["stop"] == "exhaustive" and not any(c.cost <= left for c in supported if c not in winners):
            break
        endowment += 1
        following = run(endowment)
        if total_cost(following) > budget:
            break
        winners = following
    return winners


def count(case: dict[str, Any]) -> dict[str, Any]:
    instance, profile = election(case)
    utility = CostUtility if case["utility"] == "cost" else PlainUtility
    ties = tie_order(case, profile)
    if case["rule"] == "equal-shares":
        winners = equal_shares(case, instance, profile, utility, ties)
    elif case["rule"] in ("greedy", "greedy-per-cost"):
        density = CostUtility if case["rule"] == "greedy" else PlainUtility
        winners = list(greedy_utilitarian_welfare(instance, profile, sat_class=density, tie_breaking=ties))
    elif case["rule"] == "phragmen":
        winners = list(sequential_phragmen(instance, profile, tie_breaking=ties))
    else:
        winners = list(max_additive_utilitarian_welfare(instance, profile, sat_class=utility))
    benefit = sum(points(b, c) * (c.cost if case["utility"] == "cost" else 1) for b in profile for c in winners)
    return {"winners": [c.name for c in winners], "benefit": int(benefit)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(count(json.loads(line))), flush=True)
