"""What each voter has left, for checks: as floats, and exactly where those are too close to tell.

Who has anything left has paid for each winner on the ballot in full, so the exact purse is the endowment less the
points of the ballot times their prices. A float errs by the roundings of its own payments, at most three of half a
unit in the last place of the endowment for each: `near` is more than twice that.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.problem import Election, Ints, Longs

ROUNDING = 2.0**-50
Signs = npt.NDArray[np.int8]


class Purses:
    """`money` float64[n] and `some` bool[n] (anything left) by voter; `unit` divides the endowment and every price,
    and exact amounts are whole numbers of 1/unit. `paid` holds the price of each project that was paid for."""

    def __init__(self, election: Election, endowment: Fraction, prices: Sequence[Fraction]) -> None:
        self.election = election
        self.unit = lcm(endowment.denominator, *(one.denominator for one in prices))
        self.endowment = self.whole(endowment)
        self.money = np.full(election.n, float(endowment))
        self.some = np.full(election.n, endowment > 0)
        self.near = float(endowment) * ROUNDING * (len(prices) + 2)
        self.paid: dict[int, int] = {}

    def whole(self, value: Fraction) -> int:
        return value.numerator * (self.unit // value.denominator)

    def signs(self, voters: Ints, weight: Longs, price: Fraction) -> Signs:
        """int8[m]: whether each voter has less (-1) than `price` (above 0) for each of `weight` points, just that
        (0), or more (1)."""
        above = self.money[voters] - float(price) * weight
        found: Signs = np.sign(above).astype(np.int8)
        some = self.some[voters]
        found[~some] = -1
        close = np.flatnonzero(some & (np.abs(above) <= self.near))
        asked = price.numerator * self.unit
        for k, purse in zip(close.tolist(), self.exact(voters[close]), strict=True):
            rest = purse * price.denominator - asked * int(weight[k])
            found[k] = (rest > 0) - (rest < 0)
        return found

    def exact(self, voters: Ints) -> list[int]:
        """The purses of voters who have something; equal ballots have equal ones."""
        starts, project, weight = self.election.starts, self.election.project, self.election.weight
        known: dict[tuple[bytes, bytes], int] = {}
        found = []
        for voter in voters.tolist():
            ballot = slice(int(starts[voter]), int(starts[voter + 1]))
            key = project[ballot].tobytes(), weight[ballot].tobytes()
            if key not in known:
                lines = zip(project[ballot].tolist(), weight[ballot].tolist(), strict=True)
                known[key] = self.endowment - sum(self.paid.get(c, 0) * points for c, points in lines)
            found.append(known[key])
        return found

    def together(self, voters: Ints) -> int:
        """What voters who have something have together."""
        begin, length = self.election.starts[voters], np.diff(self.election.starts)[voters]
        edges = np.repeat(begin + length - np.cumsum(length), length) + np.arange(length.sum())
        points = np.bincount(self.election.project[edges], self.election.weight[edges], minlength=self.election.p)
        spent = sum(int(points[c]) * price for c, price in self.paid.items())
        return len(voters) * self.endowment - spent

    def pay(self, c: int, voters: Ints, weight: Longs, price: Fraction, signs: Signs) -> None:
        """Each of the voters pays for c, in full or (by `signs`) all that they have."""
        self.money[voters] -= float(price) * weight
        broke = voters[signs <= 0]
        self.money[broke] = 0
        self.some[broke] = False
        self.paid[c] = self.whole(price)
