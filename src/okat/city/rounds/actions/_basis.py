"""What an application rests on until the round is decided: a person who lives, and their agreement to take part."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from okat.city.core import clock
from okat.city.people.rules import LIVING
from okat.city.rounds.models import Application, Round
from okat.city.rounds.queries.read import standing_applications
from okat.city.rounds.queries.reviews import agreed_to


def take_out_unfounded(row: Round, people: Iterable[UUID] | None = None) -> None:
    """Whoever is gone, or has not agreed any more, stands in the round no longer (of `people` alone, where given). The
    round is locked and not decided."""
    rows = standing_applications(row)
    if people is not None:
        rows = rows.filter(person__in=list(people))
    _withdraw(rows.exclude(person__status__in=LIVING), "closed")
    _withdraw(rows.exclude(person__in=agreed_to(row).values("person")), "consent")


def _withdraw(rows: QuerySet[Application], why: str) -> None:
    rows.update(withdrawn_at=clock.now(), withdrawn_why=why)
