"""When asks for something that is not there are enough to suggest opening it, and the arithmetic behind it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from okat.city.catalogue.rules import Kind
from okat.city.core.steady import SMALLEST, Counted

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
    """Enough asks for one need in one area, also those of visitors; weekly figures. `conditions`: format or ability ->
    people who wait, as far as that may be shown: that somebody in a small area needs Braille would say who."""

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


@dataclass(frozen=True)
class Enough:
    """Told of one need in one area: asks, also those of visitors, and conditions as of Suggestion."""

    need: str
    path: tuple[str, ...]
    asks: int
    conditions: Mapping[str, int]


def name_of(need: str, path: Sequence[str], what: str = "known") -> str:
    """Of a number: `known` are people who wait, `asks` all asks, `c:...` those who wait and named a condition,
    `w:...` those who wait and did not."""
    return "|".join((need, "/".join(path), what))


def count(asks: Iterable[Asked], depth: int, limits: Limits, near: Collection[str] = ()) -> dict[str, Counted]:
    """The numbers of each need by the area of this depth (province, district, sub-district). What is told for a nearer
    area (`near`, names) is left out, so that each ask counts once. A visitor's ask is counted with those who wait,
    never for them: whoever sends many would know how few the others are."""
    groups: dict[tuple[str, tuple[str, ...]], list[Asked]] = {}
    for ask in asks:
        if len(ask.path) >= depth and name_of(ask.need, ask.path[: depth + 1]) not in near:
            groups.setdefault((ask.need, ask.path[:depth]), []).append(ask)
    found = {}
    for (need, path), some in groups.items():
        known = [ask for ask in some if ask.known]
        found[name_of(need, path)] = Counted(len(known), limits.threshold)
        found[name_of(need, path, "asks")] = Counted(len(some), limits.threshold)
        for code in frozenset().union(*(ask.conditions for ask in known)):
            named = sum(code in ask.conditions for ask in known)
            found[name_of(need, path, f"c:{code}")] = Counted(named)
            found[name_of(need, path, f"w:{code}")] = Counted(len(known) - named)
    return found


def enough(numbers: Mapping[str, int]) -> list[Enough]:
    """What is told, where those who wait are. A condition stands only where ten or more were counted who are
    without it (a difference of told tens may be one person), and where that shows: else all would be of it."""
    found = []
    for name, known in numbers.items():
        need, path, what = name.split("|")
        if what != "known":
            continue
        start = name_of(need, (path,), "c:")
        conditions = {
            each.removeprefix(start): number
            for each, number in numbers.items()
            if each.startswith(start)
            and known - number >= SMALLEST
            and name_of(need, (path,), f"w:{each.removeprefix(start)}") in numbers
        }
        asks = max(known, numbers.get(name_of(need, (path,), "asks"), 0))
        found.append(Enough(need, tuple(path.split("/")), asks, conditions))
    return found


def suggest(
    groups: Iterable[Enough], shares: Iterable[Shared], hours: Mapping[str, Decimal], limits: Limits
) -> list[Suggestion]:
    """`hours`: the usual hours of a course for a need. The most asked for stands first."""
    given = list(shares)
    found = [
        Suggestion(
            one.need, one.path[-1], one.asks, one.conditions, hours.get(one.need, limits.hours),
            _near(given, "teacher-hours", one.path), _near(given, "room-hours", one.path),
        )
        for one in groups
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.asks, one.need, one.area))


def _near(shares: Iterable[Shared], resource: str, path: tuple[str, ...]) -> list[Shared]:
    """What is shared in the area, in one that holds it, or in one that lies in it."""
    near = [
        one for one in shares
        if one.resource == resource and one.left > 0
        and (one.path[: len(path)] == path[: len(one.path)])
    ]  # fmt: skip
    return sorted(near, key=lambda one: (-one.left, one.partner))
