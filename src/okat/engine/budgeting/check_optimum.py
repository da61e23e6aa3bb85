"""The optimum, proved by its own branch and bound: no set that fits has more benefit, or ties and stands before it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.outcome import Outcome
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules

NODES = 3_000_000
"""Nodes after which the proof is given up (and the outcome refused)."""


def optimum_violations(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    able = [c for c in range(election.p) if 0 < election.costs[c] <= election.budget and election.votes[c]]
    able.sort(key=lambda c: int(election.rank[c]))
    costs = [int(election.costs[c]) for c in able]
    votes = [int(election.votes[c]) for c in able]
    use = [cost * vote for cost, vote in zip(costs, votes, strict=True)] if rules.utility == "cost" else votes
    chosen = [election.ids[c] in set(outcome.filled) for c in able]
    # One number holds benefit and the orders of ties, the first the most significant: what is compared is then one sum.
    columns = {"min-cost": [-cost for cost in costs], "max-cost": costs, "max-votes": votes}
    worth = use
    for order in rules.ties:
        column = columns.get(order)
        if column is None and order == "lowest-id":
            column = [2 ** (len(able) - 1 - k) for k in range(len(able))]
        if column is not None:
            size = 2 * sum(abs(one) for one in column) + 1
            worth = [one * size + two for one, two in zip(worth, column, strict=True)]
    target = sum(one for one, is_in in zip(worth, chosen, strict=True) if is_in)
    search = _Search(worth, costs, election.budget, target, strict=rules.ties[-1] != "refuse", given=chosen)
    better = search.run()
    if search.nodes > NODES:
        yield broken("not-closed")
    elif better is not None:
        names = ", ".join(election.ids[c] for c, one, two in zip(able, better, chosen, strict=True) if one != two)
        yield broken("not-best", names.split(", ")[0], others=names)


class _Search:
    """Depth first over the items by worth for cost, cut off where the fractional bound does not reach the target.
    `strict`: looks for more than the target; else also for another set that equals it."""

    def __init__(
        self, worth: Sequence[int], costs: Sequence[int], room: int, target: int, *, strict: bool, given: Sequence[bool]
    ) -> None:
        self.order = sorted(range(len(worth)), key=lambda k: Fraction(-worth[k], costs[k]))
        self.worth, self.costs = [worth[k] for k in self.order], [costs[k] for k in self.order]
        self.given = [given[k] for k in self.order]
        self.room, self.target, self.strict = room, target + strict, strict
        self.nodes = 0

    def run(self) -> list[bool] | None:
        """A set that is better, or None."""
        taken = [False] * len(self.order)
        stack: list[tuple[int, int, int, bool | None]] = [(0, self.room, 0, None)]
        while stack and self.nodes <= NODES:
            self.nodes += 1
            k, room, total, is_in = stack.pop()
            if is_in is not None:
                taken[k - 1] = is_in
            if not self.reaches(k, room, total):
                continue
            if k == len(self.order):
                if self.strict or taken != self.given:
                    return [taken[self.order.index(k)] for k in range(len(taken))]
                continue
            stack.append((k + 1, room, total, False))
            if self.costs[k] <= room:
                stack.append((k + 1, room - self.costs[k], total + self.worth[k], True))
        return None

    def reaches(self, k: int, room: int, total: int) -> bool:
        """Whether the rest, the last item in part, can bring the total to the target. Items of negative worth (as
        a low cost counts among ties) stand last and are never needed."""
        for worth, cost in zip(self.worth[k:], self.costs[k:], strict=True):
            if total >= self.target:
                return True
            if worth <= 0:
                break
            if cost > room:
                return (self.target - total) * cost <= worth * room
            room -= cost
            total += worth
        return total >= self.target
