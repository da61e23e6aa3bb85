"""By how many votes a project missed: the fewest added supporters, voting for it alone with full shares, that elect it.

Other votes and the last endowment stay. Added supporters pay for nothing else, so that until their project is bought
every round goes as it went: round by round it is enough to see how many would have made it the better buy.
"""

from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.greedy import greedy
from okat.engine.budgeting.outcome import Outcome, Purchase
from okat.engine.budgeting.problem import Election, TieError
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import first

SLACK = 1e-6
Objects = npt.NDArray[np.object_]


class Money(NamedTuple):
    """Before a purchase (None: at the end): `purse` object[n], whole numbers of 1/unit, and `near`, the same as floats
    in the election's units."""

    purchase: Purchase | None
    purse: Objects
    near: npt.NDArray[np.float64]


class Enough(NamedTuple):
    """In one round: the fewest added supporters with whom a project wins, and the number (or None) with whom it ties
    and the rules refuse to choose."""

    wins: int
    refused: int | None = None


class Missed:
    """For outcomes of equal shares: what supporters have left, and how many more of them would do."""

    def __init__(self, election: Election, rules: Rules, outcome: Outcome) -> None:
        assert outcome.endowment is not None
        self.election, self.rules, self.outcome, self.endowment = election, rules, outcome, outcome.endowment
        self.unit = lcm(self.endowment.denominator, *(one.price.denominator for one in outcome.purchases))
        self.columns = election.supporters
        self.column = np.repeat(np.arange(election.p), np.diff(self.columns.starts))
        self.number = {one: c for c, one in enumerate(election.ids)}
        self.points = int(election.weight.max(initial=1))
        self.refused: dict[str, set[int | None]] = {}
        self.refuses = rules.ties[-1] == "refuse"
        bought = {self.number[one.project] for one in outcome.purchases}
        self.losers = [
            c for c in range(election.p) if election.costs[c] > 0 and election.votes[c] > 0 and c not in bought
        ]

    def rounds(self) -> Iterator[Money]:
        """The money before each purchase, and at the end."""
        purse = np.full(self.election.n, self.whole(self.endowment), dtype=object)
        near = np.full(self.election.n, float(self.endowment))
        for bought in self.outcome.purchases:
            yield Money(bought, purse, near)
            edges = self.edges(self.number[bought.project])
            voters = self.columns.voter[edges]
            full = self.columns.weight[edges].astype(object) * self.whole(bought.price)
            purse[voters] = np.maximum(purse[voters] - full, 0)
            near[voters] = (purse[voters] / self.unit).astype(np.float64)
        yield Money(None, purse, near)

    def whole(self, value: Fraction) -> int:
        return value.numerator * (self.unit // value.denominator)

    def edges(self, c: int) -> slice:
        return slice(int(self.columns.starts[c]), int(self.columns.starts[c + 1]))

    def price(self, bought: Purchase, c: int) -> Fraction:
        """What a point for c would cost at the benefit for money that was bought."""
        if self.rules.utility == "cardinality":
            return bought.price
        return bought.price * int(self.election.costs[c]) / int(self.election.costs[self.number[bought.project]])

    def left(self) -> dict[str, Fraction]:
        """What the supporters of each project that was not bought have together at the end."""
        *_, end = self.rounds()
        return {self.election.ids[c]: self.sum(end, c) for c in self.losers}

    def sum(self, money: Money, c: int) -> Fraction:
        return Fraction(sum(money.purse[self.columns.voter[self.edges(c)]].tolist()), self.unit)

    def added(self) -> dict[str, int | None]:
        """The fewest added supporters for each project that was not bought; None where no number would do."""
        if not self.endowment:
            return {self.election.ids[c]: None for c in self.losers}
        least = np.array([self.at_least(money) for money in self.rounds()])
        # A count known within SLACK is one of two whole numbers, so that only rounds near the least are seen exactly.
        # A refused tie in one round adds one more at most.
        most = (least + 2 + 2 * SLACK * least).min(axis=0) + (len(least) if self.refuses else 0)
        found: dict[int, list[Enough]] = {c: [] for c in self.losers}
        for money, bounds in zip(self.rounds(), least, strict=True):
            for c in self.losers:
                if bounds[c] <= most[c]:
                    found[c].append(self.exactly(money, c))
        self.refused = {self.election.ids[c]: {one.refused for one in found[c]} for c in self.losers}
        return {self.election.ids[c]: _fewest(found[c]) for c in self.losers}

    def at_least(self, money: Money) -> npt.NDArray[np.float64]:
        """float64[p]: a lower bound for each project, in this round."""
        costs = self.election.costs.astype(np.float64)
        most, each = np.full(self.election.p, np.inf), np.full(self.election.p, float(self.endowment))
        if money.purchase:
            rate = float(self.price(money.purchase, self.number[money.purchase.project]))
            own = costs[self.number[money.purchase.project]]
            most = rate * (costs / own if self.rules.utility == "cost" else np.ones(self.election.p))
            each = np.minimum(each, most * self.points)
        paid = np.minimum(money.near[self.columns.voter], most[self.column] * self.columns.weight)
        total = np.bincount(self.column, paid, minlength=self.election.p)
        with np.errstate(divide="ignore", invalid="ignore"):
            number: npt.NDArray[np.float64] = np.floor((costs - total) / each * (1 - SLACK) - SLACK)
        return np.where(costs > 0, number, np.inf)

    def exactly(self, money: Money, c: int) -> Enough:
        """The fewest that make c the better buy in this round, or affordable at the end."""
        cost = Fraction(int(self.election.costs[c]))
        if money.purchase is None:
            return Enough(max(1, -((self.sum(money, c) - cost) // self.endowment)))
        price = self.price(money.purchase, c)
        paid, held = self.paid(money, c, price)
        each = min(self.endowment, price * self.points)
        number, rest = divmod(cost - paid, each)
        if rest or not number:  # more than the cost, from here on
            return Enough(int(number) + 1)
        # Just the cost: cheaper if nobody could pay more, else a tie.
        held |= self.endowment >= price * self.points
        return self.tied(c, int(number), self.number[money.purchase.project]) if held else Enough(int(number))

    def paid(self, money: Money, c: int, price: Fraction) -> tuple[Fraction, bool]:
        """What c's supporters pay at this price, and whether anyone pays it in full."""
        edges = self.edges(c)
        top, bottom = price.numerator * self.unit, price.denominator
        purse = money.purse[self.columns.voter[edges]] * bottom
        full = self.columns.weight[edges].astype(object) * top
        return Fraction(sum(np.minimum(purse, full).tolist()), self.unit * bottom), bool((purse >= full).any())

    def tied(self, c: int, number: int, bought: int) -> Enough:
        """With so many added, c ties with what was bought."""
        votes = self.election.votes.tolist()
        votes[c] += number * self.points
        try:
            chosen = first(self.election, self.rules.ties, [c, bought], votes)
        except TieError:
            return Enough(number + 1, number)
        return Enough(number if chosen == c else number + 1)


def _fewest(rounds: list[Enough]) -> int:
    """A number does if it wins in some round and is refused in none before."""
    number = min(one.wins for one in rounds)
    while any(one.refused == number for one in rounds[: [one.wins <= number for one in rounds].index(True)]):
        number += 1
    return number


def added_to_fill(
    election: Election,
    rules: Rules,
    taken: tuple[str, ...],
    c: int,
    below: int | None,
    refused: Collection[int | None] = (),
) -> int | None:
    """The fewest added votes (less than `below`, and not `refused`) with which c is taken by votes after `taken`, or
    None. More votes bring it to its turn sooner, when more money is left, so that halving finds it."""
    points = int(election.weight.max(initial=1))
    votes: list[int] = election.votes.tolist()

    def wins(number: int) -> bool:
        try:
            now = [*votes[:c], votes[c] + number * points, *votes[c + 1 :]]
            return election.ids[c] in greedy(election, rules, taken, now)
        except TieError:
            return False

    enough = _enough(election, rules, c, points)
    most = enough if below is None else min(enough, below - 1)
    found = _least(wins, most)
    while found is not None and (found in refused or not wins(found)):
        found = found + 1 if found < most else None
    return found


def _enough(election: Election, rules: Rules, c: int, points: int) -> int:
    """So many added votes that c comes before all others."""
    if rules.rule == "greedy-per-cost":
        priced = election.costs > 0
        best = max(
            (Fraction(int(v), int(k)) for v, k in zip(election.votes[priced], election.costs[priced], strict=True))
        )
        return int(best * int(election.costs[c]) / points) + 1
    return int(election.votes.max() // points) + 1


def _least(wins: Callable[[int], bool], most: int) -> int | None:
    if most < 1 or not wins(most):
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle + 1, high)
    return low
