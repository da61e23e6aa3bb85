"""What a merge, or an account that opens a record, does in the catalogue: one human counts once among those who ask."""

from uuid import UUID

from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.catalogue.actions._unmet import count_once
from okat.city.catalogue.models import Lookout
from okat.city.core.merging import Changes, Column, Journal, Repoint
from okat.city.people.models import Person

COLUMNS = (Column("catalogue.Wish", unique=("opportunity",)), Column("catalogue.Lookout"))


class CatalogueMerge(Repoint):
    def join(self, journal: Journal, gone: UUID, keep: UUID) -> None:
        super().join(journal, gone, keep)
        count_once(_lookouts(gone, keep))

    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        super().back(gone, keep, moved)
        for person in (gone, keep):
            count_once(_lookouts(person))


def count_anew(person: Person, user: User) -> None:
    """The account opens the record from now on, or no longer."""
    own = Q(person=None, user=user)
    if person.user_id == user.pk:
        count_once(Lookout.objects.filter(own | Q(person=person)))
        return
    for theirs in (own, Q(person=person)):
        count_once(Lookout.objects.filter(theirs))


def _lookouts(*people: UUID) -> QuerySet[Lookout]:
    """What they wait for, or workers for them, and their accounts by themselves."""
    accounts = list(Person.objects.filter(pk__in=people).exclude(user=None).values_list("user", flat=True))
    return Lookout.objects.filter(Q(person__in=people) | Q(person=None, user__in=accounts))
