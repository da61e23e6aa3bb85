"""Erasing a person, and handing out what is held of them; called by the rights screens through the registries."""

import contextlib
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from okat.city.core import clock
from okat.city.core.models import DataKey
from okat.city.core.outbox import take_back
from okat.city.notices.queries import told_of
from okat.city.people.actions._account import asking
from okat.city.people.actions._build import PERSONAL
from okat.city.people.actions._slips import end_unread
from okat.city.people.models import (
    Answers,
    CodeSlip,
    Consent,
    Evidence,
    Grant,
    LifeEvent,
    LinkRequest,
    Merge,
    Need,
    Person,
    PersonKey,
    PhoneCheck,
    Slip,
    Visit,
)
from okat.city.people.queries import files
from okat.city.people.queries.by_law import bases_of
from okat.city.people.queries.consents import consents_of
from okat.city.people.queries.joining import joined_into, one_human
from okat.city.people.rules import Status

TAKEN = (LifeEvent, PersonKey, Answers, Visit, Need, PhoneCheck, Slip, CodeSlip, LinkRequest)


def erase(person_id: UUID) -> int:
    """Destroy the keys of a person and of the records merged into them, blank the plain columns and delete the rows
    that hold nothing else. What remains is a grey row that the trail and the counts can rest on."""
    ids = one_human(person_id)
    people = list(Person.objects.filter(pk__in=ids))
    for name in Evidence.objects.filter(person__in=ids).values_list("name", flat=True):
        with contextlib.suppress(FileNotFoundError):
            (Path(settings.MEDIA_ROOT) / name).unlink()
    Grant.objects.filter(person__in=ids, ended_at=None).update(ended_at=clock.now())
    end_unread(asking(LinkRequest.objects.filter(person__in=ids, answered_at=None)), None)
    told_of(ids).delete()
    take_back(Q(kind="people.told", params__person__in=[str(pk) for pk in ids]))
    rows = sum(model.objects.filter(person__in=ids).delete()[0] for model in TAKEN)
    Consent.objects.filter(person__in=ids).update(witness_sealed=None, evidence=None)
    Evidence.objects.filter(person__in=ids).delete()
    keys = [person.key_id for person in people if person.key_id]
    for person in people:
        _blank(person)
    DataKey.objects.filter(pk__in=keys).delete()
    Merge.objects.filter(Q(kept__in=ids) | Q(gone__in=ids)).update(moved={}, own_sealed=None)
    return rows + len(people)


def _blank(person: Person) -> None:
    for name in (*PERSONAL, "pin_hash", "pin_flag", "sort", "find"):
        field = Person._meta.get_field(name)
        setattr(person, name, None if field.null else [] if name == "situations" else "")
    person.birth_first = person.birth_last = None
    person.sealed = person.pin_sealed = person.care_sealed = None
    person.key = person.user = person.household = person.responsible = None
    person.status = Status.ERASED
    person.version += 1
    person.save()


def export(person_id: UUID) -> Mapping[str, Any]:
    """Everything that this app holds of a person, opened, as plain JSON values."""
    person = Person.objects.select_related("key", "area", "household", "registered_by").get(pk=person_id)
    return {
        **{name: getattr(person, name) for name in PERSONAL},
        "identity_number": person.unseal(person.pin_sealed) or "",
        "care": person.unseal(person.care_sealed) or {},
        "area": person.area.code, "papers": person.papers, "registered_by": person.registered_by.code,
        "registered_at": person.created_at.isoformat(),
        "house": person.household.house if person.household else "",
        "also_known": [_also(other) for other in joined_into(person)],
        "needs": [
            {"need": n.term.code, "status": n.status, "since": _day(n.since), "note": person.unseal(n.note_sealed)}
            for n in person.needs.select_related("term")
        ],
        "consents": [
            {
                "purpose": c.purpose, "recipient": c.recipient.code, "sensitive": c.sensitive, "how": c.how,
                "witness": person.unseal(c.witness_sealed) or "",
                "at": c.at.isoformat(), "withdrawn_at": c.withdrawn_at.isoformat() if c.withdrawn_at else None,
                "words": c.__dict__["said"], "language": c.__dict__["language"],
                "version": c.terms, "sha256": c.words_id,
            }
            for c in consents_of(person)
        ],
        "by_law": [
            {"office": b.partner.code, "law": b.law, "since": b.since.isoformat(),
             "until": b.until.isoformat() if b.until else None, "why": person.unseal(b.why_sealed)}
            for b in bases_of(person)
        ],
        "answers": [
            {"questionnaire": str(a.questionnaire), "at": a.at.isoformat(), "answers": person.unseal(a.sealed)}
            for a in person.answers.select_related("questionnaire")
        ],
        "changes": [
            {"at": e.at.isoformat(), "what": e.kind, "taken_back": e.mended_at is not None}
            for e in person.life_events.all()
        ],
        "files": files.export(person),
        "visits": [
            {"at": v.at.isoformat(), "kind": v.kind, "note": person.unseal(v.note_sealed)} for v in person.visits.all()
        ],
    }  # fmt: skip


def _also(other: Person) -> dict[str, Any]:
    """What a record said that was joined with this one."""
    return {
        **{name: getattr(other, name) for name in PERSONAL}, "area": other.area.code,
        "identity_number": other.unseal(other.pin_sealed) or "", "care": other.unseal(other.care_sealed) or {},
    }  # fmt: skip


def _day(moment: dt.datetime) -> str:
    return moment.isoformat()


def load_city(*, city: Any, by: Any) -> str:
    """The city folder's questionnaires."""
    from okat.city.people.actions.answers import load_questionnaires

    folder = city.folder / "questionnaires"
    found = load_questionnaires(folder=folder, by=by) if folder.is_dir() else []
    return f"{len(found)} questionnaires"
