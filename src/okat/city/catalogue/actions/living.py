"""What the catalogue keeps going for a person: lookouts."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.catalogue.actions._unmet import count_lookout, uncount
from okat.city.catalogue.models import Lookout
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.people.models import Person
from okat.city.people.rules import Status


@action
def end_lookouts(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    """Nobody is told of anything any more, and the asks count no more. With a death what the account looks out for by
    itself ends too; no office hears of that. `begun` says nothing of lookouts."""
    theirs = _all(person) if why == Status.DIED else Lookout.objects.filter(person=person)
    rows = list(theirs.filter(ended_at=None).select_related("key", "area", "person"))
    Lookout.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
    uncount(rows)
    audit.record(by=by, verb="catalogue.stop_looking", subject=person, fields=["lookouts"], reason=why)
    return [str(row.pk) for row in rows]


@action
def resume_lookouts(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """They look out again; nothing is lost."""
    rows = list(_all(person).filter(pk__in=ended, told=None).select_related("key", "area", "person"))
    Lookout.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=None)
    for row in rows:
        row.ended_at = None
        count_lookout(row)
    audit.record(by=by, verb="catalogue.look_out", subject=person, fields=["lookouts"])
    return []


def _all(person: Person) -> QuerySet[Lookout]:
    own = Q(person=None, user=person.user_id) if person.user_id is not None else Q()
    return Lookout.objects.filter(Q(person=person) | own)
