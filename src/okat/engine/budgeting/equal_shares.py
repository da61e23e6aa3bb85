"""Method of Equal Shares (Peters, Pierczynski & Skowron 2021), and the raising of everyone's share."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from okat.engine.budgeting.ballots import Groups, grouped
from okat.engine.budgeting.count import Count
from okat.engine.budgeting.outcome import Ended, Ladder, Purchase
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules


def equal_shares(election: Election, rules: Rules) -> Ladder:
    """The last count. Raises `TieError` where projects tie in any count and the rules refuse to choose."""
    return _Raising(election, rules).run()


def start_of(election: Election, rules: Rules) -> Fraction:
    """Everyone's first share: the budget over all ballots, the empty ones too; 0 where there is no ballot."""
    if not election.n:
        return Fraction(0)
    share = Fraction(election.budget, election.n)
    return share if rules.start == "exact" else Fraction(share // election.scale * election.scale)


class _Raising:
    def __init__(self, election: Election, rules: Rules) -> None:
        self.election, self.rules = election, rules
        self.groups: Groups = grouped(election)
        self.costs: list[int] = election.costs.tolist()
        self.wanted = [c for c, cost in enumerate(self.costs) if cost > 0 and election.votes[c] > 0]
        self.guess = np.zeros(election.p)
        self.steps, self.wait, self.pause = 2, 0, 1

    def count(self, share: Fraction) -> Count:
        count = Count(self.election, self.groups, self.rules, share, self.guess)
        count.run()
        return count

    def run(self) -> Ladder:
        share = start_of(self.election, self.rules)
        since, now = share, self.count(share)
        while self.rules.adds:
            ended = self.ended(now)
            if ended:
                return Ladder(self.purchases(now), share, (since, share), ended)
            raised = self.leap(now, share)
            if raised is not None:
                now, share = raised
                continue
            beyond = self.count(share + self.election.scale)
            if self.spent(beyond) > self.election.budget:
                purchases = self.purchases(now), self.purchases(beyond)
                return Ladder(purchases[0], share, (since, share), "overspend", purchases[1])
            share += self.election.scale
            if self.order(beyond) != self.order(now):
                since = share
            now = beyond
        return Ladder(self.purchases(now), share, (share, share), "start")

    def leap(self, now: Count, share: Fraction) -> tuple[Count, Fraction] | None:
        """Several steps at once, where it is proven that none of them changes anything. Each success doubles the next
        leap, each failure halves it; after the shortest fails, single steps are counted, twice as many each time."""
        if self.wait:
            self.wait -= 1
            return None
        while self.steps > 1:
            far = share + self.steps * self.election.scale
            count = Count(self.election, self.groups, self.rules, far, self.guess)
            if count.follows(now):
                self.steps, self.pause = 2 * self.steps, 1
                return count, far
            self.steps //= 2
        self.steps, self.wait, self.pause = 2, self.pause, min(8, 2 * self.pause)
        return None

    def ended(self, now: Count) -> Ended | None:
        won = set(self.order(now))
        rest = [self.costs[c] for c in self.wanted if c not in won]
        if not rest:
            return "all-won"
        full = min(rest) > self.election.budget - self.spent(now)
        return "exhaustive" if full and self.rules.stop == "exhaustive" else None

    def order(self, count: Count) -> list[int]:
        return [one.project for one in count.bought]

    def spent(self, count: Count) -> int:
        return sum(self.costs[one.project] for one in count.bought)

    def purchases(self, count: Count) -> tuple[Purchase, ...]:
        """With voters in the place of groups."""
        found = []
        prices: Sequence[Fraction] = count.exact_prices()
        for one, price in zip(count.bought, prices, strict=True):
            found.append(Purchase(self.election.ids[one.project], price, self.voters(one.short)))
        return tuple(found)

    def voters(self, groups: np.ndarray[tuple[int], np.dtype[np.int32]]) -> tuple[int, ...]:
        if not len(groups):
            return ()
        chosen = np.zeros(len(self.groups.many), dtype=bool)
        chosen[groups] = True
        return tuple(np.flatnonzero(chosen[self.groups.of]).tolist())
