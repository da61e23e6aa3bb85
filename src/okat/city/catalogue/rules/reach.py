"""Free places that somebody can reach and use: how far is how long, and what of an area may be shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from okat.city.catalogue.rules.ranking import distance_km

KM_PER_MINUTE = 0.5  # 30 km an hour from door to door, by motorcycle or shared pick-up; said on the page
MINUTES = (15, 30, 60)
SMALLEST = 10  # a group under ten is never shown


@dataclass(frozen=True)
class Place:
    """A venue or another spot with what is free there: opportunities, places of those that tell how many, how many of
    them have no limit, and how many have some and do not tell."""

    key: str
    th: str
    en: str
    area: str
    lat: float | None
    lon: float | None
    offers: int
    seats: int
    unlimited: int
    some: int = 0


@dataclass(frozen=True)
class Reached:
    """A place as seen from where a visitor is; `km` as the crow flies, None where that is not said."""

    place: Place
    km: float | None

    @property
    def minutes(self) -> int | None:
        return None if self.km is None else max(1, round(self.km / KM_PER_MINUTE))


def reached(places: Iterable[Place], here: tuple[float, float] | None, minutes: int | None) -> list[Reached]:
    """The nearest first; with `minutes`, those within that time. Without a point all of them, the most places first."""
    found = [Reached(place, _km(place, here)) for place in places]
    if here is None:
        return sorted(found, key=lambda one: (-one.place.seats, one.place.th))
    if minutes is not None:
        found = [one for one in found if one.km is not None and one.km <= minutes * KM_PER_MINUTE]
    return sorted(found, key=lambda one: (one.km if one.km is not None else 1e6, one.place.th))


def _km(place: Place, here: tuple[float, float] | None) -> float | None:
    if here is None or place.lat is None or place.lon is None:
        return None
    return distance_km(*here, place.lat, place.lon)


@dataclass(frozen=True)
class AreaFigures:
    """One area of the city team's table; None: held back, because fewer than ten people are behind it."""

    code: str
    people: int | None
    seats: int
    per_hundred: float | None
    without: int | None


def protected(code: str, people: int, seats: int, score: float, without: int) -> AreaFigures:
    """What of an area may be shown. `score`: free places for each person; `without`: people who reach none."""
    if people < SMALLEST:
        return AreaFigures(code, None, seats, None, None)
    # A share that is nearly none or nearly all tells of the few that are left.
    few = 0 < without < SMALLEST or 0 < people - without < SMALLEST
    return AreaFigures(code, people, seats, round(100 * score, 1), None if few else without)
