"""Places taken and given back: whoever gives places out (a round, a case) says it here."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest, Least

from okat.city.accounts.models import User
from okat.city.catalogue.actions._holding import hold_courses
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget


@action
def count_seats(*, changes: Mapping[UUID, int], by: User) -> None:
    """Add to the taken places of each opportunity; below zero takes away. Never under 0 and never above the number of
    places, which an office may have lowered since they were promised."""
    forget("catalogue")
    if len(changes) > 1:
        hold_courses(changes)
    for change in sorted(set(changes.values()) - {0}):
        ids = [pk for pk, each in changes.items() if each == change]
        wanted = F("seats_taken") + Value(change)
        fits = Greatest(Value(0), Least(wanted, Coalesce(F("capacity"), wanted)))
        Opportunity.objects.filter(pk__in=ids).update(seats_taken=fits)
    audit.record_many(
        by=by, verb="catalogue.count_seats", subjects=[Opportunity(pk=pk) for pk in changes], fields=["seats_taken"]
    )
