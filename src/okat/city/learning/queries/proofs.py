"""Certificates: their keys, their status lists, whose they are, and whether one holds."""

import functools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.numbers import whole
from okat.city.core.permissions import Permission
from okat.city.core.together import Together
from okat.city.learning.models import Credential, Enrolment, PassportLink, PublicKey, Turn
from okat.city.learning.queries.courses import with_beginning
from okat.city.learning.rules.proofs import WRONG_NAME
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person
from okat.city.people.queries.pages import own_record
from okat.city.people.rules import LIVING
from okat.files import credentials as ob

MOST_BYTES = 200_000


def base() -> str:
    return str(settings.SITE_URL).rstrip("/")


def issuer() -> str:
    """The city's name for signing; described at /learning/did.json."""
    return ob.did_web(urlsplit(base()).netloc, "learning")


def method(name: str) -> str:
    return f"{issuer()}#{name}"


def list_url(number: int) -> str:
    return f"{base()}/learning/status/{number}/"


def secret(name: str) -> ob.SigningKey:
    """Made from the key file. Raises KeyError where the file no longer holds it."""
    return ob.SigningKey(settings.KEYRING.certificate_seed(name), method(name))


def described() -> dict[str, Any]:
    """All public keys that were not called back, old ones too."""
    return ob.did_document(issuer(), {name: key.public for name, key in _keys().items() if key.revoked_at is None})


def known_keys() -> Mapping[str, ob.KnownKey]:
    return {method(name): key for name, key in _keys().items()}


def _keys() -> dict[str, ob.KnownKey]:
    """What was written down when it first signed, and the key file's newest, which may not have signed yet."""
    rows = {row.name: ob.KnownKey(row.public, row.revoked_at) for row in PublicKey.objects.all()}
    first = settings.KEYRING.first
    if first not in rows:
        rows[first] = ob.KnownKey(ob.public_of(settings.KEYRING.certificate_seed(first)))
    return rows


def status_list(number: int) -> dict[str, Any]:
    """The list as it stands now, signed with the newest key. Raises Http404 for a list that was never begun, and
    where the newest key was called back: a list that a thief could sign says nothing."""
    rows, first = Credential.objects.filter(list_number=number), settings.KEYRING.first
    if _keys()[first].revoked_at is not None or not rows.exists():
        raise Http404("status list")
    places = rows.exclude(revoked_at=None).values_list("place", flat=True)
    now = clock.now()
    return ob.sign(ob.status_credential(list_url(number), issuer(), places, at=now), secret(first), at=now)


def verdicts_of(data: bytes) -> list[ob.Verdict]:
    """Whether a file that somebody sent holds: of one certificate, or of each in a passport. A passport that was
    changed has one verdict for all of it."""
    try:
        document = json.loads(data.decode("utf-8")) if len(data) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        document = None
    keys, lists, now = known_keys().get, functools.cache(_list_at), clock.now()
    if not ob.is_presentation(document):
        return [ob.check(document, keys=keys, lists=lists, at=now)]
    try:
        return ob.check_presentation(document, keys=keys, lists=lists, at=now)
    except ob.CredentialError as fault:
        return [ob.Verdict(fault.code, fault.detail)]


def _list_at(url: str) -> dict[str, Any] | None:
    number = whole(url.removeprefix(f"{base()}/learning/status/").removesuffix("/"))
    if number is None or list_url(number) != url:
        return None
    try:
        return status_list(number)
    except Http404:
        return None


def certificate_called(text: str) -> Credential | None:
    """By its number, with or without `urn:uuid:`."""
    try:
        pk = UUID(text.strip().removeprefix("urn:uuid:"))
    except ValueError:
        return None
    return Credential.objects.select_related("opportunity__provider", "key", "replaced_by").filter(pk=pk).first()


def state_of(certificate: Credential) -> str:
    """The code of VERDICTS by what is stored; the file itself is not looked at."""
    if certificate.key.revoked_at is not None:
        return "key_revoked"
    if certificate.revoked_at is not None:
        return "revoked"
    return "expired" if certificate.valid_until and certificate.valid_until <= clock.now() else ""


def to_renew(course: Opportunity) -> QuerySet[Credential]:
    """Taken back for a wrong name, with nothing in their place yet."""
    holds = Credential.objects.filter(enrolment=OuterRef("enrolment"), revoked_at=None)
    newer = Credential.objects.filter(enrolment=OuterRef("enrolment"), issued_at__gt=OuterRef("issued_at"))
    rows = Credential.objects.filter(opportunity=course, reason=WRONG_NAME, person__status="active", replaced_by=None)
    return rows.exclude(revoked_at=None).exclude(Exists(holds)).exclude(Exists(newer)).order_by("issued_at", "id")


