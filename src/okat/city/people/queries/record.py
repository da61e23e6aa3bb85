"""Opening one record, which is itself recorded; and who has done so."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.models import AuditEntry
from okat.city.core.permissions import Permission
from okat.city.core.refusals import ClosedError, OverError
from okat.city.core.registries import EXPORT
from okat.city.partners.models import Partner
from okat.city.people.models import BreakGlass, Person
from okat.city.people.queries.joining import one_human
from okat.city.people.queries.scope import may_act_for, opening_partner, seeing_partner, visible_to
from okat.city.people.rules import Disability, Status
from okat.thai.partial import PartialDate

READS = ("people.read", "people.break_glass", "people.export", "people.print", "people.suggested")
SECTIONS = ("identity", "situation", "needs", "consents")


def open_person(user: User, person_id: UUID, *, why: str = "view", fields: Iterable[str] = SECTIONS) -> Person:
    """The person through the user's scope; the read is recorded (who, which kinds of fields, why).

    A merged record leads to the one that was kept. Raises Http404 where there is none or it is not in scope: the
    two look alike, so that nobody learns who is registered. Whoever had opened it in an emergency knows that, and
    reads that it is closed (ClosedError).
    """
    person = find_person(user, person_id)
    note_look(user, person, why=why, fields=fields)
    return person


def find_person(user: User, person_id: UUID) -> Person:
    """As `open_person`, before anything of the record is shown: whoever shows it notes the look."""
    rows = visible_to(user).select_related("key", "area__parent__parent", "household", "registered_by", "responsible")
    person = rows.filter(pk=person_id).first()
    if person is None:
        kept = Person.objects.filter(pk=person_id, status=Status.MERGED).values_list("merged_into", flat=True).first()
        person = rows.filter(pk=kept).first() if kept else None
    if person is None:
        opening = BreakGlass.objects.filter(user=user, person=person_id, until__lte=clock.now()).last()
        raise Http404("person") if opening is None else ClosedError(opening.until, opening.finding)
    return person


def note_look(user: User, person: Person, *, why: str, fields: Iterable[str] = SECTIONS) -> None:
    partner = seeing_partner(user, person) or opening_partner(user, person) if person.user_id != user.pk else None
    audit.record(
        by=user, verb="people.read", subject=person, fields=fields, partner=partner.code if partner else "", reason=why
    )


def open_to_act(
    user: User, person_id: UUID, permission: Permission, *, why: str, fields: Iterable[str] = SECTIONS
) -> Person:
    """As `open_person`, for whoever is about to begin something: raises PermissionDenied where they may only look, and
    where the person has died. Who is refused has seen nothing, and no look is noted."""
    person = find_person(user, person_id)
    if not may_act_for(user, person, permission):
        raise PermissionDenied(permission.name)
    refuse_dead(person)
    note_look(user, person, why=why, fields=fields)
    return person


def refuse_dead(person: Person) -> None:
    """Raises OverError."""
    if person.status == Status.DIED:
        raise OverError(reverse("people:person", args=[person.pk]))


def note_list(user: User, people: Iterable[Person]) -> None:
    """A list of names is a look at each of the records."""
    seen = list(people)
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen, fields=["identity"], reason="visits")


@dataclass(frozen=True)
class Access:
    """One look at a record: when, what was done, by whom and for which partner."""

    at: dt.datetime
    verb: str
    fields: tuple[str, ...]
    reason: str
    by: str
    partner: Partner | None


def accesses_of(person: Person, *, limit: int = 50) -> list[Access]:
    """Who has seen the record, newest first; the person's own looks are left out."""
    entries = _about(person).filter(verb__in=READS).exclude(actor_id=person.user_id or 0)
    return _told(list(entries.select_related("actor")[:limit]))


def timeline(person: Person, *, limit: int = 50) -> list[Access]:
    """What was done to the record (not who looked), newest first."""
    return _told(list(_about(person).exclude(verb__in=READS).select_related("actor")[:limit]))


def _about(person: Person) -> QuerySet[AuditEntry]:
    """Of the record, and of those joined into it: they are one person."""
    return audit.about_all([Person(pk=pk) for pk in one_human(person.pk)])


def _told(entries: list[AuditEntry]) -> list[Access]:
    partners = {p.code: p for p in Partner.objects.filter(code__in={e.partner_code for e in entries})}
    return [
        Access(
            e.at, e.verb, tuple(e.fields), e.reason_code, str(e.actor) if e.actor else "", partners.get(e.partner_code)
        )
        for e in entries
    ]


def export_of(user: User, person: Person) -> dict[str, Any]:
    """All that every app holds of a person, by app; that it was taken out is recorded."""
    audit.record(by=user, verb="people.export", subject=person, fields=("all",), reason="mine")
    return {name: export(person.pk) for name, export in EXPORT}


def value_of(person: Person, name: str) -> Any:
    """The present value of a field by its name in PinRow, in the shape it has there; sealed ones opened."""
    if name == "birth":
        return PartialDate.from_iso(person.birth) if person.birth else None
    if name == "pin":
        return person.unseal(person.pin_sealed) or ""
    if name in {"disabilities", "disability_card"}:
        care = person.unseal(person.care_sealed) or {"disabilities": [], "card": None}
        found = tuple(Disability(*pair) for pair in care["disabilities"])
        return found if name == "disabilities" else care["card"]
    value = getattr(person, name)
    return tuple(value) if name == "situations" else value
