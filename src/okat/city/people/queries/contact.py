"""Whether an office may call a person or write to them: where it was allowed once and is allowed no more, it does
neither. Where nobody was asked, or what a guardian had said ran out, ringing is a part of the work."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, DateTimeField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.partners.queries import partners_where
from okat.city.people.models import Consent, Person
from okat.city.people.rules import Purpose

# When each consent last said something: where it was given on a day, without an hour, at the end of that day.
_SPOKEN = Case(
    When(withdrawn_at__isnull=False, then=F("withdrawn_at")),
    When(at__time=dt.time(), then=F("at") + dt.timedelta(days=1)), default=F("at"), output_field=DateTimeField(),
)  # fmt: skip
_NO = Case(
    When(withdrawn_at=None, then=False), When(withdrawn_by__is_system=True, then=False), default=True,
    output_field=BooleanField(),
)  # fmt: skip


def said_no(person: str, office: Any) -> Q:
    """For statements: the last word on it to `office`, of the person to whose id the column `person` leads, was a no.
    What a joined record said is this human's word too; what was replaced, another word stands for."""
    said = Consent.objects.filter(
        Q(person=OuterRef(person)) | Q(person__merged_into=OuterRef(person)), purpose=Purpose.CONTACT, recipient=office,
        replaced_by=None,
    )  # fmt: skip
    last = said.annotate(no=_NO).order_by(_SPOKEN.desc(), "no").values("no")[:1]
    return Q(Coalesce(Subquery(last, output_field=BooleanField()), Value(value=False)))


def taken_back(consents: Iterable[Consent], offices: Collection[int]) -> bool:
    """The same of consents that came with a person's page: one of these offices was told no."""
    last: dict[int, Consent] = {}
    for row in consents:
        if row.purpose == Purpose.CONTACT and row.recipient_id in offices and row.replaced_by_id is None:
            known = last.setdefault(row.recipient_id, row)
            last[row.recipient_id] = max(known, row, key=lambda one: (_spoken(one), not _no(one)))
    return any(_no(row) for row in last.values())


def _spoken(consent: Consent) -> dt.datetime:
    day = timezone.localtime(consent.at)
    whole = dt.timedelta(days=day.time() == dt.time())
    return consent.withdrawn_at or consent.at + whole


def _no(consent: Consent) -> bool:
    return consent.withdrawn_at is not None and not consent.__dict__["lapsed"]


def numbers_for(user: User, people: Iterable[Person]) -> dict[UUID, str | None]:
    """The telephone of each, for a list in which the user rings; None where the person asked not to be rung."""
    listed = list(people)
    no = Q(pk__in=[])
    for partner in partners_where(user, Permission.SEE_PERSON) if listed else ():
        no |= said_no("pk", partner)
    asked = set(Person.objects.filter(no, pk__in=[one.pk for one in listed]).values_list("pk", flat=True))
    return {one.pk: None if one.pk in asked else one.phone for one in listed}


def may_contact(person: Person, office: int) -> bool:
    return not Person.objects.filter(said_no("pk", office), pk=person.pk).exists()
