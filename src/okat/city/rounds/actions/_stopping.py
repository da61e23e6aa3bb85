"""What a place led to has ended: the parts of giving it up for good."""

from collections.abc import Iterable
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.actions import hold_courses
from okat.city.catalogue.actions.seats import count_seats
from okat.city.core import clock
from okat.city.core.registries import publish
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.models import Application, Place, Result
from okat.city.rounds.rules import Answer


def hold_ending(*, applications: Iterable[UUID]) -> None:
    """The rounds and courses of places whose cases end, in one order before the first of them does."""
    rows = Application.objects.filter(pk__in=list(applications))
    hold_rounds(rows.values_list("round", flat=True))
    hold_courses(rows.filter(result__place__isnull=False).values_list("result__place__opportunity", flat=True))


def whole_place(result: Result) -> Place:
    assert result.place is not None
    return result.place


def stop(row: Application, result: Result, by: User) -> None:
    """It goes to nobody any more: the outcome stays as it is, and what it led to ends."""
    stopped(result, by)
    ended(row, result, by)


def stopped(result: Result, by: User) -> None:
    count_seats(changes={whole_place(result).opportunity_id: -1}, by=by)
    result.answer, result.was, result.answered_at, result.held_until = Answer.STOPPED, "", clock.now(), None
    result.save(update_fields=["answer", "was", "answered_at", "held_until"])


def ended(row: Application, result: Result, by: User) -> None:
    offer = whole_place(result).opportunity
    publish("place.released", application=row, person=row.person, opportunity=offer, round=row.round, by=by)
