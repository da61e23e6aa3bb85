"""When asks for something that is not there are enough to suggest opening it, and the arithmetic behind it. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from okat.city.catalogue.rules import Kind
from okat.city.catalogue.rules.reach import SMALLEST

# What an office most likely opens for a need, by the need or the one above it; it may choose another kind.
KIND_FOR: Mapping[str, Kind] = {
    "learn-basic": Kind.BASIC_LOWER, "literacy": Kind.LITERACY, "drought": Kind.COMMUNITY_PROBLEM,
    "flood": Kind.COMMUNITY_PROBLEM, "job": Kind.TRAINING, "education": Kind.INTEREST, "occupation": Kind.OCCUPATION,
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """From how many people who wait a course is suggested, for how many months an ask counts, hours where none are
    known."""

    threshold: int = 12
    months: int = 12
    hours: Decimal = Decimal(30)

    def __post_init__(self) -> None:
        if self.threshold < SMALLEST:
            raise ValueError(f"threshold must be {SMALLEST} or more: a group under {SMALLEST} is never shown")
        if self.months < 1 or self.hours <= 0:
            raise ValueError("months and hours must be above 0")


@dataclass(frozen=True)
class Asked:
    """One ask. `path`: the chain of area codes from the province down; `known`: of somebody who waits to be told, who
    counts once."""

    need: str
    path: tuple[str, ...]
    formats: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()
    known: bool = True

    @property
    def conditions(self) -> frozenset[str]:
        return frozenset((*self.formats, *self.usable))


@dataclass(frozen=True)
class Shared:
    """Free teacher or room hours of a partner; `path` as in Asked, empty: anywhere."""

    partner: str
    resource: str
    title: str
    left: Decimal
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """Enough asks for one need in one area, also those of visitors. `conditions`: format or ability -> people who wait,
    as far as that may be shown: that somebody in a small area needs Braille would say who."""

    need: str
    area: str
    asks: int
    conditions: Mapping[str, int]
    hours: Decimal
    teachers: Sequence[Shared] = field(default=())
    rooms: Sequence[Shared] = field(default=())

    @property
    def teacher_hours(self) -> Decimal:
        return sum((one.left for one in self.teachers), Decimal(0))

    @property
    def room_hours(self) -> Decimal:
        return sum((one.left for one in self.rooms), Decimal(0))

    @property
    def courses(self) -> int:
        """How many courses of these hours the free hours of teachers and rooms carry."""
        return int(min(self.teacher_hours, self.room_hours) // self.hours)

    @property
    def named(self) -> list[str]:
        """The conditions that were asked for."""
        return sorted(self.conditions)


def suggest(
    asks: Iterable[Asked], shares: Iterable[Shared], hours: Mapping[str, Decimal], limits: Limits,
    conditions: Callable[[Sequence[Asked]], Mapping[str, int]],
) -> list[Suggestion]:  # fmt: skip
    """Sub-districts with enough people who wait first; what is left over counts for the district, so that each ask
    counts once. A visitor's ask is counted with them, never for them: whoever sends many would know how few the others
    are.

    `hours`: the usual hours of a course for a need; `conditions`: what of them may be shown. The most asked for stands
    first."""
    given, left = list(shares), list(asks)
    found: list[Suggestion] = []
    for depth in (3, 2):  # province, district, sub-district
        groups: dict[tuple[str, str], list[Asked]] = {}
        for ask in left:
            if len(ask.path) >= depth:
                groups.setdefault((ask.need, ask.path[depth - 1]), []).append(ask)
        enough = {key: some for key, some in groups.items() if sum(ask.known for ask in some) >= limits.threshold}
        for (need, area), some in enough.items():
            length = hours.get(need, limits.hours)
            found.append(Suggestion(
                need, area, len(some), conditions([ask for ask in some if ask.known]), length,
                _near(given, "teacher-hours", some[0].path[:depth]), _near(given, "room-hours", some[0].path[:depth]),
            ))  # fmt: skip
        left = [ask for ask in left if len(ask.path) < depth or (ask.need, ask.path[depth - 1]) not in enough]
    return sorted(found, key=lambda one: (-one.asks, one.need, one.area))


def _near(shares: Iterable[Shared], resource: str, path: tuple[str, ...]) -> list[Shared]:
    """What is shared in the area, in one that holds it, or in one that lies in it."""
    near = [
        one for one in shares
        if one.resource == resource and one.left > 0
        and (one.path[: len(path)] == path[: len(one.path)])
    ]  # fmt: skip
    return sorted(near, key=lambda one: (-one.left, one.partner))
