"""Who of those whom the reader may see may be the person that is typed. Of others nothing is told, whatever is typed:
an answer that came for the right guess alone would say that somebody is registered, and when they were born."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.people import queries, rules, solve
from okat.city.people.forms.fields import lang
from okat.city.people.models import Person
from okat.city.people.queries.search import pin_hash
from okat.thai import dates, phone
from okat.thai.errors import ThaiValueError
from okat.thai.partial import AgeRange, PartialDate
from okat.thai.pin import parse_pin


@dataclass(frozen=True)
class Resembling:
    """One candidate."""

    person: Person
    age: AgeRange | None
    likely: bool
    why: str


def resembling(user: User, typed: Mapping[str, Any], besides: UUID | None = None) -> list[Resembling]:
    """The best candidates, best first; that they were shown is recorded, as a look at each of them. `besides` leaves
    out what an earlier sending of the same form saved. Likely doubles out of sight are noted once the pin is saved."""
    return _told(user, _draft(typed), besides)


def doubles_of(user: User, person: Person) -> list[Resembling]:
    """Records that resemble one that is there, among those whom the reader may see."""
    return _told(user, person, person.pk)


def _told(user: User, draft: Person, besides: UUID | None) -> list[Resembling]:
    """The best of those in sight: whoever is out of sight takes nobody's place either."""
    found = solve.alike(solve.compared(draft), lang(), besides=besides, limit=None)
    if not found:
        return []
    seen = set(queries.visible_to(user).filter(pk__in=[a.person.pk for a in found]).values_list("pk", flat=True))
    shown = [a for a in found if a.person.pk in seen][: solve.SHOWN]
    if shown:
        audit.record_many(by=user, verb="people.suggested", subjects=[a.person for a in shown], fields=["identity"])
    today = clock.today()
    return [Resembling(a.person, rules.age_of(a.person.birth, today), a.band == "likely", a.why) for a in shown]


def _draft(typed: Mapping[str, Any]) -> Person:
    """An unsaved person of what is typed so far; what cannot be read yet is left out."""
    draft = Person(
        given=str(typed.get("given") or typed.get("nickname") or "")[:120],
        family=str(typed.get("family") or "")[:120],
        sex=str(typed.get("sex") or "")[:1],
        phone=_phone(typed.get("phone")),
        pin_hash=_number(typed.get("pin")),
    )
    draft.birth = _birth(typed.get("birth"))
    return draft


def _phone(value: Any) -> str:
    try:
        return phone.parse_phone(str(value)).number if value else ""
    except ThaiValueError:
        return ""


def _number(value: Any) -> str:
    try:
        return pin_hash(getattr(value, "digits", "") or parse_pin(str(value)).digits) if value else ""
    except ThaiValueError:
        return ""


def _birth(value: Any) -> str:
    try:
        known = value if isinstance(value, PartialDate) else dates.parse_date(str(value)) if value else None
    except ThaiValueError:
        return ""
    return known.isoformat() if known else ""
