"""Plain values from which opportunities are made: forms, imports and the demo all hand these in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from okat.city.catalogue.rules import Per


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One meeting; both moments aware. `venue` is a venue's id, `uid` what it is called where it came from; `off`: its
    sender says that it does not take place; `known`: which stored meeting this is, where its writer was shown it."""

    start: dt.datetime
    end: dt.datetime
    venue: int | None = None
    note: str = ""
    uid: str = ""
    off: bool = False
    known: int | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """What a partner puts in. `resource` is a term's code."""

    partner: str
    resource: str
    unit: str
    planned: Decimal
    used: Decimal = Decimal(0)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRow:
    """All that a partner says of one opportunity. Codes for partners, area and terms; see models.Opportunity.

    `key` names the row within its partner, so that handing it in again changes the same opportunity. `beside`: what an
    app above keeps about it, so that a row in which only that changed counts as changed.
    """

    provider: str
    area: str
    kind: str
    title_th: str
    title_en: str = ""
    summary_th: str = ""
    summary_en: str = ""
    about_th: str = ""
    about_en: str = ""
    needs: tuple[str, ...] = ()
    access: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rule: dict[str, Any] | None = None
    rule_note: str = ""
    needs_papers: bool = False
    capacity: int | None = None
    reserves: tuple[dict[str, Any], ...] = ()
    priority: tuple[dict[str, Any], ...] = ()
    venue: int | None = None
    lat: float | None = None
    lon: float | None = None
    online: bool = False
    place_note: str = ""
    slots: tuple[str, ...] = ()
    level: str = ""
    credits: Decimal | None = None
    hours: Decimal | None = None
    cost: Decimal = Decimal(0)
    stipend: Decimal | None = None
    amount: Decimal | None = None
    amount_per: str = Per.ONCE.value
    funder: str = ""
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    documents: tuple[dict[str, str], ...] = ()
    contact: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    sessions: tuple[SessionRow, ...] = ()
    pledges: tuple[PledgeRow, ...] = ()
    beside: Any = None
    key: str = ""
    id: UUID | None = None


# The columns that are copied as they are from a row to the table.
PLAIN = (
    "kind", "title_th", "title_en", "summary_th", "summary_en", "about_th", "about_en", "rule", "rule_note",
    "needs_papers", "capacity", "online", "place_note", "level", "credits", "hours", "cost", "stipend", "amount",
    "amount_per", "opens_on", "closes_on", "starts_on", "ends_on", "contact", "phone", "email", "url",
)  # fmt: skip
