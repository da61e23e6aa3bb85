"""What is compared of a person, frozen."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from okat.engine.errors import ProblemError
from okat.engine.linkage.spelling import fold, sound, tidy


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date of which parts may be unknown. `year` is of the common era (B.E. minus 543), 1 to 9999.

    1 January is what offices write when only the year is known, so it is kept as the year alone.
    Raises ProblemError for parts out of range and for a day without its month. No calendar is consulted:
    an impossible day that two records share is still evidence.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        for name, value, last in (
            ("year", self.year, 9999),
            ("month", self.month, 12),
            ("day", self.day, 31),
        ):
            if value is not None and not 1 <= value <= last:
                raise ProblemError(f"birth {name} is {value}; give 1 to {last}, or nothing if it is unknown")
        if self.day is not None and self.month is None:
            raise ProblemError("birth day is given without its month; give both, or the year alone")
        if self.year is not None and (self.month, self.day) == (1, 1):
            object.__setattr__(self, "month", None)
            object.__setattr__(self, "day", None)

    @property
    def full(self) -> bool:
        return self.year is not None and self.day is not None

    @property
    def calendar_day(self) -> str:
        """Day and month in either order, so that a date written the other way round is the same key."""
        if self.month is None or self.day is None:
            return ""
        return f"{min(self.month, self.day)}-{max(self.month, self.day)}"


UNKNOWN = Birth()


class NameForms(NamedTuple):
    tidy: str
    fold: str
    sound: str


def forms(name: str) -> NameForms:
    """The forms of a name in which it is compared; all empty when there is nothing to compare."""
    tidied = tidy(name)
    folded = fold(tidied)
    return NameForms(tidied, folded, sound(folded))


@dataclass(frozen=True)
class PersonKey:
    """What is compared of one person; every field may be empty ("" or `UNKNOWN`), which is never evidence.

    given, family  without titles, as typed; any script
    birth          whole or in part
    sex            the city's code ("m", "f" ...), compared as it is
    house          one text per dwelling: the house-registration code, or area and house number in one wording
    phone          digits, in one wording
    pin            the keyed hash of the identity number, never the number
    """

    given: str = ""
    family: str = ""
    birth: Birth = UNKNOWN
    sex: str = ""
    house: str = ""
    phone: str = ""
    pin: str = ""

    @cached_property
    def given_forms(self) -> NameForms:
        return forms(self.given)

    @cached_property
    def family_forms(self) -> NameForms:
        return forms(self.family)
