"""One count of equal shares at a fixed endowment: exact, and fast because floats decide whatever they can prove.

Each voter's money is held as a float64 within `self.apart` of its exact value, at first half a unit in the last place
of E. A purchase that floats can prove (nobody near the border of what they have) adds the bound of its price, times
the points, and the rounding of a product and a difference of at most E (3.2 * 2**-53 * E; 4 are counted). A comparison
closer than its bounds is made again exactly: prices so far are then found as whole numbers over one denominator.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.ballots import Column, Floats, Groups, edges_of
from okat.engine.budgeting.prices import Price, Prices
from okat.engine.budgeting.problem import Election, Ints
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import first, goes_first

UNIT = 2.0**-53
TINY = float(np.finfo(np.float64).tiny)
Flags = npt.NDArray[np.bool_]
FAR, NEAR = 1e-10, 1e-12
"""Above FAR (relative to E) floats are too far off, and are taken anew from exact prices; above NEAR when at hand."""
CLOSE = 1e-6
"""A price known less closely than this (relative) is found exactly instead."""
PASSES = 60


class Bought(NamedTuple):
    """A project, the groups that paid all they had, which was less than the price, and the points of the others."""

    project: int
    short: Ints
    rest: int


class Settled(NamedTuple):
    """An exact price, and for each of the project's groups whether it has less than that (-1), just that, or more."""

    price: Price
    column: Column
    sign: npt.NDArray[np.int8]


