"""Which of two projects goes first by the published order, for checks."""

from collections.abc import Iterator, Sequence

from okat.engine.budgeting.certificate import Violation, broken
from okat.engine.budgeting.problem import Election


class Order:
    def __init__(self, election: Election, ties: Sequence[str]) -> None:
        self.election, self.ties = election, ties
        columns = {
            "min-cost": election.costs,
            "max-cost": -election.costs,
            "max-votes": -election.votes,
            "lowest-id": election.rank,
        }
        self.keys = [tuple(int(columns[order][c]) for order in ties if order in columns) for c in range(election.p)]

    def violations(self, chosen: int, other: int) -> Iterator[Violation]:
        """`chosen` was taken and `other`, which ties with it, was not."""
        one, two = self.keys[chosen], self.keys[other]
        ids = self.election.ids
        if one > two:
            yield broken("tie-order", ids[chosen], other=ids[other])
        elif one == two:
            yield broken("tie-refused", ids[chosen], other=ids[other])
