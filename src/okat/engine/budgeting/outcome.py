"""The outcome: who won, in which order, and who paid what. Money is in the election's units, exact."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from okat.engine.budgeting.problem import Election, Ints

Ended = Literal["start", "overspend", "exhaustive", "all-won"]


class Purchase(NamedTuple):
    """`project` (an id) was bought: each supporter paid `price` for each point on the ballot; those in `short`
    (numbers of voters, ascending), who had something but less, paid all of it; who had nothing, paid nothing.
    Under Phragmen, `price` is the money that everyone had earned by then, and `short` is empty."""

    project: str
    price: Fraction
    short: tuple[int, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """`winners` in order of selection: `free` (supported projects that cost nothing), then `purchases`, then `filled`
    (taken by votes, or as the optimum, with what was left). `endowment` is everyone's share in the last count,
    `interval` the endowments, lowest and highest, that the raising went through with these same purchases in this
    order; both None under rules without shares.
    `ended` says why the raising ended; `beyond` is the count one step further, where that overspends.
    """

    winners: tuple[str, ...]
    cost: int
    free: tuple[str, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    filled: tuple[str, ...] = ()
    endowment: Fraction | None = None
    interval: tuple[Fraction, Fraction] | None = None
    ended: Ended = "start"
    beyond: tuple[Purchase, ...] = ()


class Ladder(NamedTuple):
    """What the raising of the endowment came to: the last count, and the one beyond it."""

    purchases: tuple[Purchase, ...]
    endowment: Fraction
    interval: tuple[Fraction, Fraction]
    ended: Ended
    beyond: tuple[Purchase, ...] = ()


class Payment(NamedTuple):
    """What each supporter of one winner paid: `voter` int32[m], `amount` and `left` (before paying) Fractions."""

    project: str
    voter: Ints
    amount: list[Fraction]
    left: list[Fraction]


def outcome_of(
    election: Election,
    free: tuple[str, ...],
    *,
    ladder: Ladder | None = None,
    purchases: tuple[Purchase, ...] = (),
    filled: tuple[str, ...] = (),
) -> Outcome:
    """Puts the parts together: a `ladder` where there are shares, else the `purchases`, if any."""
    bought = ladder.purchases if ladder else purchases
    winners = (*free, *(one.project for one in bought), *filled)
    cost = cost_of(election, winners)
    if ladder is None:
        return Outcome(winners, cost, free, bought, filled)
    return Outcome(winners, cost, free, bought, filled, *ladder[1:])


def cost_of(election: Election, ids: tuple[str, ...]) -> int:
    number = numbers(election)
    return sum(int(election.costs[number[one]]) for one in ids)


def numbers(election: Election) -> dict[str, int]:
    return {one: c for c, one in enumerate(election.ids)}


def payments(election: Election, endowment: Fraction, purchases: tuple[Purchase, ...]) -> Iterator[Payment]:
    """Who paid what, purchase by purchase, under equal shares."""
    number, columns = numbers(election), election.supporters
    left = [endowment] * election.n
    for bought in purchases:
        c = number[bought.project]
        edges = slice(int(columns.starts[c]), int(columns.starts[c + 1]))
        short = set(bought.short)
        voters = columns.voter[edges]
        before = [left[i] for i in voters.tolist()]
        amounts = []
        for i, weight in zip(voters.tolist(), columns.weight[edges].tolist(), strict=True):
            amounts.append(left[i] if i in short or not left[i] else bought.price * weight)
            left[i] -= amounts[-1]
        yield Payment(bought.project, voters, amounts, before)


def money_left(election: Election, outcome: Outcome) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """object[n] of Fractions: what each voter has left after the last purchase."""
    left = np.full(election.n, outcome.endowment, dtype=object)
    for paid in payments(election, outcome.endowment or Fraction(0), outcome.purchases):
        left[paid.voter] -= np.array(paid.amount, dtype=object)
    return left
