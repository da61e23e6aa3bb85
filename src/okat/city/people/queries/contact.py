"""Whether an office may call a person or write to them: where it was allowed once and is allowed no more, it does
neither. Where nobody was asked, or what a guardian had said ran out, ringing is a part of the work."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.partners.queries import partners_where
from okat.city.people.models import Consent, Person
from okat.city.people.rules import Purpose


def said_no(person: str, office: Any) -> Q:
    """For statements: the last word on it to `office`, of the person to whose id the column `person` leads, was a no.
    What a joined record said is this human's word too."""
    said = Consent.objects.filter(
        Q(person=OuterRef(person)) | Q(person__merged_into=OuterRef(person)), purpose=Purpose.CONTACT, recipient=office
    )
    ended = said.filter(withdrawn_at__isnull=False, replaced_by=None).exclude(withdrawn_by__is_system=True)
    return Q(Exists(ended)) & ~Q(Exists(said.filter(withdrawn_at=None)))


def taken_back(consents: Iterable[Consent], offices: Collection[int]) -> bool:
    """The same of consents that came with a person's page: one of these offices was told no."""
    said = [row for row in consents if row.purpose == Purpose.CONTACT and row.recipient_id in offices]
    allowed = {row.recipient_id for row in said if row.withdrawn_at is None}
    ended = [row for row in said if row.withdrawn_at and row.replaced_by_id is None and not row.__dict__["lapsed"]]
    return any(row.recipient_id not in allowed for row in ended)


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
