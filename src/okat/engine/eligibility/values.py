"""The values that facts take, and the arithmetic of ages and distances that the readings share by definition.

Ages are completed years. Someone born on 29 February completes a year on 29 February, or on 1 March where the
year has none; this is the convention of this software, not a claim about any law.
"""

import calendar
import enum
import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from okat.engine.eligibility.errors import FactError

EARTH_KM = 6371.0088  # mean radius of the Earth (IUGG), kilometres
MAX_YEARS = 150
MAX_KM = 20_000  # just under half the way round the Earth, where "within" stops to mean anything
MAX_DIGITS = 15  # a double holds 15 decimal digits exactly, so columns of doubles compare like decimals


class Tri(enum.StrEnum):
    """Kleene's three truth values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Known(enum.Enum):
    """What may be known of an optional fact short of its value: that it has one, or that there is none."""

    ABSENT = "absent"
    PRESENT = "present"


ABSENT = Known.ABSENT
PRESENT = Known.PRESENT


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date known only to lie between two days, both included: a birth year, a month, a year of the old
    calendar.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise FactError("span-reversed", "date", f"{self.first} comes after {self.last}", "Swap the two days")

    @classmethod
    def of_year(cls, year: int) -> "DateSpan":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_month(cls, year: int, month: int) -> "DateSpan":
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the Earth, in degrees (WGS 84)."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise FactError(
                "point-range",
                "point",
                f"({self.lat}, {self.lon}) is not on the Earth",
                "Give latitude -90..90, then longitude -180..180",
            )


Value = bool | int | Decimal | str | frozenset[str] | date | DateSpan | Point | Known


def span(value: date | DateSpan) -> tuple[date, date]:
    """First and last day that a full or partial date allows."""
    return (value.first, value.last) if isinstance(value, DateSpan) else (value, value)


def completed_years(birth: date, at: date) -> int:
    """Age in completed years; negative before birth."""
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


def latest_birth(years: int, at: date) -> date:
    """The latest birth date of someone who has completed `years` years on the day `at`."""
    year = at.year - years
    if at.month == 2 and at.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return at.replace(year=year)


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula (Sinnott 1984)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def haversine_limit(km: Decimal) -> float:
    """The value of the haversine at `km`: columns compare with it and spare an arcsine per row."""
    return math.sin(float(km) / (2 * EARTH_KM)) ** 2


def fits_double(value: Decimal) -> bool:
    """Whether a decimal survives as a double: finite, at most 15 digits, of everyday size."""
    if not value.is_finite():
        return False
    digits = value.normalize().as_tuple()
    exponent = int(digits.exponent)
    return len(digits.digits) <= MAX_DIGITS and -9 <= exponent <= MAX_DIGITS
