"""Reasons: what each project had and cost, and by how much the others missed; two outcomes of one election compared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from okat.engine.budgeting.missed import Missed, added_to_fill
from okat.engine.budgeting.outcome import Outcome, payments
from okat.engine.budgeting.problem import Election
from okat.engine.budgeting.rules import Rules
from okat.engine.budgeting.texts import REASON


class Reason(NamedTuple):
    """`code` chooses the sentence. `votes`: supporters, or their points. `left` (equal shares): what they had together
    at the end. `added`: the fewest added supporters, voting for it alone (with the most points that stand on any
    ballot, and a full share), that elect it; None where no number would, or the rule has no such count here."""

    project: str
    code: str
    votes: int
    params: Mapping[str, Any]
    left: Fraction | None = None
    added: int | None = None

    def text(self, language: str = "en") -> str:
        text = REASON[self.code]
        first = (text.th if language == "th" else text.en).format(**self.params)
        if self.added is None:
            return first
        text = REASON["added-one" if self.added == 1 else "added"]
        return f"{first} {(text.th if language == 'th' else text.en).format(added=f'{self.added:,}')}"


class Round(NamedTuple):
    """One purchase: `payers` paid `price` for a point, `short` of them less; `votes`, cost / price, is the effective
    vote count: as many full payers of one point would carry it alone. `voters` and `amounts`: who paid what."""

    project: str
    price: Fraction
    votes: Fraction
    voters: tuple[str, ...]
    amounts: tuple[Fraction, ...]


@dataclass(frozen=True)
class Comparison:
    """Projects that only one of two outcomes has, and voters who have more from the first, from the second, or the
    same, by the cost of the projects they supported (or their number)."""

    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    gain_by_first: int
    gain_by_second: int
    same: int


def money(election: Election, value: Fraction | int) -> str:
    """An amount in the currency: `41,200`, with as many decimals as the costs have, rounded down."""
    decimals = len(str(election.scale)) - 1
    whole = int(value)
    text = f"{whole // election.scale:,}"
    return f"{text}.{whole % election.scale:0{decimals}d}" if decimals else text


def rounds(election: Election, outcome: Outcome) -> tuple[Round, ...]:
    """Equal shares, round by round: who paid what."""
    if outcome.endowment is None:
        return ()
    found = []
    for bought, paid in zip(outcome.purchases, payments(election, outcome.endowment, outcome.purchases), strict=True):
        cost = int(election.costs[election.ids.index(bought.project)])
        names = tuple(election.voter_name(i) for i in paid.voter.tolist())
        found.append(Round(bought.project, bought.price, cost / bought.price, names, tuple(paid.amount)))
    return tuple(found)


def reasons(election: Election, rules: Rules, outcome: Outcome) -> tuple[Reason, ...]:
    """One for each project, in the election's order."""
    missed = Missed(election, rules, outcome) if rules.rule == "equal-shares" else None
    left = missed.left() if missed else {}
    added = missed.added() if missed else {}
    price = {one.project: one.price for one in outcome.purchases}
    won = set(outcome.winners)
    found = []
    for c, one in enumerate(election.ids):
        votes, cost = int(election.votes[c]), int(election.costs[c])
        params = {"votes": f"{votes:,}", "cost": money(election, cost)}
        if one in won:
            code, more = _won(election, rules, outcome, one, price.get(one))
            found.append(Reason(one, code, votes, {**params, **more}))
            continue
        if not votes:
            found.append(Reason(one, "unsupported", votes, params))
            continue
        number = _added(election, rules, outcome, c, added.get(one), missed.refused.get(one, ()) if missed else ())
        if missed:
            params["left"] = money(election, left[one])
        code = "left" if missed else _lost(rules, over=cost > election.budget)
        found.append(Reason(one, code, votes, params, left.get(one), number))
    return tuple(found)


def _lost(rules: Rules, *, over: bool) -> str:
    if rules.rule == "phragmen":
        return "too-dear" if over else "too-late"
    return "lesser" if rules.rule == "optimum" else "fits-not"


def _won(
    election: Election, rules: Rules, outcome: Outcome, one: str, price: Fraction | None
) -> tuple[str, dict[str, str]]:
    if one in outcome.free:
        return "free", {}
    if price is None:
        return ("chosen" if rules.rule == "optimum" else "by-votes"), {}
    return ("bought" if rules.rule == "equal-shares" else "earned"), {"price": money(election, price)}


def _added(
    election: Election, rules: Rules, outcome: Outcome, c: int, number: int | None, refused: Collection[int | None]
) -> int | None:
    """By the shares, or by votes if fewer do there, and not so many as tie by the shares and are refused."""
    if rules.rule in ("greedy", "greedy-per-cost"):
        return added_to_fill(election, rules, (), c, None)
    if rules.rule != "equal-shares" or not rules.fills:
        return number
    bought = tuple(one.project for one in outcome.purchases)
    sooner = added_to_fill(election, Rules("greedy", ties=rules.ties), bought, c, number, refused)
    return number if sooner is None else sooner


def compare(election: Election, first: Outcome, second: Outcome, *, utility: str = "cost") -> Comparison:
    """Who gains and who loses between two outcomes; each voter counts once."""
    gains = _benefit(election, first, utility) - _benefit(election, second, utility)
    return Comparison(
        tuple(one for one in first.winners if one not in second.winners),
        tuple(one for one in second.winners if one not in first.winners),
        int((gains > 0).sum()),
        int((gains < 0).sum()),
        int((gains == 0).sum()),
    )


def _benefit(election: Election, outcome: Outcome, utility: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    won = set(outcome.winners)
    worth = [
        (int(cost) if utility == "cost" else 1) * (one in won)
        for one, cost in zip(election.ids, election.costs, strict=True)
    ]
    total = np.zeros(len(election.project) + 1, dtype=np.int64)
    np.cumsum(np.array(worth, dtype=np.int64)[election.project] * election.weight, out=total[1:])
    return total[election.starts[1:]] - total[election.starts[:-1]]
