"""Greedy by votes, or by votes for each unit of money; also what fills up after equal shares."""

from collections.abc import Sequence

from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import first, in_order


def greedy(
    election: Election, rules: Rules, taken: Sequence[str] = (), votes: Sequence[int] | None = None
) -> tuple[str, ...]:
    """Supported projects that fit, the best first, beside those `taken` already. Projects that tie and fit all together
    need no decision. `votes`, where they are others than the ballots give. Raises `TieError` where others tie and the
    rules refuse to choose."""
    costs: list[int] = election.costs.tolist()
    votes = election.votes.tolist() if votes is None else votes
    gone = set(taken)
    left = election.budget - sum(cost for one, cost in zip(election.ids, costs, strict=True) if one in gone)
    per_cost = rules.rule == "greedy-per-cost"

    def beats(one: int, other: int) -> bool:
        if per_cost:
            return votes[one] * costs[other] > votes[other] * costs[one]
        return votes[one] > votes[other]

    waiting = [c for c, one in enumerate(election.ids) if votes[c] and costs[c] and one not in gone]
    chosen: list[str] = []
    while waiting := [c for c in waiting if costs[c] <= left]:
        best: list[int] = []
        for c in waiting:
            if not best or beats(c, best[0]):
                best = [c]
            elif not beats(best[0], c):
                best.append(c)
        together = sum(costs[c] for c in best) <= left
        c = in_order(election, rules.ties, best)[0] if together else first(election, rules.ties, best, votes)
        chosen.append(election.ids[c])
        left -= costs[c]
        waiting.remove(c)
    return tuple(chosen)
