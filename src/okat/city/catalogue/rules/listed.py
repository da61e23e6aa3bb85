"""What an import makes of other programs' listings, besides rows. Pure."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow

LONGEST_KEY = 250


@dataclass(frozen=True)
class Meetings:
    """Meetings for an opportunity that is there already; nothing else of it changes. `listings`: of how many of the
    file's events or series they are."""

    opportunity: UUID
    rows: tuple[SessionRow, ...]
    listings: int = 1


@dataclass(frozen=True)
class Ending:
    """Its sender says that a known opportunity takes nobody any more (`closed`), or does not take place."""

    opportunity: UUID
    status: Status
    reason: str


Ready = OpportunityRow | Meetings | Ending


def rows_of(ready: Ready) -> int:
    """How many rows of the file it is."""
    return ready.listings if isinstance(ready, Meetings) else 1


def series_of(uid: str) -> str:
    """The series that a meeting belongs to: its name is the series' and its moment."""
    return uid.rpartition("/")[0] or uid


def short(uid: str) -> str:
    """A name as it stands, or its digest where it is longer than we keep."""
    return uid if len(uid) <= LONGEST_KEY else f"sha256:{hashlib.sha256(uid.encode()).hexdigest()}"
