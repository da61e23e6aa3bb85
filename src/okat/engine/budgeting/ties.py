"""Which of several tied projects goes first: the published order, and nothing else."""

from collections.abc import Sequence

from okat.engine.budgeting.problem import Election, TieError


def first(election: Election, ties: Sequence[str], tied: Sequence[int], votes: Sequence[int] | None = None) -> int:
    """The number of the project that goes first. Raises `TieError` where the rules refuse to choose.
    `votes`, where they are others than the ballots give."""
    left = list(tied)
    for order in ties:
        if len(left) == 1:
            break
        if order == "refuse":
            raise TieError([election.ids[c] for c in sorted(left, key=lambda c: int(election.rank[c]))])
        values = {c: _value(election, order, c, votes) for c in left}
        best = min(values.values())
        left = [c for c in left if values[c] == best]
    return left[0]


def goes_first(election: Election, ties: Sequence[str], c: int, other: int) -> bool:
    """Whether c goes before `other`; also no where the rules refuse to choose."""
    try:
        return first(election, ties, [c, other]) == c
    except TieError:
        return False


def in_order(election: Election, ties: Sequence[str], projects: Sequence[int]) -> list[int]:
    """Several projects that all win, in the order of the ties; the lower id first where that refuses to choose."""
    orders = [order for order in ties if order != "refuse"] + ["lowest-id"]
    return sorted(projects, key=lambda c: tuple(_value(election, order, c) for order in orders))


def _value(election: Election, order: str, c: int, votes: Sequence[int] | None = None) -> int:
    """Smaller goes first."""
    if order == "max-votes":
        return -int((election.votes if votes is None else votes)[c])
    if order == "lowest-id":
        return int(election.rank[c])
    return int(election.costs[c]) * (-1 if order == "max-cost" else 1)


def free_of(election: Election, ties: Sequence[str]) -> tuple[str, ...]:
    """Supported projects that cost nothing: they win first, whatever the rule."""
    found = [c for c in range(election.p) if election.costs[c] == 0 and election.votes[c] > 0]
    return tuple(election.ids[c] for c in in_order(election, ties, found))
