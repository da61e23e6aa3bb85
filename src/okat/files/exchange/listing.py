"""One opportunity as another program tells it, whatever the format: plain words, days and meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from okat.files.office.errors import RowError

MOST_MEETINGS = 200  # of one listing, as many as its form takes: each day of a school year
AHEAD = dt.timedelta(days=731)  # meetings further away than two years are not written down yet


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; both moments aware. `uid` is the sender's name for it; `off`: it does not take place."""

    uid: str
    start: dt.datetime
    end: dt.datetime
    place: str = ""
    note: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`uid` is the sender's own identifier with the format before it; `file` and `row` say where it stands.

    `state`: active, inactive (takes nobody) or defunct (does not take place). `terms`: vocabulary, code and name of
    each word it carries. `more`: heading in Thai and text, for what has no field of its own. `age`: years, both ends
    included. `opportunity`: the identifier of one of our own opportunities whose meetings these are.
    """

    uid: str
    file: str
    row: int
    title: str
    other_title: str = ""
    description: str = ""
    state: str = "active"
    reason: str = ""
    terms: tuple[tuple[str, str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    age: tuple[int | None, int | None] = (None, None)
    cost: Decimal | None = None
    place: str = ""
    towns: tuple[str, ...] = ()
    postcode: str = ""
    lat: float | None = None
    lon: float | None = None
    online: bool = False
    funder: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    documents: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    meetings: tuple[Meeting, ...] = ()
    event: bool = False
    opportunity: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`rows` counts what was there to read; `files` gives the rows of each file of a package. With any error nothing
    of the file should go in."""

    kind: str
    rows: int
    listings: tuple[Listing, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    files: Mapping[str, int]
