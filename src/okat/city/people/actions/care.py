"""Needs, visits and evidence."""

import base64
import datetime as dt
import hashlib
import secrets
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import lock_person
from okat.city.people.actions._telling import check_explicit
from okat.city.people.models import Evidence, Need, Person, Visit
from okat.city.people.rules import EvidenceKind, NeedStatus, PeopleError, VisitKind
from okat.city.taxonomy.models import Term, Vocabulary
from okat.files import durable, pictures

LARGEST_FILE = 6 * 1024 * 1024


@action
def add_need(*, person: Person, term: Term, by: User, partner: Partner | None = None, note: str = "") -> Need:
    """Note a need; one that is open already is given back as it is."""
    person = lock_person(person)
    if term.vocabulary != Vocabulary.NEED:
        raise PeopleError("need_unknown", _("This need is not among the city's words."))
    if term.sensitive:
        check_explicit(person, by)
    assert person.key is not None
    need, _fresh = Need.objects.get_or_create(
        person=person, term=term, status=NeedStatus.OPEN,
        defaults={
            "partner": partner, "by": by, "since": clock.now(), "note_sealed": person.key.seal(note) if note else None,
        },
    )  # fmt: skip
    audit.record(
        by=by, verb="people.add_need", subject=person, fields=["needs"], partner=partner.code if partner else ""
    )
    return need


@action
def close_need(*, need: Need, by: User, status: NeedStatus = NeedStatus.MET, partner: Partner | None = None) -> Need:
    """A need that is met, or gone."""
    person = lock_person(need.person)
    row = Need.objects.select_for_update(of=("self",), no_key=True).get(pk=need.pk)
    if row.status == NeedStatus.OPEN:
        row.status, row.closed_at = status, clock.now()
        row.save(update_fields=["status", "closed_at"])
    audit.record(
        by=by, verb="people.close_need", subject=person, fields=["needs"], reason=status,
        partner=partner.code if partner else "",
    )  # fmt: skip
    return row


@action
def record_visit(
    *, person: Person, kind: VisitKind, partner: Partner, by: User, note: str = "", next_on: dt.date | None = None,
    visit_id: UUID | None = None,
) -> Visit:  # fmt: skip
    """A visit or call that took place; the same id counts once."""
    person = lock_person(person)
    assert person.key is not None
    if next_on is not None and next_on < clock.today():
        raise PeopleError("next_visit", _("The next visit lies in the past. Check the date."))
    visit, _fresh = Visit.objects.get_or_create(
        id=visit_id or new_id(),
        defaults={
            "person": person, "kind": kind, "partner": partner, "by": by, "at": clock.now(), "next_on": next_on,
            "note_sealed": person.key.seal(note) if note else None,
        },
    )  # fmt: skip
    if visit.person_id != person.pk:
        raise PeopleError("id_taken", _("This visit was sent before for another person. Open the form again."))
    audit.record(by=by, verb="people.visit", subject=person, fields=["visits"], partner=partner.code)
    return visit


@action
def add_evidence(*, person: Person, kind: EvidenceKind, data: bytes, by: User) -> Evidence:
    """Keep a photo or signature, sealed with the person's key under a random name. JPEG, PNG or WebP, up to 6 MB;
    what the camera wrote beside the picture (the place, the time, the telephone) is left out."""
    person = lock_person(person)
    if len(data) > LARGEST_FILE:
        raise PeopleError("file_size", _("The photo is larger than 6 MB. Take it again in a smaller size."))
    try:  # what a browser claims that a file is, is not believed
        content_type, data = pictures.bare(data)
    except pictures.PictureError as error:
        raise PeopleError("file_type", _("Choose a photo (JPEG, PNG or WebP).")) from error
    assert person.key is not None
    name = f"people/{secrets.token_hex(24)}"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, person.key.seal(base64.b64encode(data).decode("ascii")))
    made = Evidence.objects.create(
        person=person, kind=kind, name=name, content_type=content_type, size=len(data), by=by, at=clock.now(),
        digest=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    audit.record(by=by, verb="people.evidence", subject=person, fields=["evidence"])
    return made