class Count:
    """`run()` buys until no project is affordable. `guess` float64[p]: where to start looking for each price; any
    number will do, and it is kept for the next count."""

    def __init__(self, election: Election, groups: Groups, rules: Rules, endowment: Fraction, guess: Floats) -> None:
        self.election, self.groups, self.rules, self.guess = election, groups, rules, guess
        self.costs: list[int] = election.costs.tolist()
        self.votes: list[int] = election.votes.tolist()
        self.prices = Prices(endowment)
        self.endowment = float(endowment)
        self.left = np.full(len(groups.many), self.endowment)
        self.apart = 4 * UNIT * self.endowment
        self.columns = list(groups.columns)
        self.bought: list[Bought] = []
        self.place = np.full(election.p, -1)
        self.scale = election.costs.astype(np.float64) if rules.utility == "cost" else np.ones(election.p)
        self.low = self._first_bounds()
        self.rates: list[tuple[float, float]] = []
        self.seen: dict[int, tuple[Column, Floats]] = {}

    def _first_bounds(self) -> Floats:
        """No project is ever cheaper for its payers than when all of them pay in full."""
        low = np.full(self.election.p, np.inf)
        for c, (cost, points) in enumerate(zip(self.costs, self.votes, strict=True)):
            if cost > 0 and points > 0:
                low[c] = cost / points / self.scale[c] * (1 - 8 * UNIT)
        return low

    def run(self) -> list[Bought]:
        while self.buy_next():
            pass
        self._done()
        return self.bought

    def _done(self) -> None:
        """Lets go of what only buying needs: a finished count is kept beside the next."""
        self.columns = []
        self.seen.clear()

    def exact_prices(self) -> list[Fraction]:
        self.catch_up()
        return [self.prices.exact(k) for k in range(len(self.bought))]

    # -- choosing

    def buy_next(self) -> bool:
        near = self._contenders()
        if not near:
            return False
        if len(near) > 1:
            self._buy(*self._exactly_first([c for c, _, _ in near]))
        else:
            self._buy_or_settle(*near[0])
        return True

    def _buy_or_settle(self, c: int, price: float, error: float) -> None:
        if not self._buy_near(c, price, error):
            self._buy(c, self.settle(c, price - error))

    def _contenders(self) -> list[tuple[int, float, float]]:
        """The projects that can be the cheapest for their payers, their price and how far it may be off. Bounds of
        earlier rounds still hold, as money only shrinks: only projects whose bound is not above the best are seen."""
        low, best = self.low, np.inf
        seen: list[tuple[float, int, float, float]] = []
        while len(low):
            c = int(low.argmin())
            if low[c] > best or low[c] == np.inf:
                break
            low[c] = np.inf
            found = self.price(c)
            if found is not None:
                price, error = found
                bounds = (price - error) / self.scale[c], (price + error) / self.scale[c]
                seen.append((bounds[0] * (1 - 4 * UNIT), c, price, error))
                best = min(best, bounds[1] * (1 + 4 * UNIT))
        for bound, c, _, _ in seen:
            low[c] = bound
        return [(c, price, error) for bound, c, price, error in seen if bound <= best]

    def _exactly_first(self, near: Sequence[int]) -> tuple[int, Settled]:
        """Among prices that floats cannot tell apart: the least, exactly, and among equal ones by the order of ties."""
        settled = {c: self.settle(c, 0.0) for c in near}
        per_use = {
            c: Fraction(one.price.top, one.price.points * (self.costs[c] if self.rules.utility == "cost" else 1))
            for c, one in settled.items()
        }
        best = min(per_use.values())
        c = first(self.election, self.rules.ties, [c for c in near if per_use[c] == best])
        return c, settled[c]

    # -- the same at another endowment

    def follows(self, lower: "Count") -> bool:
        """Whether the same projects are bought in the same order at this endowment, at that of `lower` (a finished
        count), and at each between them; if so, this count is finished too.

        As long as the order stays, more for everyone never leaves anyone with less, nor makes a price higher. So in
        each round the bought project costs, anywhere between, at most its rate in `lower`, and any other at least its
        rate here: one comparison a project proves the round for all of them, and at the end what nobody can pay for
        here, nobody could pay for with less."""
        for k, one in enumerate(lower.bought):
            if not self._stays(one.project, lower, k):
                return False
            found = self.price(one.project)
            if found is None:
                return False
            self._buy_or_settle(one.project, *found)
        if self._contenders():
            return False
        self._done()
        return True

    def _stays(self, bought: int, lower: "Count", k: int) -> bool:
        """Whether no other project's rate is below that of the k-th purchase of `lower`, or equal and goes first."""
        low, (least, most) = self.low, lower.rates[k]
        low[bought] = np.inf
        seen: list[tuple[int, float]] = []
        stays = True
        while stays:
            c = int(low.argmin())
            if low[c] > most:
                break
            low[c] = np.inf
            found = self.price(c)
            if found is not None:
                seen.append((c, (found[0] - found[1]) / self.scale[c] * (1 - 4 * UNIT)))
                if (found[0] + found[1]) / self.scale[c] * (1 + 4 * UNIT) < least:
                    stays = False
                elif seen[-1][1] <= most:
                    stays = self._not_before(c, bought, lower, k)
        for c, bound in seen:
            low[c] = bound
        return stays

    def _not_before(self, c: int, bought: int, lower: "Count", k: int) -> bool:
        """The same, exactly, for one project."""
        price, costs = self.settle(c, 0.0).price, self.costs
        by_cost = self.rules.utility == "cost"
        rate = Fraction(price.top, price.points * self.prices.unit * (costs[c] if by_cost else 1))
        lower.catch_up()
        other = lower.prices.exact(k) / (costs[bought] if by_cost else 1)
        return rate > other or (rate == other and goes_first(self.election, self.rules.ties, bought, c))

    # -- pricing

    def price(self, c: int) -> tuple[float, float] | None:
        """The price of a point and how far it may be off, or None where the supporters cannot pay, now and for good."""
        column, money = self._active(c)
        cost = float(self.costs[c])
        total = float(column.many @ money)
        error = self.votes[c] * self.apart + 2 * UNIT * (len(money) + 4) * max(total, cost)
        if total < cost - error:
            return None
        if total > cost + error:
            found = self._newton(column, money, cost, max(float(self.guess[c]), cost / self.votes[c]))
            if found is not None:
                price, slope, gap = found
                self.guess[c] = price
                error = (error + gap) / slope if slope else np.inf
                if error <= CLOSE * price:
                    return price, error + 4 * UNIT * price
        if not self.affords(c, column):
            return None
        price = self.prices.number(self.settle(c, 0.0).price)
        return price, 4 * UNIT * price

    def _active(self, c: int) -> tuple[Column, Floats]:
        """The supporters who have anything left."""
        found = self.seen.get(c)
        if found is not None:
            return found
        column = self.columns[c]
        money = self.left[column.group]
        alive = money > 0
        if not alive.all():
            points = None if column.points is None else column.points[alive]
            many = column.many[alive]
            column = Column(column.group[alive], many, points, many if points is None else column.mass[alive])
            self.columns[c], money = column, money[alive]
        self.seen[c] = column, money
        return column, money

    def _newton(self, column: Column, money: Floats, cost: float, price: float) -> tuple[float, float, float] | None:
        """A price, the least slope up to a little above it, and by how much the supporters then miss the cost.
        None where they pay no more at any price. What they pay is concave in the price, so that each step, from
        wherever, lands below the right price."""
        many, points, mass = column.many, column.points, column.mass
        for _ in range(PASSES):
            full = price if points is None else points * price
            gap = cost - float(many @ np.minimum(money, full))
            slope = float(mass @ (money > full))
            if not slope:
                lowest = cost / float(mass.sum())
                if price <= lowest:
                    return None
                price = lowest
                continue
            if abs(gap) <= 1e-12 * cost:
                above = full * (1 + CLOSE)
                return price, float(mass @ (money > above)), abs(gap)
            price += gap / slope
        return None

    # -- exactly

    def catch_up(self) -> None:
        """Finds the exact prices of what floats bought."""
        while len(self.prices.paid) < len(self.bought):
            c, short, rest = self.bought[len(self.prices.paid)]
            self.prices.buy(self.prices.rest(self.costs[c], self._money(short), rest))
        if self.apart > NEAR * self.endowment:
            self._refresh()

    def _refresh(self) -> None:
        """Money anew from exact prices, as near as at the start."""
        left = np.full(len(self.left), self.endowment)
        for k, one in enumerate(self.bought):
            column = self.groups.columns[one.project]
            price = self.prices.paid[k] / self.prices.unit
            left[column.group] -= price if column.points is None else price * column.points
        self.left = np.where(self.left > 0, np.maximum(left, TINY), 0.0)
        self.apart = 4 * UNIT * self.endowment * (1 + len(self.bought))
        self.seen.clear()

    def affords(self, c: int, column: Column) -> bool:
        self.catch_up()
        return self._money(column.group) >= int(self.costs[c]) * self.prices.unit

    def _money(self, groups: Ints) -> int:
        """What these groups, none of which is exhausted, have together, in units of the prices."""
        voters = int(self.groups.many[groups].sum())
        known = self.bought[: len(self.prices.paid)]
        if not known:
            return self.prices.money(voters, ())
        edges = edges_of(self.groups.starts, groups)
        lengths = self.groups.starts[groups + 1] - self.groups.starts[groups]
        points = self.groups.weight[edges] * np.repeat(self.groups.many[groups], lengths)
        counts = np.bincount(self.groups.project[edges], points, minlength=self.election.p)
        return self.prices.money(voters, [int(counts[one.project]) for one in known])

    def settle(self, c: int, start: float) -> Settled:
        """The exact price of an affordable project: whoever has less than the price pays all, the others alike; from
        `start`, a lower bound of the price, upwards until nobody else has less."""
        self.catch_up()
        column, money = self._active(c)
        points = np.ones(len(money)) if column.points is None else column.points
        short = money + 2 * self.apart < start * points * (1 - 8 * UNIT)
        while True:
            rest = int(column.mass[~short].sum())
            price = self.prices.rest(self.costs[c], self._money(column.group[short]), rest)
            sign = self._compare(column, money, points, price)
            more = (sign < 0) & ~short
            if not more.any():
                return Settled(price, column, sign)
            short |= more

    def _compare(self, column: Column, money: Floats, points: Floats, price: Price) -> npt.NDArray[np.int8]:
        """Whether each group has less than its part of the price (-1), just that (0) or more (1)."""
        more = money - self.prices.number(price) * points
        sign = np.sign(more).astype(np.int8)
        for at in np.flatnonzero(np.abs(more) <= self.apart + 8 * UNIT * self.endowment).tolist():
            exact = self._purse(int(column.group[at])) * price.points - int(points[at]) * price.top
            sign[at] = (exact > 0) - (exact < 0)
        return sign

    def _purse(self, group: int) -> int:
        """What one ballot of this group has, in units of the prices."""
        money = self.prices.endowment
        for edge in range(self.groups.starts[group], self.groups.starts[group + 1]):
            k = self.place[self.groups.project[edge]]
            if k >= 0:
                money -= int(self.groups.weight[edge]) * self.prices.paid[k]
        return money

    # -- buying

    def _buy_near(self, c: int, price: float, error: float) -> bool:
        """Buys at a price that is known within `error`, if that tells for everyone whether they have less."""
        if self.apart > FAR * self.endowment:
            return False
        column, money = self._active(c)
        points = 1.0 if column.points is None else column.points
        most = 1.0 if column.points is None else float(column.points.max())
        more = money - price * points
        if float(np.abs(more).min()) <= self.apart + error * most + 8 * UNIT * self.endowment:
            return False
        rich = more > 0
        kept = column.many * ~rich
        cost, rest = float(self.costs[c]), float(column.mass @ rich)
        price = (cost - float(kept @ money)) / rest
        error = (float(kept.sum()) * self.apart + 2 * UNIT * (len(money) + 4) * cost) / rest + 4 * UNIT * price
        self._take(c, column, money - price * points, rich, ~rich, rest)
        self._rate(c, price, error)
        self.apart += error * most + 4 * UNIT * self.endowment
        return True

    def _buy(self, c: int, settled: Settled) -> None:
        """Buys at an exact price; all earlier ones are known."""
        price, column, sign = settled
        number = self.prices.buy(price)
        money = self.left[column.group] - number * (1.0 if column.points is None else column.points)
        self._take(c, column, money, sign > 0, sign < 0, float(column.mass[sign >= 0].sum()))
        self._rate(c, number, UNIT * number)
        self.apart += 4 * UNIT * self.endowment

    def _take(self, c: int, column: Column, money: Floats, rich: Flags, short: Flags, rest: float) -> None:
        """Zero means exhausted; who has anything, however little, keeps more than zero."""
        self.left[column.group] = np.where(rich, np.maximum(money, TINY), 0.0)
        self.seen.clear()
        self.place[c] = len(self.bought)
        self.bought.append(Bought(c, column.group[short], int(rest)))
        self.low[c] = np.inf

    def _rate(self, c: int, price: float, error: float) -> None:
        scale = float(self.scale[c])
        self.rates.append(((price - error) / scale * (1 - 8 * UNIT), (price + error) / scale * (1 + 8 * UNIT)))
