"""Sequential Phragmen: money comes to all at one speed, and a project is bought when its supporters have its cost.

Every voter's money counts from the time of a purchase (or from 0), so a project's time is exact: its cost, and for
each earlier purchase its time once for each supporter who paid there last, over all supporters. What costs more than
the whole budget is left out beforehand: else one popular dream would end the count with nobody funded.
"""

from fractions import Fraction

import numpy as np

from okat.engine.budgeting.outcome import Purchase
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.ties import first


def phragmen(election: Election, rules: Rules) -> tuple[Purchase, ...]:
    """Purchases in order; `price` is the time. Raises `TieError` where projects tie and the rules refuse to choose."""
    costs, columns = election.costs.tolist(), election.supporters
    paid_last = np.zeros(election.n, dtype=np.int32)
    times, left = [Fraction(0)], election.budget
    bought: list[Purchase] = []

    def supporters(c: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return columns.voter[columns.starts[c] : columns.starts[c + 1]]

    def time(c: int) -> Fraction:
        voters = supporters(c)
        counts = np.bincount(paid_last[voters], minlength=len(times)).tolist()
        earlier = sum((count * when for count, when in zip(counts, times, strict=True) if count), Fraction(0))
        return (earlier + int(costs[c])) / len(voters)

    # Times only grow, so that an old one is a lower bound: few are found anew in each round.
    low = {c: time(c) for c, cost in enumerate(costs) if 0 < cost <= left and len(supporters(c))}
    while low:
        if rules.stop == "exhaustive":
            low = {c: when for c, when in low.items() if costs[c] <= left}
        fresh: set[int] = set()
        while low and (stale := [c for c in _earliest(low) if c not in fresh]):
            low.update({c: time(c) for c in stale})
            fresh.update(stale)
        if not low:
            break
        c = first(election, rules.ties, _earliest(low))
        if costs[c] > left:
            break
        times.append(low.pop(c))
        bought.append(Purchase(election.ids[c], times[-1]))
        paid_last[supporters(c)] = len(bought)
        left -= costs[c]
    return tuple(bought)


def _earliest(times: dict[int, Fraction]) -> list[int]:
    least = min(times.values())
    return [c for c, when in times.items() if when == least]
