"""Greedy and Phragmen, proved by replaying their definitions."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.compare import Order
from okat.engine.budgeting.outcome import Outcome
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules


def greedy_violations(election: Election, rules: Rules, outcome: Outcome, *, per_cost: bool) -> Iterator[Violation]:
    """Each project taken has the most votes of those that fit; in the end none fits."""
    number = {one: c for c, one in enumerate(election.ids)}
    order = Order(election, rules.ties)
    costs, votes = election.costs.tolist(), election.votes.tolist()
    paid = [number[one.project] for one in outcome.purchases]
    left = election.budget - sum(costs[c] for c in paid)
    waiting = {c for c in range(election.p) if costs[c] and votes[c]} - set(paid)
    worth = {c: Fraction(votes[c], costs[c] if per_cost else 1) for c in waiting}
    for one in outcome.filled:
        c = number[one]
        fitting = {other for other in waiting if costs[other] <= left}
        if c not in fitting:
            yield broken("order", one, other=one)
            return
        tied = {other for other in fitting if worth[other] == worth[c]}
        for other in sorted(fitting - {c}):
            if worth[other] > worth[c]:
                yield broken("order", one, other=election.ids[other])
        if sum(costs[other] for other in tied) > left:  # else all of them are taken, in whatever order
            for other in sorted(tied - {c}):
                yield from order.violations(c, other)
        waiting.discard(c)
        left -= costs[c]
    for c in sorted(waiting):
        if costs[c] <= left:
            yield broken("left-over", election.ids[c], cost=costs[c])


def phragmen_violations(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    """At the time of each purchase its supporters have just its cost, and no others have more than theirs."""
    number = {one: c for c, one in enumerate(election.ids)}
    order, columns = Order(election, rules.ties), election.supporters
    costs: list[int] = election.costs.tolist()
    since = np.full(election.n, Fraction(0), dtype=object)
    left = election.budget
    waiting = {c for c in range(election.p) if 0 < costs[c] <= left and election.votes[c]}

    def owed(c: int) -> Fraction:
        """The time at which its supporters have its cost."""
        begun = since[columns.voter[columns.starts[c] : columns.starts[c + 1]]].tolist()
        return (sum(_counted(begun), Fraction(0)) + costs[c]) / len(begun)

    for bought in outcome.purchases:
        c = number[bought.project]
        if c not in waiting or costs[c] > left or owed(c) != bought.price:
            yield broken("time", bought.project, claimed=bought.price)
            return
        for other in sorted(waiting - {c}):
            if rules.stop == "exhaustive" and costs[other] > left:
                continue
            when = owed(other)
            if when < bought.price:
                yield broken("order", bought.project, other=election.ids[other])
            elif when == bought.price:
                yield from order.violations(c, other)
        since[columns.voter[columns.starts[c] : columns.starts[c + 1]]] = bought.price
        left -= costs[c]
        waiting.discard(c)
    yield from _over(election, rules, order, {c: owed(c) for c in waiting}, left)


def _counted(values: list[Fraction]) -> Iterator[Fraction]:
    """The same sum with one product for each of the few times that stand there."""
    counts: dict[int, tuple[Fraction, int]] = {}
    for value in values:
        counts[id(value)] = (value, counts.get(id(value), (value, 0))[1] + 1)
    for value, count in counts.values():
        yield value * count


def _over(election: Election, rules: Rules, order: Order, when: dict[int, Fraction], left: int) -> Iterator[Violation]:
    """The count had to end: the next project overspends, or (where such are passed over) all do."""
    if rules.stop == "exhaustive":
        fitting = [c for c in when if election.costs[c] <= left]
    else:
        tied = [c for c in when if when[c] == min(when.values())]
        tied = [c for c in tied if order.keys[c] == min(order.keys[other] for other in tied)]
        fitting = [c for c in tied if election.costs[c] <= left]
    for c in sorted(fitting):
        yield broken("left-over", election.ids[c], cost=int(election.costs[c]))
