"""Whom it concerns that an opportunity changes, held before it (CONTRIBUTING: one order of locks)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from okat.city.core.registries import CONCERNED
from okat.city.partners.queries import all_stay
from okat.city.people.actions import hold_people
from okat.city.people.models import Person


def hold_concerned(opportunities: Collection[UUID], *, cancelled: bool = False) -> None:
    """Who waits for one of these, and (`cancelled`) who takes part or has a case or a place, of whatever app: theirs
    ends, and they are told; and whoever enrols holds the person and then waits for the course."""
    people = {person for _app, named in CONCERNED for person in named(opportunities, cancelled=cancelled)}
    if people:
        # What tells them refers to the offices that keep their records: these before the people, as everywhere.
        all_stay(Person.objects.filter(Q(pk__in=people)).order_by().values_list("registered_by", flat=True).distinct())
        hold_people(people)
