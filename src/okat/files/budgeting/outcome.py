"""An outcome as tables: `outcome.csv`, `payments.csv` and `beyond.csv` of a bundle, written and read.

- `outcome.csv` (place, project, how, cost, price): how is `free`, `bought` or `filled`; the price, exact, is what each
  point on a ballot cost a supporter (phragmen: the money that everyone had earned).
- `payments.csv` (project, voter, amount, left): what each supporter paid and had left, in the currency, cut after six
  decimals; the exact amounts follow from the prices.
- `beyond.csv` (place, project, price): what would be bought one step further, where that overspends.

Who paid all that was left follows from the prices: whoever has less than the price of their points pays all of it.

Exact numbers are written n/d, those of more than 4,000 digits in hexadecimal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from okat.engine.budgeting.outcome import Outcome, Purchase, payments
from okat.engine.budgeting.problem import Election
from okat.files.allocation.outcome import write_rows
from okat.files.allocation.table import Row, read_csv
from okat.files.budgeting.errors import BadInputError

OUTCOME = ("place", "project", "how", "cost", "price")
PAYMENTS = ("project", "voter", "amount", "left")
BEYOND = ("place", "project", "price")
FILES = {"outcome.csv": OUTCOME, "payments.csv": PAYMENTS, "beyond.csv": BEYOND}
_LONG = 1 << 13_000
_EXACT = re.compile(r"([0-9]{1,4000}|0x[0-9a-f]{1,100000})(/([0-9]{1,4000}|0x[0-9a-f]{1,100000}))?")


def exact(value: Fraction) -> str:
    """As `Fraction` reads it again, without a limit of digits."""
    top, bottom = (hex(part) if part > _LONG else str(part) for part in (value.numerator, value.denominator))
    return top if value.denominator == 1 else f"{top}/{bottom}"


def read_exact(text: str) -> Fraction:
    """Raises `ValueError`."""
    match = _EXACT.fullmatch(text)
    if not match:
        raise ValueError(text[:100])
    top, _, bottom = match.groups()
    return Fraction(
        int(top, 0 if top.startswith("0x") else 10), int(bottom or "1", 0 if "0x" in (bottom or "") else 10)
    )


def money(value: Fraction | int, scale: int) -> int | float:
    """In the currency, for JSON: whole where it is whole."""
    amount = Fraction(value) / scale
    return amount.numerator if amount.denominator == 1 else float(amount)


def cut(value: Fraction, scale: int) -> str:
    """In the currency, cut after six decimals, without zeros behind the point."""
    whole, rest = divmod(value.numerator * 1_000_000 // (value.denominator * scale), 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def write_outcome(election: Election, outcome: Outcome) -> bytes:
    """One line for each winner, in the order of selection."""
    price = {one.project: exact(one.price / election.scale) for one in outcome.purchases}
    cost = dict(zip(election.ids, election.costs.tolist(), strict=True))
    how = dict.fromkeys(outcome.free, "free") | dict.fromkeys(outcome.filled, "filled")
    rows = (
        (place, one, how.get(one, "bought"), cut(Fraction(cost[one]), election.scale), price.get(one, ""))
        for place, one in enumerate(outcome.winners, 1)
    )
    return write_rows(OUTCOME, rows)


def payment_rows(election: Election, outcome: Outcome, voters: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """None under rules without shares."""
    if outcome.endowment is None:
        return
    for paid in payments(election, outcome.endowment, outcome.purchases):
        for voter, amount, before in zip(paid.voter.tolist(), paid.amount, paid.left, strict=True):
            yield paid.project, voters[voter], cut(amount, election.scale), cut(before - amount, election.scale)


def write_payments(election: Election, outcome: Outcome, voters: list[str]) -> bytes:
    return write_rows(PAYMENTS, payment_rows(election, outcome, voters))


def write_beyond(election: Election, outcome: Outcome) -> bytes:
    rows = ((place, one.project, exact(one.price / election.scale)) for place, one in enumerate(outcome.beyond, 1))
    return write_rows(BEYOND, rows)


def purchases_of(
    election: Election, endowment: Fraction, bought: Iterable[tuple[str, Fraction]]
) -> tuple[Purchase, ...]:
    """Purchases with who paid all that was left, from the projects (known ones) and their prices."""
    columns, number = election.supporters, {one: c for c, one in enumerate(election.ids)}
    left, found = [endowment] * election.n, []
    for project, price in bought:
        edges = slice(int(columns.starts[number[project]]), int(columns.starts[number[project] + 1]))
        short = []
        for voter, weight in zip(columns.voter[edges].tolist(), columns.weight[edges].tolist(), strict=True):
            if 0 < left[voter] < price * weight:
                short.append(voter)
            left[voter] -= min(left[voter], price * weight)
        found.append(Purchase(project, price, tuple(short)))
    return tuple(found)


class Odd(NamedTuple):
    """A row that says something impossible by itself."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Claimed:
    """What the tables say. `winners`: (project, how, cost, price); `paid`: the rows of `payments.csv` with their
    lines."""

    winners: tuple[tuple[str, str, str, Fraction], ...]
    lines: dict[str, int]
    paid: tuple[Row, ...]
    beyond: tuple[tuple[str, Fraction], ...]
    odd: tuple[Odd, ...]


def read_claimed(members: Mapping[str, bytes], scale: int) -> Claimed:
    """Raises `BadInputError` where a file is no table of its shape; odd rows are listed."""
    errors, tables = [], []
    for name, columns in FILES.items():
        try:
            tables.append(read_csv(name, members[name], columns, need_rows=False).rows)
        except BadInputError as error:
            errors += error.errors
    if errors:
        raise BadInputError(errors)
    odd: list[Odd] = []
    winners = tuple(_good(tables[0], "outcome.csv", lambda cells: _winner(cells, scale), odd))
    lines = {row.cells[1]: row.line for row in reversed(tables[0])}
    further = tuple(_good(tables[2], "beyond.csv", lambda cells: (cells[1], read_exact(cells[2]) * scale), odd))
    for name, rows in (("outcome.csv", tables[0]), ("beyond.csv", tables[2])):
        for number, row in enumerate(rows, 1):
            if row.cells[0] != str(number):
                odd.append(Odd(name, row.line, f"place {row.cells[0]!r} should be {number}"))
    return Claimed(winners, lines, tuple(tables[1]), further, tuple(odd))


def _good(rows: Iterable[Row], file: str, read: Any, odd: list[Odd]) -> Iterator[Any]:
    for row in rows:
        try:
            yield read(row.cells)
        except (ValueError, ZeroDivisionError) as error:
            odd.append(Odd(file, row.line, f"{str(error)[:100]!r} cannot be read"))


def _winner(cells: tuple[str, ...], scale: int) -> tuple[str, str, str, Fraction]:
    _, project, how, cost, price = cells
    if how not in ("free", "bought", "filled") or (how == "bought") != bool(price):
        raise ValueError(f"{how} {price[:50]}")
    return project, how, cost, read_exact(price) * scale if price else Fraction(0)
