"""A date of which only the year, or year and month, may be known. Years here are C.E.; ISO 8601 in data."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from okat.thai.errors import ThaiValueError

BE_OFFSET = 543
# From 1889 the Thai year began on 1 April; the year B.E. 2484 was the first to begin on 1 January (1941).
FIRST_JANUARY_YEAR = 1941

_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_ISO_APRIL = re.compile(r"(\d{4})-04/(\d{4})-03")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year. `april_year` marks a bare Thai year before B.E. 2484, which ran from 1
    April of `year` to 31 March of the next (B.E. 2483 ended on 31 December 1940).

    Raises ThaiValueError (date_impossible) for a day that is not in the calendar.
    """

    year: int
    month: int | None = None
    day: int | None = None
    april_year: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9998 or (self.day is not None and self.month is None):
            raise ThaiValueError("date_impossible", f"{self.year}-{self.month}-{self.day}")
        if self.april_year and (self.month is not None or self.year >= FIRST_JANUARY_YEAR):
            raise ThaiValueError("date_impossible", f"{self.year}-{self.month}")
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            raise ThaiValueError("date_impossible", f"{self.year}-{self.month}-{self.day}") from None

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """The whole date as a PartialDate."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """Reads what `isoformat` writes. Raises ThaiValueError (date_unreadable)."""
        april = _ISO_APRIL.fullmatch(text)
        if april and int(april[2]) == int(april[1]) + 1:
            return cls(int(april[1]), april_year=True)
        match = _ISO.fullmatch(text)
        if not match:
            raise ThaiValueError("date_unreadable", text)
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        return cls(year, month, day)

    def isoformat(self) -> str:
        """ "1937-03-05", "1937-03", "1937", or for a Thai year that began in April the interval
        "1937-04/1938-03"."""
        if self.april_year:
            return f"{self.year:04d}-04/{self.year + 1:04d}-03"
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def complete(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    def first(self) -> date:
        """The earliest day it may be."""
        return date(self.year, 4 if self.april_year else self.month or 1, self.day or 1)

    def last(self) -> date:
        """The latest day it may be."""
        if self.april_year and self.year < FIRST_JANUARY_YEAR - 1:
            return date(self.year + 1, 3, 31)
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def be_year(day: date) -> int:
    """The Buddhist year of a day: C.E. + 543, or + 542 for January to March before 1941."""
    old = day.year < FIRST_JANUARY_YEAR and day.month < 4
    return day.year + BE_OFFSET - (1 if old else 0)


def ce_year(be: int, month: int | None) -> int:
    """The C.E. year of a month in a Buddhist year: B.E. - 543, or - 542 for January to March up to B.E. 2483.

    Without a month it is the year in which the Buddhist year began.
    """
    old = month is not None and month < 4 and be < FIRST_JANUARY_YEAR + BE_OFFSET
    return be - BE_OFFSET + (1 if old else 0)


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Completed years, at least `low` and at most `high`; equal when the birth date decides it."""

    low: int
    high: int

    @property
    def exact(self) -> int | None:
        """The age when there is only one."""
        return self.low if self.low == self.high else None

    def about(self, said: int) -> bool:
        """Whether an age fits, a year more or less: offices count the year that runs, or wrote the list last year."""
        return self.low - 1 <= said <= self.high + 1


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age(birth: PartialDate | date, on: date) -> AgeRange:
    """Completed years on a day. Someone born on 29 February completes a year on 1 March of a common year.

    Raises ThaiValueError (birth_in_future) if no reading of the birth date lies on or before the day.
    """
    known = birth if isinstance(birth, PartialDate) else PartialDate.of(birth)
    if known.first() > on:
        raise ThaiValueError("birth_in_future", known.isoformat())
    return AgeRange(_years(min(known.last(), on), on), _years(known.first(), on))
