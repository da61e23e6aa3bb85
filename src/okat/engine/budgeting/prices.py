"""Exact prices of one count: whole numbers over one common denominator, so that sums over voters stay short.

A voter who has anything left has paid every price in full, so what they have is endowment - sum of points * price over
the winners on their ballot; a set of voters has (voters * endowment - sum over winners of their points there * price).
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple


class Price(NamedTuple):
    """`top` / (`points` * the common denominator of the moment)."""

    top: int
    points: int


class Prices:
    """`unit`: the common denominator; `endowment` and `paid[k]` (the price of the k-th purchase) in 1/unit."""

    def __init__(self, endowment: Fraction) -> None:
        self.endowment, self.unit = endowment.numerator, endowment.denominator
        self.paid: list[int] = []

    def money(self, voters: int, points: Sequence[int]) -> int:
        """What a set of voters has together, in 1/unit; `points[k]`: their points for the k-th winner."""
        total = voters * self.endowment
        for count, price in zip(points, self.paid, strict=True):
            if count:
                total -= count * price
        return total

    def rest(self, cost: int, money: int, points: int) -> Price:
        """The price of a point when some voters pay `money`, all they have, and others hold `points`."""
        return Price(cost * self.unit - money, points)

    def buy(self, price: Price) -> float:
        """Adds a price, and gives it as the nearest float."""
        shared = gcd(price.top, price.points)
        top, factor = price.top // shared, price.points // shared
        if factor != 1:
            self.unit *= factor
            self.endowment *= factor
            self.paid = [one * factor for one in self.paid]
        self.paid.append(top)
        return top / self.unit

    def number(self, price: Price) -> float:
        """The nearest float."""
        return price.top / (price.points * self.unit)

    def exact(self, k: int) -> Fraction:
        return Fraction(self.paid[k], self.unit)
