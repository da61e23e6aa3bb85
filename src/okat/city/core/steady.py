"""A number of people as it was last told: no two versions of it are one to nine people apart. Pure.

What is told is a whole ten. A sum or a difference of told numbers, of one version or of many, is then a whole ten too:
whoever subtracts parts from a whole that was told on another day is left with no one to nine people either. A number is
told anew only where ten people more or fewer are counted than when it was told, and never at a count within nine of an
earlier one: it then goes back to what was told at that time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

SMALLEST = 10


def in_tens(count: int) -> int | None:
    """The whole tens of a figure that changes while somebody looks on (people ask, policies are tried); None under ten,
    and where there is nobody too: else the first would be told of."""
    return count - count % SMALLEST or None


def said_in_tens(count: int) -> str:
    """The same as whoever may not know the people reads it."""
    found = in_tens(count)
    return _("under ten") if found is None else f"{found:,}+"


@dataclass(frozen=True)
class Counted:
    """How many people there are now; told from `least` on. `more` is what is told of them beside their number (a mean,
    a median); it is drawn with the number and stands as long."""

    people: int
    least: int = SMALLEST
    more: Any = None


@dataclass(frozen=True)
class Figure:
    """`was`: (people, more) of each time at which another number was told, ten or more people from each other; `at`:
    which of them is told, None while it is held back (fewer than `least`; nobody is held back too)."""

    was: Sequence[tuple[int, Any]] = ()
    at: int | None = None

    @property
    def told(self) -> int | None:
        return None if self.at is None else tens(self.was[self.at][0])

    @property
    def more(self) -> Any:
        return None if self.at is None else self.was[self.at][1]

    @property
    def data(self) -> dict[str, Any]:
        return {"was": [list(each) for each in self.was], "at": self.at}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Figure":
        return cls([(people, more) for people, more in data["was"]], data["at"])


def tens(people: int) -> int:
    """The nearest whole ten; five is rounded up."""
    return (people + SMALLEST // 2) // SMALLEST * SMALLEST


def anew(before: Figure, now: Counted) -> Figure:
    """What is told from this drawing on."""
    if before.at is not None and _near(before.was[before.at][0], now.people):
        return before
    if now.people < max(now.least, SMALLEST):
        return Figure(before.was, None)
    near = [place for place, (people, _more) in enumerate(before.was) if _near(people, now.people)]
    if near:
        return Figure(before.was, min(near, key=lambda place: abs(before.was[place][0] - now.people)))
    return Figure([*before.was, (now.people, now.more)], len(before.was))


def _near(one: int, other: int) -> bool:
    return abs(one - other) < SMALLEST


def within(part: int | None, whole: int | None) -> int | None:
    """A told part where it stands beside its told whole: each is a ten by itself and of a day of its own, so that a
    part may have been told larger."""
    return part if part is None or whole is None else min(part, whole)


def share(part: int | None, whole: int | None) -> float | None:
    """Percent of two told numbers; None where one is held back."""
    return None if part is None or not whole else min(100.0, 100 * part / whole)
