"""Requests for recognition: one's own, and those that one's office looks at."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.permissions import Permission
from okat.city.learning.models import Recognition
from okat.city.learning.queries.courses import LEARNING
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.recognising import DECIDED, State
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where
from okat.city.people.models import Consent, Person
from okat.city.people.queries import speaks_for, visible_to
from okat.city.people.queries.pages import own_record
from okat.city.people.rules import LIVING, Status


def own_requests(user: User) -> list[Recognition]:
    person = own_record(user)
    rows = Recognition.objects.filter(person=person) if person else Recognition.objects.none()
    return list(rows.select_related("partner", "person__key").prefetch_related("signatures", "evidence"))


def own_request(user: User, pk: UUID) -> Recognition:
    """Raises Http404, also for somebody else's."""
    found = next((row for row in own_requests(user) if row.pk == pk), None)
    if found is None:
        raise Http404("recognition")
    return found


def waiting_for(user: User) -> QuerySet[Recognition]:
    """Of the offices for which one teaches, the oldest first, with the number of signatures; nothing personal."""
    rows = Recognition.objects.filter(partner__in=partners_where(user, Permission.TEACH), state=State.ASKED)
    rows = rows.filter(person__status__in=LIVING)
    return rows.select_related("partner").annotate(signed=Count("signatures")).order_by("asked_at", "id")


def request_of_office(user: User, pk: UUID) -> Recognition:
    """Of an office for which one teaches, whatever became of it; nothing of it is shown. Raises Http404."""
    rows = Recognition.objects.filter(pk=pk, partner__in=partners_where(user, Permission.TEACH))
    found = rows.select_related("person").first()
    if found is None:
        raise Http404("recognition")
    return found


def check_asked(row: Recognition) -> None:
    """Raises LearningError where nobody signs any more, and says why."""
    if row.person is not None and row.state == State.ASKED and row.person.status == Status.DIED:
        raise LearningError("died", _("The record says that the learner has died: nobody signs any more."))
    if row.state != State.ASKED or row.person is None or row.person.status not in LIVING:
        raise LearningError("decided", _("This request is decided already, or was withdrawn."))


def open_request(user: User, pk: UUID, field: str = "recognition") -> Recognition:
    """What the person laid before this office, and nothing else of the person: until it is decided whoever may sign,
    and from then on only who may see the record. Each look is recorded. Raises Http404."""
    rows = open_to(user).filter(pk=pk)
    found = rows.select_related("partner", "person__key").prefetch_related("signatures__by", "evidence").first()
    if found is None or found.person is None:
        raise Http404("recognition")
    audit.record(by=user, verb="people.read", subject=found.person, fields=[field], reason="recognition")
    return found


def open_to(user: User) -> QuerySet[Recognition]:
    """Requests that were laid before an office of the user's, with their words and pictures. One that was withdrawn is
    open to nobody."""
    rows = Recognition.objects.filter(partner__in=partners_where(user, Permission.TEACH))
    waits = Q(state=State.ASKED, person__status__in=LIVING)
    return rows.filter(waits | Q(state__in=DECIDED, person__in=visible_to(user)))


def pictures_open_to(user: User) -> Q:
    """As a condition on what is kept of persons: a picture is opened with the request that it was given for."""
    return Q(pk__in=open_to(user).values("evidence"))


def still_asked(consent: Consent) -> QuerySet[Recognition]:
    """What the person asked of the office to which this consent was given, and it has not decided."""
    return Recognition.objects.filter(person=speaks_for(consent), partner=consent.recipient_id, state=State.ASKED)


def words_of(row: Recognition) -> Mapping[str, str]:
    """What was learned, and where; load it with `person__key`."""
    found = row.person.unseal(row.sealed) if row.person is not None else None
    return found or {"what": "", "where": ""}


def reasons_of(row: Recognition) -> list[tuple[Any, str]]:
    """Each signature with its reason, opened."""
    person = row.person
    return [(one, person.unseal(one.sealed) or "") for one in row.signatures.all()] if person is not None else []


def granted_to(person: Person) -> list[Recognition]:
    rows = Recognition.objects.filter(person=person, state=State.GRANTED)
    return list(rows.select_related("partner", "person__key").prefetch_related("signatures"))


def schools() -> list[Partner]:
    """Who teaches here."""
    taught = Opportunity.objects.filter(kind__in=LEARNING).order_by().values("provider")
    return list(Partner.objects.filter(pk__in=taught).order_by("code"))


def export(person: UUID) -> list[dict[str, Any]]:
    """For the person's own copy of all data."""
    rows = Recognition.objects.filter(person=person).select_related("person__key", "partner")
    return [
        {
            **words_of(row), "partner": row.partner.code, "kind": row.kind, "state": row.state, "wanted": row.wanted,
            "credits": row.credits, "asked": row.asked_at.isoformat(),
            "reasons": [reason for _signature, reason in reasons_of(row)],
        }
        for row in rows.prefetch_related("signatures")
    ]  # fmt: skip
