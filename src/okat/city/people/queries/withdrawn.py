"""Whose record an office kept with a consent that has ended since, by its own identity number or name: what was agreed
before that day lets the office keep it no more."""

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from okat.city.partners.models import Partner
from okat.city.people.models import Consent, Grant, Person
from okat.city.people.rules import OPEN_STATUSES, Purpose, Status


def withdrawn(partner: Partner) -> QuerySet[Person]:
    """Records that this partner kept with a consent, and may see no more: each with `ended`, when its last consent
    ended. What was joined with such a record counts as it; what another office keeps says nothing to this one."""
    held = Grant.objects.in_force().filter(partner=partner).values("person")
    said = Consent.objects.filter(recipient=partner, purpose=Purpose.CARE, withdrawn_at__isnull=False)
    one = said.filter(Q(person=OuterRef("root")) | Q(person__merged_into=OuterRef("root")))
    rows = Person.objects.filter(status__in=(*OPEN_STATUSES, Status.MERGED))
    rows = rows.annotate(root=Coalesce("merged_into", "pk")).exclude(root__in=held)
    ended = Subquery(one.order_by("-withdrawn_at").values("withdrawn_at")[:1])
    return rows.annotate(ended=ended).exclude(ended=None)
