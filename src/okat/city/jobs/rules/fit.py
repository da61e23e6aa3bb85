"""How well work suits somebody: the catalogue's own parts (way, times) and three of work. At most 100 points:

    skills      40   the share of the skills that the job asks for which the person has; 40 where it asks for none
    way         30   the catalogue's part: at home 30, else 30 at the door down to 0 at 30 km, 10 where unknown; who
                     would live there has 30 with lodging free of charge, at least 20 with lodging that one pays for
    conditions  20   the share of the person's own conditions (hours, strength, distance) that hold; what the job does
                     not say counts half; 20 without conditions
    times       10   the catalogue's part: when the person can come

A condition that must hold rules a job out where it fails, and asks the employer where the job does not say it.
Everything else only moves the order. Equal points: as in the catalogue.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from okat.city.jobs.rules import Lodging, Strength

SKILLS, WAY, CONDITIONS, TIMES = 40, 30, 20, 10
PAID_LODGING = 20  # points of the way at least, where one pays for lodging
ORDER = (Strength.LIGHT, Strength.MIDDLE, Strength.HEAVY)


class Name(StrEnum):
    """What somebody may make a condition."""

    HOURS = "hours"
    STRENGTH = "strength"
    KM = "km"


@dataclass(frozen=True, slots=True)
class Offer:
    """One job as far as the order goes; see models.Work. Empty means that it is not said."""

    needed: tuple[str, ...] = ()
    hours: Decimal | None = None
    lodging: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Seeker:
    """What somebody can do and wants: `hours` in a week at most, `strength` at most, `km` at most; `must`: which of
    these rule a job out; `move`: would live where the work is."""

    skills: frozenset[str] = frozenset()
    hours: int | None = None
    strength: str = ""
    km: int | None = None
    must: frozenset[Name] = frozenset()
    move: bool = False


class Weighed(NamedTuple):
    """The parts of the sum; the skills that are there and those that lack; hard conditions that fail, and those that
    the job does not say."""

    skills: int
    way: int
    conditions: int
    times: int
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    broken: tuple[Name, ...]
    unsaid: tuple[Name, ...]

    @property
    def total(self) -> int:
        return self.skills + self.way + self.conditions + self.times


def weigh(offer: Offer, seeker: Seeker, *, way: int, times: int, km: float | None) -> Weighed:
    """`way`, `times` and `km` are the catalogue's parts and distance (None: unknown, or no way to go)."""
    has = tuple(code for code in offer.needed if code in seeker.skills)
    lacks = tuple(code for code in offer.needed if code not in seeker.skills)
    skills = round(SKILLS * len(has) / len(offer.needed)) if offer.needed else SKILLS
    checked = list(_conditions(offer, seeker, km, near=way == WAY))
    halves = sum({True: 2, None: 1, False: 0}[holds] for _name, holds in checked)
    conditions = round(CONDITIONS * halves / (2 * len(checked))) if checked else CONDITIONS
    hard = [(name, holds) for name, holds in checked if name in seeker.must]
    return Weighed(
        skills, _way(way, offer, seeker), conditions, times, has, lacks,
        tuple(name for name, holds in hard if holds is False), tuple(name for name, holds in hard if holds is None),
    )  # fmt: skip


def _way(way: int, offer: Offer, seeker: Seeker) -> int:
    if not seeker.move:
        return way
    least = {Lodging.FREE.value: WAY, Lodging.PAID.value: PAID_LODGING}.get(offer.lodging, 0)
    return max(way, least)


def _conditions(offer: Offer, seeker: Seeker, km: float | None, *, near: bool) -> Iterator[tuple[Name, bool | None]]:
    """Each condition of the person and whether it holds; None: the job does not say."""
    if seeker.hours is not None:
        yield Name.HOURS, None if offer.hours is None else offer.hours <= seeker.hours
    if seeker.strength:
        said = Strength(offer.strength) if offer.strength else None
        yield Name.STRENGTH, None if said is None else ORDER.index(said) <= ORDER.index(Strength(seeker.strength))
    if seeker.km is not None:
        lives_there = seeker.move and offer.lodging in (Lodging.FREE, Lodging.PAID)
        yield Name.KM, True if lives_there or near else None if km is None else km <= seeker.km
