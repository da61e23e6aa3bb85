"""All rules from their definitions: slow, obvious, in fractions. For tests and for recounts of small elections."""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

from okat.engine.budgeting.outcome import Ladder, Outcome, Purchase, outcome_of
from okat.engine.budgeting.problem import Election, TieError
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import first, free_of, in_order

Votes = list[dict[int, int]]


def reference(election: Election, rules: Rules) -> Outcome:
    """The outcome of any rule. The optimum tries every set of projects. Raises `TieError`."""
    votes = _votes(election)
    free = free_of(election, rules.ties)
    priced = [c for c in range(election.p) if election.costs[c] > 0 and votes[c]]
    if rules.rule == "equal-shares":
        ladder = _raise(election, rules, priced, lambda share: _equal_shares(election, rules, votes, priced, share))
        bought = [one.project for one in ladder.purchases]
        filled = _fill(election, rules, [c for c in priced if election.ids[c] not in bought], ladder)
        return outcome_of(election, free, ladder=ladder, filled=filled)
    if rules.rule == "phragmen":
        return outcome_of(election, free, purchases=_phragmen(election, rules, votes, priced))
    if rules.rule == "optimum":
        return outcome_of(election, free, filled=_optimum(election, rules, priced))
    return outcome_of(election, free, filled=_greedy(election, rules, priced, election.budget))


def count(election: Election, rules: Rules, share: Fraction, until: int | None = None) -> tuple[Purchase, ...]:
    """One count of equal shares, with this endowment; it ends with the purchase of `until`, if that is bought."""
    votes = _votes(election)
    priced = [c for c in range(election.p) if election.costs[c] > 0 and votes[c]]
    return _equal_shares(election, rules, votes, priced, share, until)


def _votes(election: Election) -> Votes:
    """For each project, the points of each of its supporters."""
    votes: Votes = [{} for _ in range(election.p)]
    columns = election.supporters
    for c in range(election.p):
        for edge in range(columns.starts[c], columns.starts[c + 1]):
            votes[c][int(columns.voter[edge])] = int(columns.weight[edge])
    return votes


def _equal_shares(
    election: Election, rules: Rules, votes: Votes, priced: list[int], share: Fraction, until: int | None = None
) -> tuple[Purchase, ...]:
    left = [share] * election.n
    bought: list[Purchase] = []
    remaining = list(priced)
    while True:
        offers: dict[int, Fraction] = {}
        for c in remaining:
            if sum(left[i] for i in votes[c]) >= election.costs[c]:
                offers[c] = _price(int(election.costs[c]), [(left[i], w) for i, w in votes[c].items()])
        if not offers:
            return tuple(bought)
        per_use = {c: price / (int(election.costs[c]) if rules.utility == "cost" else 1) for c, price in offers.items()}
        best = min(per_use.values())
        c = first(election, rules.ties, [c for c in offers if per_use[c] == best])
        short = tuple(sorted(i for i, w in votes[c].items() if 0 < left[i] < offers[c] * w))
        bought.append(Purchase(election.ids[c], offers[c], short))
        for i, w in votes[c].items():
            left[i] -= min(left[i], offers[c] * w)
        remaining.remove(c)
        if c == until:
            return tuple(bought)


def _price(cost: int, purses: list[tuple[Fraction, int]]) -> Fraction:
    """The least price for a point at which all supporters together pay the cost."""
    owed, points = Fraction(cost), sum(w for _, w in purses)
    for left, w in sorted(purses, key=lambda purse: purse[0] / purse[1]):
        if left * points >= owed * w:
            return owed / points
        owed, points = owed - left, points - w
    raise AssertionError("the supporters cannot pay")


