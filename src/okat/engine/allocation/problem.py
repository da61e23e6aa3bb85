"""The problem: who may be seated where, and in what order. It validates itself.

Shapes: a `Problem` holds three tables as they stand in the files, in any row order. Priorities are whole
numbers or exact decimals (never floats), so that equal scores are equal; ranks order one applicant's
wishes (1 is the dearest, gaps are allowed, repeats are not).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from okat.engine.allocation.texts import sentence
from okat.engine.errors import ProblemError

OPEN = "open"
"""The seat class that everyone may take. No group may bear this name."""

MAX_ID = 200
MAX_CAPACITY = 10_000_000
MAX_DIGITS = 15
MAX_DECIMALS = 6
MAX_PRIORITY = 1_000_000_000_000_000
_GROUP = re.compile(r"[^|:,\s]+")


class Reserve(NamedTuple):
    """`seats` that members of `group` may take before all others ("at least" semantics)."""

    group: str
    seats: int


class Opportunity(NamedTuple):
    """Reserves stand in their published order of precedence; open seats come last."""

    id: str
    capacity: int
    reserves: tuple[Reserve, ...] = ()


class Applicant(NamedTuple):
    """`id` is the pseudonym that the lottery is drawn on."""

    id: str
    groups: frozenset[str] = frozenset()


class Preference(NamedTuple):
    applicant: str
    opportunity: str
    rank: int
    priority: int | Decimal


class Wish(NamedTuple):
    """One line of an applicant's list, dearest first."""

    opportunity: str
    priority: int | Decimal


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row: `index` counts the rows of `table` from 0; `column` is its name there."""

    table: str
    index: int
    column: str
    code: str
    params: Mapping[str, Any]

    def text(self, language: str = "en") -> str:
        return sentence(self.code, language, **self.params)


class AllocationProblemError(ProblemError):
    """A problem that contradicts itself; `faults` lists every contradiction."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        self.code = faults[0].code
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        first = faults[0]
        super().__init__(f"{first.table}, item {first.index + 1}, {first.column}: {first.text()}{more}")


@dataclass(frozen=True)
class Problem:
    """Raises `AllocationProblemError` (a `ProblemError`) with every fault when the tables contradict
    themselves."""

    opportunities: tuple[Opportunity, ...]
    applicants: tuple[Applicant, ...]
    preferences: tuple[Preference, ...]

    def __post_init__(self) -> None:
        faults = tuple(find_faults(self.opportunities, self.applicants, self.preferences))
        if faults:
            raise AllocationProblemError(faults)

    @cached_property
    def opportunity(self) -> Mapping[str, Opportunity]:
        return {item.id: item for item in self.opportunities}

    @cached_property
    def groups(self) -> Mapping[str, frozenset[str]]:
        return {item.id: item.groups for item in self.applicants}

    @cached_property
    def wishes(self) -> Mapping[str, tuple[Wish, ...]]:
        """Each applicant's list, dearest first; the order of the rows does not matter."""
        ranked: dict[str, list[tuple[int, Wish]]] = {item.id: [] for item in self.applicants}
        for row in self.preferences:
            ranked[row.applicant].append((row.rank, Wish(row.opportunity, row.priority)))
        # Ranks are unique in one list, so the wish itself is never compared.
        return {who: tuple(wish for _, wish in sorted(wishes)) for who, wishes in ranked.items()}

    @cached_property
    def priority(self) -> Mapping[tuple[str, str], int | Decimal]:
        """(applicant, opportunity) -> priority."""
        return {(row.applicant, row.opportunity): row.priority for row in self.preferences}


def find_faults(
    opportunities: tuple[Opportunity, ...],
    applicants: tuple[Applicant, ...],
    preferences: tuple[Preference, ...],
) -> Iterator[Fault]:
    """Every contradiction in the three tables, in the order of the rows."""
    yield from _opportunity_faults(opportunities)
    yield from _applicant_faults(applicants)
    known = ({item.id for item in opportunities}, {item.id for item in applicants})
    yield from _preference_faults(preferences, *known)


