"""Whether two records of one office may be of one person: of one name, with nothing that tells them apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from okat.thai.partial import PartialDate

T = TypeVar("T")

MOST = 300  # of one name so many are compared
_NEARLY = timedelta(days=366)  # a bare year was often reckoned from an age, and 1 January written for one


@dataclass(frozen=True, slots=True)
class Who:
    """What is known of somebody, "" for what is not. `name` is the whole name by its spelling and `sound` by its sound,
    without titles and what stands beside it; `given` and `family` are its parts, `place` the path of an area, `number`
    the hash of an identity number that can be right."""

    name: str
    sound: str
    given: str
    family: str
    nickname: str
    birth: PartialDate | None
    place: str
    phone: str
    number: str


def may_be_one(one: Who, other: Who) -> bool:
    """One name, and nothing that tells them apart; of a name that only resembles the other, or is a part of it, one
    telephone or one whole birth date too. What is not known tells nobody apart, and neither does another telephone."""
    if (one.number and other.number and one.number != other.number) or _born_apart(one.birth, other.birth):
        return False
    calls = bool(one.phone) and one.phone == other.phone
    if not (calls or one.place.startswith(other.place) or other.place.startswith(one.place)):
        return False
    if one.name and one.name == other.name:
        return True
    sure = calls or (_whole(one.birth) and _whole(other.birth) and one.birth == other.birth)
    return sure and _like(one, other)


def _like(one: Who, other: Who) -> bool:
    if one.sound and one.sound == other.sound:
        return True
    part = not (one.family and other.family) and bool(one.given) and one.given == other.given
    called = not (one.given and other.given) and bool(one.nickname) and one.nickname == other.nickname
    return part or called


def _whole(birth: PartialDate | None) -> bool:
    return birth is not None and birth.complete and (birth.month, birth.day) != (1, 1)


def _born_apart(one: PartialDate | None, other: PartialDate | None) -> bool:
    if one is None or other is None:
        return False
    bare = any(each.month is None or (each.month, each.day) == (1, 1) for each in (one, other))
    near = _NEARLY if bare else timedelta(0)
    return one.first() > other.last() + near or other.first() > one.last() + near


@dataclass
class Known(Generic[T]):
    """People by their names, to be found among many."""

    _by_key: dict[str, list[tuple[Who, T]]] = field(default_factory=dict)

    def add(self, who: Who, what: T) -> None:
        for key in _keys(who):
            rows = self._by_key.setdefault(key, [])
            if len(rows) < MOST:
                rows.append((who, what))

    def like(self, who: Who) -> Iterator[T]:
        """What was noted of each who may be this one, in the order in which they came."""
        told: set[int] = set()
        for key in _keys(who):
            for other, what in self._by_key.get(key, ()):
                if id(other) not in told and may_be_one(who, other):
                    told.add(id(other))
                    yield what


def _keys(who: Who) -> Iterator[str]:
    """Whoever may be one has one of these in common."""
    if who.sound:
        yield who.sound
    sure = [who.phone, who.birth.isoformat() if who.birth is not None and _whole(who.birth) else ""]
    for fact in filter(None, sure):
        yield from (f"{fact}|{kind}|{name}" for kind, name in (("given", who.given), ("nick", who.nickname)) if name)
