"""Equal shares, proved from the payments: replayed in whole numbers of one unit that divides every price."""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.compare import Order
from okat.engine.budgeting.outcome import Outcome, Purchase
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules

ROUNDING = 2.0**-50


def shares_violations(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    endowment = outcome.endowment
    assert endowment is not None
    yield from _steps(election, rules, outcome, endowment)
    yield from _Replay(election, rules, endowment, outcome.purchases).violations()
    yield from _ended(election, rules, outcome)
    if outcome.beyond:
        yield from _Replay(election, rules, endowment + election.scale, outcome.beyond).violations()


def _steps(election: Election, rules: Rules, outcome: Outcome, endowment: Fraction) -> Iterator[Violation]:
    """The endowment stands on the published steps, and the interval ends with it."""
    n, scale = election.n, election.scale
    begin = Fraction(election.budget, n) if n else Fraction(0)
    if rules.start == "floor":
        begin = Fraction(begin // scale) * scale
    steps = (endowment - begin) / scale
    if steps < 0 or steps.denominator != 1 or (steps and not rules.adds):
        yield broken("endowment", claimed=endowment, begin=begin)
    low, high = outcome.interval or (endowment, endowment)
    below = (endowment - low) / scale
    if high != endowment or not begin <= low <= high or below.denominator != 1:
        yield broken("interval", low=low, high=high)


def _ended(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    """Why the raising ended is true."""
    cost = {one: int(price) for one, price in zip(election.ids, election.costs, strict=True)}
    bought = {one.project for one in outcome.purchases}
    supported = [c for c in range(election.p) if election.costs[c] > 0 and election.votes[c] > 0]
    rest = [int(election.costs[c]) for c in supported if election.ids[c] not in bought]
    left = election.budget - sum(cost[one] for one in bought)
    full = rules.adds and rules.stop == "exhaustive" and bool(rest) and min(rest) > left
    right = "start" if not rules.adds else "all-won" if not rest else "exhaustive" if full else "overspend"
    if outcome.ended != right:
        yield broken("ended", claimed=outcome.ended, right=right)
    if (right == "overspend") != (sum(cost[one.project] for one in outcome.beyond) > election.budget):
        yield broken("beyond")


class _Replay:
    """One count. `purse` object[n] holds what each voter has, in 1/unit; `money` the same as floats, each the nearest
    to its exact value, to see at a glance who is far from a border."""

    def __init__(self, election: Election, rules: Rules, endowment: Fraction, purchases: tuple[Purchase, ...]) -> None:
        self.election, self.purchases = election, purchases
        self.order = Order(election, rules.ties)
        self.unit = lcm(endowment.denominator, *(one.price.denominator for one in purchases))
        self.endowment = self.whole(endowment)
        self.purse = np.full(election.n, self.endowment, dtype=object)
        self.money = np.full(election.n, float(endowment))
        self.columns = election.supporters
        self.column = np.repeat(np.arange(election.p), np.diff(self.columns.starts))
        self.number = {one: c for c, one in enumerate(election.ids)}
        self.scale = election.costs.tolist() if rules.utility == "cost" else [1] * election.p
        self.waiting = (election.costs > 0) & (election.votes > 0)
        self.costs: list[int] = election.costs.tolist()

    def whole(self, value: Fraction) -> int:
        return value.numerator * (self.unit // value.denominator)

    def violations(self) -> Iterator[Violation]:
        for bought in self.purchases:
            c = self.number[bought.project]
            if not self.waiting[c] or bought.price <= 0:
                yield broken("not-in-full", bought.project, cost=self.costs[c], paid=0)
                return
            yield from self.dearer(c, bought.price / self.scale[c])
            faults = list(self.pay(c, bought))
            yield from faults
            if faults:
                return
            self.waiting[c] = False
        yield from self.left_over()

    def edges(self, c: int) -> slice:
        return slice(int(self.columns.starts[c]), int(self.columns.starts[c + 1]))

    def dearer(self, bought: int, per_use: Fraction) -> Iterator[Violation]:
        """At the price for each unit of benefit that was paid, no other project's supporters could pay more than its
        cost (it would have been the better buy); those that could pay just that, tie."""
        most = float(per_use) * np.array(self.scale, dtype=np.float64)
        paid = self.totals(np.minimum(self.money[self.columns.voter], most[self.column] * self.columns.weight))
        for c in np.flatnonzero(self.waiting & (paid >= self.election.costs * (1 - self.margin()))).tolist():
            if c == bought:
                continue
            sign = self.exactly(c, per_use * self.scale[c])
            if sign > 0:
                yield broken("passed-over", self.election.ids[c], bought=self.election.ids[bought])
            elif sign == 0:
                yield from self.order.violations(bought, c)

    def exactly(self, c: int, price: Fraction) -> int:
        """Whether c is cheaper (1) than `price` a point, costs just that (0), or more (-1)."""
        edges = self.edges(c)
        top, bottom = price.numerator * self.unit, price.denominator
        paid, held = 0, False
        for purse, weight in zip(
            self.purse[self.columns.voter[edges]], self.columns.weight[edges].tolist(), strict=True
        ):
            full = top * weight
            held |= purse * bottom >= full
            paid += min(purse * bottom, full)
        cost = self.costs[c] * self.unit * bottom
        if paid == cost:
            return 0 if held else 1  # nobody is asked for more than they have, so a lower price would do as well
        return 1 if paid > cost else -1

    def pay(self, c: int, bought: Purchase) -> Iterator[Violation]:
        """Its supporters pay its cost: each the same for a point, or all that they have, where that is less."""
        edges = self.edges(c)
        voters, price = self.columns.voter[edges], self.whole(bought.price)
        purse = self.purse[voters]
        full = self.columns.weight[edges].astype(object) * price
        less = (purse < full).astype(bool)
        short = voters[less & (purse > 0).astype(bool)].tolist()
        if short != list(bought.short):
            odd = sorted(set(short).symmetric_difference(bought.short)) or [0]
            voter = self.election.voter_name(odd[0]) if 0 <= odd[0] < self.election.n else str(odd[0])
            yield broken("short", bought.project, voter=voter)
        paid = np.where(less, purse, full)
        if sum(paid.tolist()) != self.costs[c] * self.unit:
            total = Fraction(sum(paid.tolist()), self.unit)
            yield broken("not-in-full", bought.project, cost=self.costs[c], paid=total)
        self.purse[voters] = purse - paid
        self.money[voters] = (self.purse[voters] / self.unit).astype(np.float64)

    def left_over(self) -> Iterator[Violation]:
        """No project is left whose supporters have its cost."""
        left = self.totals(self.money[self.columns.voter])
        for c in np.flatnonzero(self.waiting & (left >= self.election.costs * (1 - self.margin()))).tolist():
            if sum(self.purse[self.columns.voter[self.edges(c)]].tolist()) >= self.costs[c] * self.unit:
                yield broken("left-over", self.election.ids[c], cost=self.costs[c])

    def totals(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(self.column, values, minlength=self.election.p).astype(np.float64)

    def margin(self) -> float:
        """Relative error of a sum of so many floats, each within a few units in the last place."""
        return ROUNDING * (len(self.column) + 16)
