"""What is asked: projects with their costs, a budget, and ballots. It validates itself.

Money is a whole number of units, `scale` units to one of the currency (satang: scale 100), so that equal is equal.
Ballots lie one after another (CSR): voter i has the edges `starts[i]` to `starts[i + 1]`, each a project and a weight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from okat.engine.budgeting.texts import sentence
from okat.engine.errors import ProblemError

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
KINDS = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
MAX_MONEY = 1_000_000_000_000_000
MAX_WEIGHT = 1_000_000
MAX_SCALE = 1_000_000
MAX_TOTAL = 2**52
"""Sums of weights stay below this, where a float64 still holds each whole number."""


class BudgetingError(ProblemError):
    """`code` names the fault, `params` what its sentence says; `text(language)` gives it in `en` or `th`."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code, self.params = code, params
        super().__init__(sentence(code, "en", **params))

    def text(self, language: str = "en") -> str:
        return sentence(self.code, language, **self.params)


class TieError(BudgetingError):
    """The rules say `refuse`, and `ids` tie: people must decide, and say so in the rules."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        super().__init__("tie", of=", ".join(ids))


class Supporters(NamedTuple):
    """Ballots by project: project c has the edges `starts[c]` to `starts[c + 1]`, voters ascending."""

    starts: Longs
    voter: Ints
    weight: Longs


@dataclass(frozen=True, eq=False)
class Election:
    """`costs` int64[p] and `budget` in units of 1/scale of the currency; `starts` int64[n + 1], `project` int32[edges],
    `weight` int64[edges], at least 1 (approval and choose-1: 1; cumulative and scoring: points, of which zero and
    negative ones are left out beforehand; ordinal: Borda points). A voter without a project still counts in n.
    `voters` are the voters' ids, or empty where they are only counted. Raises `BudgetingError`.
    """

    ids: tuple[str, ...]
    costs: Longs
    budget: int
    starts: Longs
    project: Ints
    weight: Longs
    kind: str = "approval"
    scale: int = 1
    voters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, kind in (("costs", np.int64), ("starts", np.int64), ("project", np.int32), ("weight", np.int64)):
            values = np.ascontiguousarray(getattr(self, name))
            if values.size and values.dtype.kind not in "iu":
                raise BudgetingError("length", value=name, of="row, a whole number")
            values = values.astype(kind, copy=False).view()
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        self._check_projects()
        self._check_ballots()

    def _check_projects(self) -> None:
        if self.kind not in KINDS:
            raise BudgetingError("kind", value=self.kind, of=", ".join(KINDS))
        if self.scale not in {10**k for k in range(7)}:
            raise BudgetingError("scale", value=self.scale)
        if self.costs.shape != (len(self.ids),):
            raise BudgetingError("length", value="costs", of="project")
        seen: set[str] = set()
        for row, one in enumerate(self.ids):
            if not one:
                raise BudgetingError("no-id", row=row + 1)
            if one in seen:
                raise BudgetingError("id-twice", value=one)
            seen.add(one)
        bad = (self.costs < 0) | (self.costs > MAX_MONEY)
        if bad.any():
            raise BudgetingError("cost", value=self.ids[int(bad.argmax())], limit=f"{MAX_MONEY:,}")
        if not 0 <= self.budget <= MAX_MONEY:
            raise BudgetingError("budget", value=self.budget, limit=f"{MAX_MONEY:,}")

    def _check_ballots(self) -> None:
        starts, edges = self.starts, len(self.project)
        if self.weight.shape != (edges,) or self.project.ndim != 1:
            raise BudgetingError("length", value="weight", of="vote")
        if starts.ndim != 1 or not len(starts) or starts[0] != 0 or starts[-1] != edges or (np.diff(starts) < 0).any():
            raise BudgetingError("starts")
        if self.voters and len(self.voters) != self.n:
            raise BudgetingError("length", value="voters", of="ballot")
        bad = (self.project < 0) | (self.project >= len(self.ids))
        if bad.any():
            at = int(bad.argmax())
            raise BudgetingError("project", voter=self.voter_name(self.voter_of(at)), value=int(self.project[at]))
        top = 1 if self.kind in ("approval", "choose-1") else MAX_WEIGHT
        bad = (self.weight < 1) | (self.weight > top)
        if bad.any():
            at = int(bad.argmax())
            who = self.voter_name(self.voter_of(at))
            raise BudgetingError("weight", voter=who, value=self.ids[self.project[at]], limit=top)
        if int(self.weight.sum()) > MAX_TOTAL:
            raise BudgetingError("too-large", value="points")
        columns = self.supporters
        again = (columns.voter[1:] == columns.voter[:-1]) & (np.diff(self._column_of) == 0)
        if again.any():
            at = int(again.argmax())
            who = self.voter_name(int(columns.voter[at]))
            raise BudgetingError("project-twice", voter=who, value=self.ids[int(self._column_of[at])])

    def voter_of(self, edge: int) -> int:
        return int(np.searchsorted(self.starts, edge, side="right")) - 1

    def voter_name(self, voter: int) -> str:
        return self.voters[voter] if self.voters else str(voter + 1)

    @property
    def n(self) -> int:
        """The number of ballots."""
        return len(self.starts) - 1

    @property
    def p(self) -> int:
        """The number of projects."""
        return len(self.ids)

    @cached_property
    def _column_of(self) -> Ints:
        return np.repeat(np.arange(self.p, dtype=np.int32), np.diff(self.supporters.starts))

    @cached_property
    def supporters(self) -> Supporters:
        # Sixteen bits are sorted by counting, in one pass.
        key = self.project.astype(np.uint16) if self.p < 2**16 else self.project
        order = np.argsort(key, kind="stable")
        starts = np.zeros(self.p + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.project, minlength=self.p), out=starts[1:])
        voter = np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.starts))
        plain = self.kind in ("approval", "choose-1")
        weight = np.broadcast_to(np.int64(1), len(order)) if plain else self.weight[order]
        return Supporters(starts, voter[order], weight)

    @cached_property
    def votes(self) -> Longs:
        """int64[p]: each project's points together; on approval ballots, its number of supporters."""
        return np.bincount(self.project, self.weight, minlength=self.p).astype(np.int64)[: self.p]

    @cached_property
    def rank(self) -> Longs:
        """int64[p]: each project's place when ids are ordered, as numbers where they are numbers (those first)."""
        ranks = np.empty(self.p, dtype=np.int64)
        ranks[sorted(range(self.p), key=lambda c: _id_key(self.ids[c]))] = np.arange(self.p)
        return ranks

    @classmethod
    def of(
        cls,
        costs: Mapping[str, int | str | Decimal],
        ballots: Iterable[Iterable[str] | Mapping[str, int]],
        budget: int | str | Decimal,
        kind: str = "approval",
        voters: Sequence[str] = (),
    ) -> "Election":
        """From names and amounts in the currency, with up to six decimals. Raises `BudgetingError`."""
        amounts = [amount(value) for value in (*costs.values(), budget)]
        scale = scale_of(amounts)
        *prices, total = (int(value * scale) for value in amounts)
        number = {one: c for c, one in enumerate(costs)}
        starts, project, weight = [0], [], []
        for i, ballot in enumerate(ballots):
            lines = ballot.items() if isinstance(ballot, Mapping) else ((one, 1) for one in ballot)
            for one, points in lines:
                if one not in number:
                    raise BudgetingError("unknown-project", voter=voters[i] if voters else str(i + 1), value=one)
                project.append(number[one])
                weight.append(points)
            starts.append(len(project))
        return cls(
            tuple(costs), np.array(prices, dtype=np.int64), total, np.array(starts, dtype=np.int64),
            np.array(project, dtype=np.int32), np.array(weight, dtype=np.int64), kind, scale, tuple(voters),
        )  # fmt: skip


def amount(value: int | str | Decimal) -> Decimal:
    """An exact amount of money in the currency. Raises `BudgetingError` for what is none, or has over six decimals."""
    try:
        found = Decimal(value)
    except (InvalidOperation, ValueError, TypeError) as error:
        raise BudgetingError("amount", value=str(value)) from error
    exponent = found.as_tuple().exponent
    if not isinstance(exponent, int) or abs(found) > 10 * MAX_MONEY or exponent < -60:
        raise BudgetingError("amount", value=str(value))
    if (Fraction(found) * MAX_SCALE).denominator != 1:
        raise BudgetingError("amount", value=str(value))
    return found


def scale_of(amounts: Iterable[Decimal]) -> int:
    """The smallest power of ten that makes all of them whole numbers."""
    scale = 1
    for value in amounts:
        while scale < MAX_SCALE and value * scale != int(value * scale):
            scale *= 10
    return scale


def _id_key(one: str) -> tuple[int, int, str]:
    """Numbers first and as numbers ('2' before '10'); '2' and '02' by their letters."""
    number = one.isascii() and one.isdecimal()
    return (0, int(one), one) if number else (1, 0, one)
