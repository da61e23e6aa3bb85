"""Extended justified representation, up to any project (EJR+, Brill & Peters 2023), of an outcome of equal shares.

Against the endowment e that everyone had: for an unelected project c, points v and a number s of its supporters who
gave it v points or more, never both: together they could pay for it (s * e >= cost), and each of them has so little
that c would not lift them above their part (utility so far + u <= s * e * u / cost, with u = v * (cost or 1)). If all
of them had kept to the rule, the first who ran out of money would have got more than that for it.
"""

from collections.abc import Iterator

import numpy as np

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.outcome import Outcome
from okat.engine.budgeting.problem import Election, Longs
from okat.engine.budgeting.rules import Rules


def ejr_violations(election: Election, rules: Rules, outcome: Outcome) -> Iterator[Violation]:
    won = np.isin(np.array(election.ids, dtype=object), list(outcome.winners))
    benefit = election.costs if rules.utility == "cost" else np.ones(election.p, dtype=np.int64)
    gained = np.where(won, benefit, 0)[election.project] * election.weight
    total = np.zeros(len(gained) + 1, dtype=np.int64)
    np.cumsum(gained, out=total[1:])
    utility = total[election.starts[1:]] - total[election.starts[:-1]]
    columns = election.supporters
    for c in np.flatnonzero(~won & (election.costs > 0) & (election.votes > 0)).tolist():
        edges = slice(int(columns.starts[c]), int(columns.starts[c + 1]))
        so_far, weight = utility[columns.voter[edges]], columns.weight[edges]
        for points in np.unique(weight).tolist():
            size = _deprived(election, outcome, c, points * int(benefit[c]), np.sort(so_far[weight >= points]))
            if size:
                yield broken("ejr-plus", election.ids[c], size=size)
                break


def _deprived(election: Election, outcome: Outcome, c: int, use: int, so_far: Longs) -> int:
    """The size of a group with the least utility for whom both hold, or 0."""
    assert outcome.endowment is not None
    cost, top, bottom = int(election.costs[c]), outcome.endowment.numerator, outcome.endowment.denominator
    part = np.arange(1, len(so_far) + 1) * float(outcome.endowment)
    doubtful = (part >= cost * (1 - 1e-9)) & (so_far + float(use) <= part * use / cost * (1 + 1e-9))
    for at in np.flatnonzero(doubtful).tolist():
        size = at + 1
        if size * top >= cost * bottom and (int(so_far[at]) + use) * cost * bottom <= size * top * use:
            return size
    return 0
