"""Equal shares, proved from the payments, which are made again one by one."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.check_purses import ROUNDING, Purses
from okat.engine.budgeting.compare import Order
from okat.engine.budgeting.outcome import Outcome, Purchase
from okat.engine.budgeting.problem import Election, Ints, Longs
from okat.engine.budgeting.rules import Rules


def shares_violations(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    endowment = outcome.endowment
    assert endowment is not None
    begun = list(_steps(election, rules, outcome, endowment))
    yield from begun
    if any(one.code == "endowment" for one in begun):
        return
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
    most = int(election.costs.sum()) + scale  # with less than that, everyone could buy all alone, which ends it
    if steps < 0 or steps.denominator != 1 or (steps and (not rules.adds or endowment >= most)):
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
    """One count. `dear` float64[p]: a price for each unit of benefit below which the project is proven to cost its
    supporters more than they would pay; it stays proven, as their money only shrinks."""

    def __init__(self, election: Election, rules: Rules, endowment: Fraction, purchases: tuple[Purchase, ...]) -> None:
        self.election, self.endowment, self.purchases = election, endowment, purchases
        self.order = Order(election, rules.ties)
        self.purses = Purses(election, endowment, [one.price for one in purchases])
        self.number = {one: c for c, one in enumerate(election.ids)}
        self.scale = election.costs.tolist() if rules.utility == "cost" else [1] * election.p
        self.waiting = (election.costs > 0) & (election.votes > 0)
        self.costs: list[int] = election.costs.tolist()
        self.dear = np.zeros(election.p)

    def violations(self) -> Iterator[Violation]:
        for bought in self.purchases:
            c = self.number[bought.project]
            if not self.waiting[c] or bought.price <= 0:
                yield broken("not-in-full", bought.project, cost=self.costs[c], paid=0)
                return
            if bought.price > self.endowment:
                yield self.not_short(c)
                return
            yield from self.dearer(c, bought.price / self.scale[c])
            faults = list(self.pay(c, bought))
            yield from faults
            if faults:
                return
            self.waiting[c] = False
        yield from self.left_over()

    def supporters(self, c: int) -> tuple[Ints, Longs]:
        """Their numbers, and the points of each."""
        columns = self.election.supporters
        edges = slice(int(columns.starts[c]), int(columns.starts[c + 1]))
        return columns.voter[edges], columns.weight[edges]

    def dearer(self, bought: int, per_use: Fraction) -> Iterator[Violation]:
        """At the price for each unit of benefit that was paid, no other project's supporters could pay more than its
        cost (it would have been the better buy); those that could pay just that, tie."""
        for c in np.flatnonzero(self.waiting & (self.dear <= float(per_use) * (1 + ROUNDING))).tolist():
            if c == bought or self.proven(c, float(per_use)):
                continue
            sign = self.exactly(c, per_use * self.scale[c])
            if sign > 0:
                yield broken("passed-over", self.election.ids[c], bought=self.election.ids[bought])
            elif sign == 0:
                yield from self.order.violations(bought, c)

    def proven(self, c: int, per_use: float) -> bool:
        """Whether floats prove that c is dearer. What supporters would pay grows with the price ever more slowly: by
        as many points at most as those hold who still have more. That gives a price up to which c stays dearer."""
        voters, weight = self.supporters(c)
        money, full = self.purses.money[voters], per_use * self.scale[c] * weight
        paid = float(np.minimum(money, full).sum())
        missing = self.costs[c] * (1 - ROUNDING) - paid - self.doubt(len(voters), paid)
        if missing <= 0:
            return False
        points = int(weight[money + self.purses.near >= full].sum())
        more = missing / points / self.scale[c] if points else np.inf
        self.dear[c] = (per_use + more) * (1 - 4 * ROUNDING)
        return True

    def doubt(self, terms: int, total: float) -> float:
        """How far a sum of so many purses and payments may be off."""
        return terms * (self.purses.near + abs(total) * ROUNDING)

    def exactly(self, c: int, price: Fraction) -> int:
        """Whether c is cheaper (1) than `price` a point, costs just that (0), or more (-1)."""
        voters, weight = self.supporters(c)
        less = self.purses.signs(voters, weight, price) < 0
        poor = self.purses.together(voters[less & self.purses.some[voters]])
        paid = poor * price.denominator + price.numerator * self.purses.unit * int(weight[~less].sum())
        cost = self.costs[c] * self.purses.unit * price.denominator
        if paid == cost:
            return 1 if less.all() else 0  # nobody is asked for more than they have, so a lower price would do as well
        return 1 if paid > cost else -1

    def pay(self, c: int, bought: Purchase) -> Iterator[Violation]:
        """Its supporters pay its cost: each the same for a point, or all that they have, where that is less."""
        voters, weight = self.supporters(c)
        signs = self.purses.signs(voters, weight, bought.price)
        less = signs < 0
        poor = voters[less & self.purses.some[voters]]
        short = poor.tolist()
        if short != list(bought.short):
            odd = sorted(set(short).symmetric_difference(bought.short)) or [0]
            voter = self.election.voter_name(odd[0]) if 0 <= odd[0] < self.election.n else str(odd[0])
            yield broken("short", bought.project, voter=voter)
        paid = self.purses.together(poor) + int(weight[~less].sum()) * self.purses.whole(bought.price)
        if paid != self.costs[c] * self.purses.unit:
            total = Fraction(paid, self.purses.unit)
            yield broken("not-in-full", bought.project, cost=self.costs[c], paid=total)
        elif less.all():
            yield self.not_short(c)
        self.purses.pay(c, voters, weight, bought.price, signs)

    def not_short(self, c: int) -> Violation:
        """Nobody is said to pay the price in full: then it is not the least at which they pay the cost. Who has most
        for each point pays it in full."""
        voters, weight = self.supporters(c)
        voter = int(voters[np.argmax(self.purses.money[voters] / weight)])
        return broken("short", self.election.ids[c], voter=self.election.voter_name(voter))

    def left_over(self) -> Iterator[Violation]:
        """No project is left whose supporters have its cost."""
        for c in np.flatnonzero(self.waiting & (self.dear < np.inf)).tolist():
            voters, _ = self.supporters(c)
            left = float(self.purses.money[voters].sum())
            if left + self.doubt(len(voters), left) < self.costs[c] * (1 - ROUNDING):
                continue
            if self.purses.together(voters[self.purses.some[voters]]) >= self.costs[c] * self.purses.unit:
                yield broken("left-over", self.election.ids[c], cost=self.costs[c])