def id_fault(value: str) -> str | None:
    """The code of what is wrong with an identifier. Look-alikes are refused: two ids that a reader cannot
    tell apart (a space at the end, an invisible letter, another order of the same marks) would be two
    people."""
    if not value:
        return "empty"
    if len(value) > MAX_ID:
        return "too-long"
    if value != value.strip() or any(unicodedata.category(letter)[0] == "C" for letter in value):
        return "invisible"
    return None if unicodedata.is_normalized("NFC", value) else "not-normal"


def _name_faults(table: str, index: int, value: str, seen: dict[str, int]) -> Iterator[Fault]:
    code = id_fault(value)
    if code:
        yield Fault(table, index, "id", code, {"value": value, "limit": MAX_ID})
    if value in seen:
        yield Fault(table, index, "id", "duplicate-id", {"value": value})
    seen.setdefault(value, index)


def _opportunity_faults(opportunities: tuple[Opportunity, ...]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, item in enumerate(opportunities):
        yield from _name_faults("opportunities", index, item.id, seen)
        if not 0 <= item.capacity <= MAX_CAPACITY:
            params = {"value": item.capacity, "limit": MAX_CAPACITY}
            yield Fault("opportunities", index, "capacity", "capacity-range", params)
        for code, params in _reserve_faults(item):
            yield Fault("opportunities", index, "reserves", code, params)


def _reserve_faults(item: Opportunity) -> Iterator[tuple[str, dict[str, Any]]]:
    names = [reserve.group for reserve in item.reserves]
    for name in names:
        yield from ((code, {"value": name}) for code in group_faults(name))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield "reserve-twice", {"value": name}
    for reserve in item.reserves:
        if reserve.seats < 0:
            yield "reserve-negative", {"group": reserve.group, "value": reserve.seats}
    total = sum(reserve.seats for reserve in item.reserves)
    if total > item.capacity >= 0:
        yield "reserves-above-capacity", {"total": total, "capacity": item.capacity}


def group_faults(name: str) -> Iterator[str]:
    if name == OPEN:
        yield "group-named-open"
    elif not _GROUP.fullmatch(name) or id_fault(name):
        yield "group-name"


def _applicant_faults(applicants: tuple[Applicant, ...]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, item in enumerate(applicants):
        yield from _name_faults("applicants", index, item.id, seen)
        for name in sorted(item.groups):
            for code in group_faults(name):
                yield Fault("applicants", index, "groups", code, {"value": name})


def _preference_faults(
    preferences: tuple[Preference, ...], opportunities: set[str], applicants: set[str]
) -> Iterator[Fault]:
    pairs: set[tuple[str, str]] = set()
    ranks: set[tuple[str, int]] = set()
    for index, row in enumerate(preferences):
        for column, code, params in _row_faults(row, opportunities, applicants):
            yield Fault("preferences", index, column, code, params)
        if (row.applicant, row.opportunity) in pairs:
            params = {"applicant": row.applicant, "opportunity": row.opportunity}
            yield Fault("preferences", index, "opportunity", "wish-twice", params)
        if (row.applicant, row.rank) in ranks:
            params = {"applicant": row.applicant, "rank": row.rank}
            yield Fault("preferences", index, "rank", "rank-twice", params)
        pairs.add((row.applicant, row.opportunity))
        ranks.add((row.applicant, row.rank))


def _row_faults(
    row: Preference, opportunities: set[str], applicants: set[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if row.applicant not in applicants:
        yield "applicant", "unknown-applicant-id", {"value": row.applicant}
    if row.opportunity not in opportunities:
        yield "opportunity", "unknown-opportunity-id", {"value": row.opportunity}
    if not 1 <= row.rank <= MAX_CAPACITY:
        yield "rank", "rank-range", {"value": row.rank}
    if not exact(row.priority):
        yield "priority", "priority-range", {"value": row.priority}


def exact(priority: int | Decimal) -> bool:
    """At most 15 digits before the point and 6 after, so that every sum and every comparison stays exact."""
    if type(priority) is int:
        return abs(priority) < MAX_PRIORITY
    if not isinstance(priority, Decimal) or not priority.is_finite():
        return False
    places = priority.as_tuple().exponent
    return isinstance(places, int) and places >= -MAX_DECIMALS and priority.adjusted() < MAX_DIGITS
