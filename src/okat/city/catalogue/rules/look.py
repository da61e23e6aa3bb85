"""What somebody looks for, as it stands in an address. Unknown values are left out, never an error page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from okat.city.catalogue.rules import Family, Kind, Slot
from okat.city.catalogue.rules.reach import KM_PER_MINUTE
from okat.city.core.numbers import whole
from okat.thai.text import normalise

NEAR_KM = (5, 10, 30, 60)
COURSE_HOURS = (6, 30, 60, 100)  # interest groups have up to 30, occupational courses mostly up to 100
MAX_TEXT = 200


class Query(Protocol):
    """Django's QueryDict, as far as it is needed."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Look:
    """All conditions hold together. `area` and `near` are area codes; `near` orders by distance, and `km` or `minutes`
    on the way bound it; `venue` is a venue's number; `hours` is the most that a course may take.
    `formats` and `usable` (abilities) are hard conditions; with `ask`, what may meet them once the provider was asked.
    """

    text: str = ""
    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    area: str = ""
    near: str = ""
    km: int | None = None
    hours: int | None = None
    minutes: int | None = None
    partner: str = ""
    venue: str = ""
    free: bool = False
    no_papers: bool = False
    online: bool = False
    places: bool = False
    ask: bool = False
    credits: bool = False
    open_on: dt.date | None = None
    starts_from: dt.date | None = None
    starts_to: dt.date | None = None

    def address(self, **changes: object) -> str:
        """The query string of this look with some conditions changed."""
        return urlencode(replace(self, **changes).pairs())  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        found = [(name, value) for name, key in _LISTS.items() for value in getattr(self, key)]
        found += [(name, getattr(self, key)) for name, key in _TEXTS.items() if getattr(self, key)]
        found += [(name, "1") for name, key in _FLAGS.items() if getattr(self, key)]
        found += [(name, value.isoformat()) for name, key in _DATES.items() if (value := getattr(self, key))]
        return found + [(name, str(value)) for name in _NUMBERS if (value := getattr(self, name))]

    @property
    def within(self) -> float | None:
        """Kilometres from `near` at most."""
        said = [self.km, self.minutes and self.minutes * KM_PER_MINUTE]
        return min((km for km in said if km), default=None)

    @property
    def empty(self) -> bool:
        return not self.pairs()


_LISTS = {
    "for": "families",
    "kind": "kinds",
    "need": "needs",
    "format": "formats",
    "usable": "usable",
    "slot": "slots",
    "level": "levels",
}
_TEXTS = {"q": "text", "area": "area", "near": "near", "partner": "partner", "venue": "venue"}
_FLAGS = {
    "free": "free",
    "nopapers": "no_papers",
    "online": "online",
    "places": "places",
    "ask": "ask",
    "credits": "credits",
}
_NUMBERS = {"km": 500, "hours": 10_000, "minutes": 1000}  # and the most that each may be
_DATES = {"open": "open_on", "from": "starts_from", "to": "starts_to"}
_KNOWN: Mapping[str, frozenset[str]] = {
    "families": frozenset(Family), "kinds": frozenset(Kind), "slots": frozenset(Slot),
}  # fmt: skip


def read_look(query: Query) -> Look:
    """The conditions of an address."""
    values: dict[str, object] = {}
    for name, key in _LISTS.items():
        known = _KNOWN.get(key)
        given = [value[:60] for value in query.getlist(name)[:20] if value and "\x00" not in value]
        values[key] = tuple(dict.fromkeys(v for v in given if known is None or v in known))
    for name, key in _TEXTS.items():
        values[key] = normalise(query.get(name) or "")[:MAX_TEXT]
    for name, key in _FLAGS.items():
        values[key] = query.get(name) == "1"
    for name, key in _DATES.items():
        values[key] = _date(query.get(name) or "")
    for name, most in _NUMBERS.items():
        values[name] = whole(query.get(name), least=1, most=most)
    return Look(**values)  # type: ignore[arg-type]


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
