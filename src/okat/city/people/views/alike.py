"""Who of the whole register may be the person that is typed; those out of scope show without their name."""

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
    """One candidate; `person` is None where the reader may not see them."""

    person: Person | None
    age: AgeRange | None
    likely: bool
    why: str


def resembling(user: User, typed: Mapping[str, Any], besides: UUID | None = None) -> list[Resembling]:
    """The best candidates, best first; that they were suggested is recorded. Out of scope only the likely ones show,
    without saying whose record it is. `besides` leaves out what an earlier sending of the same form saved."""
    return _told(user, _draft(typed), besides)


def doubles_of(user: User, person: Person) -> list[Resembling]:
    """Records that resemble one that is there, among those whom the reader may see."""
    return [one for one in _told(user, person, person.pk) if one.person is not None]


def _told(user: User, draft: Person, besides: UUID | None) -> list[Resembling]:
    found = solve.alike(solve.compared(draft), lang(), besides=besides)
    if not found:
        return []
    audit.record_many(by=user, verb="people.suggested", subjects=[a.person for a in found], fields=["identity"])
    people = [a.person.pk for a in found]
    seen = set(queries.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    today = clock.today()
    known = [
        Resembling(a.person, rules.age_of(a.person.birth, today), a.band == "likely", a.why)
        for a in found
        if a.person.pk in seen
    ]
    elsewhere = any(a.band == "likely" and a.person.pk not in seen for a in found)
    return [*known, *([Resembling(None, None, True, "")] if elsewhere else [])]


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
