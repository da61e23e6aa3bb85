"""What a merge, and its undoing, mean for who may see the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from okat.city.core import clock
from okat.city.core.merging import Repoint
from okat.city.people.models import Grant, Person
from okat.city.people.queries import joined


@dataclass(frozen=True)
class RepointPeople(Repoint):
    """As every app's; once they are two people again, nobody sees one of them by the other's word."""

    def back(self, gone: UUID, keep: UUID, moved: Sequence[str]) -> None:
        super().back(gone, keep, moved)
        theirs = joined(Person(pk=gone))
        own = [pk for pk in joined(Person(pk=keep)) if pk not in theirs]
        for records in (theirs, own):
            strange = Grant.objects.filter(person__in=records, ended_at=None, consent__isnull=False)
            strange.exclude(consent__person__in=records).update(ended_at=clock.now())