def _raise(
    election: Election, rules: Rules, priced: list[int], count: Callable[[Fraction], tuple[Purchase, ...]]
) -> Ladder:
    n, scale = election.n, election.scale
    share = Fraction(election.budget, n) if n else Fraction(0)
    if rules.start == "floor":
        share = share // scale * Fraction(scale)
    costs = dict(zip(election.ids, election.costs.tolist(), strict=True))
    since, now = share, count(share)
    order = [one.project for one in now]
    while rules.adds:
        won = set(order)
        spent = sum(costs[one] for one in won)
        rest = [costs[election.ids[c]] for c in priced if election.ids[c] not in won]
        if not rest:
            return Ladder(now, share, (since, share), "all-won")
        if rules.stop == "exhaustive" and min(rest) > election.budget - spent:
            return Ladder(now, share, (since, share), "exhaustive")
        beyond = count(share + scale)
        if sum(costs[one.project] for one in beyond) > election.budget:
            return Ladder(now, share, (since, share), "overspend", beyond)
        share += scale
        if [one.project for one in beyond] != order:
            since = share
        now, order = beyond, [one.project for one in beyond]
    return Ladder(now, share, (share, share), "start")


def _fill(election: Election, rules: Rules, priced: list[int], ladder: Ladder) -> tuple[str, ...]:
    if not rules.fills:
        return ()
    costs = dict(zip(election.ids, election.costs.tolist(), strict=True))
    left = election.budget - sum(costs[one.project] for one in ladder.purchases)
    return _greedy(election, Rules("greedy", ties=rules.ties), priced, left)


def _greedy(election: Election, rules: Rules, priced: list[int], left: int) -> tuple[str, ...]:
    """The most votes (for each unit of money) first; a tie of projects that all fit together needs no decision."""
    taken: list[int] = []
    while True:
        fitting = [c for c in priced if c not in taken and election.costs[c] <= left]
        if not fitting:
            return tuple(election.ids[c] for c in taken)
        worth = {
            c: Fraction(int(election.votes[c]), int(election.costs[c]) if rules.rule == "greedy-per-cost" else 1)
            for c in fitting
        }
        tied = [c for c in fitting if worth[c] == max(worth.values())]
        together = sum(int(election.costs[c]) for c in tied) <= left
        c = in_order(election, rules.ties, tied)[0] if together else first(election, rules.ties, tied)
        taken.append(c)
        left -= int(election.costs[c])


def _phragmen(election: Election, rules: Rules, votes: Votes, priced: list[int]) -> tuple[Purchase, ...]:
    since = [Fraction(0)] * election.n
    bought: list[Purchase] = []
    left, remaining = election.budget, [c for c in priced if election.costs[c] <= election.budget]
    while remaining:
        when = {
            c: (int(election.costs[c]) + sum(since[i] for i in votes[c])) / Fraction(len(votes[c])) for c in remaining
        }
        if rules.stop == "exhaustive":
            when = {c: time for c, time in when.items() if election.costs[c] <= left}
        if not when:
            break
        c = first(election, rules.ties, [c for c in when if when[c] == min(when.values())])
        if election.costs[c] > left:
            break
        bought.append(Purchase(election.ids[c], when[c]))
        left -= int(election.costs[c])
        remaining.remove(c)
        for i in votes[c]:
            since[i] = when[c]
    return tuple(bought)


def _optimum(election: Election, rules: Rules, priced: list[int]) -> tuple[str, ...]:
    """Sets are compared by total benefit, then by the order of ties on their totals, then the lowest id that only one
    of them holds."""
    best: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for size in range(len(priced) + 1):
        for chosen in combinations(sorted(priced, key=lambda c: int(election.rank[c])), size):
            cost = sum(int(election.costs[c]) for c in chosen)
            if cost <= election.budget:
                votes = sum(int(election.votes[c]) for c in chosen)
                use = sum(int(election.votes[c] * election.costs[c]) for c in chosen)
                key = [use if rules.utility == "cost" else votes]
                orders = {"min-cost": -cost, "max-cost": cost, "max-votes": votes}
                key += [orders[order] for order in rules.ties if order in orders]
                best.setdefault(tuple(key), []).append(chosen)
    tied = best[max(best)]
    if len(tied) > 1 and rules.ties[-1] == "refuse":
        differ = set(tied[0]).symmetric_difference(tied[1])
        raise TieError([election.ids[c] for c in sorted(differ, key=lambda c: int(election.rank[c]))])
    winner = max(tied, key=lambda chosen: [c in chosen for c in sorted(priced, key=lambda c: int(election.rank[c]))])
    return tuple(election.ids[c] for c in winner)