def own_certificates(user: User) -> list[Credential]:
    person = own_record(user)
    rows = Credential.objects.filter(person=person) if person else Credential.objects.none()
    return list(rows.select_related("opportunity__provider", "key", "person__key"))


def own_certificate(user: User, pk: UUID) -> Credential:
    found = next((row for row in own_certificates(user) if row.pk == pk), None)
    if found is None:
        raise Http404("certificate")
    return found


def open_certificate(user: User, pk: UUID) -> Credential:
    """One of the user's partner's courses, to take it back. Raises Http404."""
    mine = partners_where(user, Permission.TEACH)
    rows = Credential.objects.select_related("opportunity__provider", "person__user", "person__key", "replaced_by")
    found = rows.filter(pk=pk, opportunity__provider__in=mine).first()
    if found is None:
        raise Http404("certificate")
    return found


def document_of(certificate: Credential) -> dict[str, Any] | None:
    """The signed document; None once the record was erased. Load it with `person__key`."""
    person = certificate.person
    found: dict[str, Any] | None = person.unseal(certificate.sealed) if person is not None else None
    return found


def own_enrolments(user: User) -> list[Enrolment]:
    person = own_record(user)
    rows = Enrolment.objects.filter(person=person) if person else Enrolment.objects.none()
    return list(with_beginning(rows).select_related("opportunity__provider").order_by("-began_at", "id"))


def own_enrolment(user: User, pk: UUID) -> Enrolment:
    """Raises Http404, also for somebody else's."""
    found = next((row for row in own_enrolments(user) if row.pk == pk), None)
    if found is None:
        raise Http404("enrolment")
    return found


def learning_of(person: Person) -> tuple[list[Enrolment], list[Turn], list[PassportLink]]:
    """Enrolments, the newest first, and open turns, with the titles of their courses, and links that show the passport
    to others now; in one planned statement (the person's page asks)."""
    found = OF_PERSON.on(person)
    titles = {row.pk: row for row in found["opportunities"]}
    for row in (*found["enrolments"], *found["turns"]):
        row.opportunity = titles[row.opportunity_id]
    return found["enrolments"], found["turns"], [link for link in found["links"] if link.until > clock.now()]


def standing_links() -> QuerySet[PassportLink]:
    """Of a record that stands, and made by the account that opens it as its own; some may have run out."""
    rows = PassportLink.objects.filter(withdrawn_at=None, person__status__in=LIVING)
    return rows.filter(by=F("person__user"), by__is_active=True)


OF_PERSON = Together(
    UUID,
    enrolments=lambda pk: with_beginning(Enrolment.objects.filter(person=pk)).order_by("-began_at", "id"),
    turns=lambda pk: Turn.objects.filter(person=pk, ended_at=None).order_by("id"),
    links=lambda pk: standing_links().filter(person=pk).order_by("id"),
    opportunities=lambda pk: Opportunity.objects.filter(
        Q(pk__in=Enrolment.objects.filter(person=pk).order_by().values("opportunity"))
        | Q(pk__in=Turn.objects.filter(person=pk, ended_at=None).order_by().values("opportunity"))
    ).only("id", "title_th", "title_en", "telling"),
)


def export(person: UUID) -> Mapping[str, Any]:
    """For the person's own copy of all data."""
    rows = Enrolment.objects.filter(person=person).select_related("opportunity", "person__key")
    rows = rows.prefetch_related("attendance", "assessments__instrument")
    certificates = Credential.objects.filter(person=person).select_related("person__key")
    return {
        "courses": [
            {
                "course": row.opportunity.title_th, "standing": row.standing, "began": row.began_at.isoformat(),
                "attendance": [{"day": a.held_on.isoformat(), "present": a.present} for a in row.attendance.all()],
                "assessments": [
                    {
                        "instrument": str(a.instrument), "when": a.moment, "points": a.points,
                        "answers": row.person.unseal(a.sealed) if row.person else None,
                    }
                    for a in row.assessments.all()
                ],
            }
            for row in rows
        ],
        "waited": [
            {"course": row.opportunity.title_th, "since": row.asked_at.isoformat(), "state": row.state}
            for row in Turn.objects.filter(person=person).select_related("opportunity")
        ],
        "certificates": [document_of(row) for row in certificates],
        "passport_links": [
            {
                "made": link.made_at.isoformat(), "until": link.until.isoformat(),
                "opened": [opening.at.isoformat() for opening in link.openings.all()],
            }
            for link in PassportLink.objects.filter(person=person).prefetch_related("openings")
        ],
    }  # fmt: skip
