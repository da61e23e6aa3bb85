"""Where a person stands in rounds."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from okat.city.core.registries import Going
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Person
from okat.city.people.queries import unspoken
from okat.city.people.queries.joining import unsettled
from okat.city.people.rules import LIVING
from okat.city.rounds.models import Application, Place, Round
from okat.city.rounds.rules import ANSWER_LABELS, STATUS_LABELS, Answer, Status, reached

TAKEN = (Answer.ACCEPTED,)


def closed() -> QuerySet[Application]:
    """Decided applications for which nobody can speak any more, and which have not left yet: the record is closed, or
    opens to no account and no office. Of a record that was joined with another they stay until that is settled, for it
    may be undone."""
    rows = Application.objects.filter(withdrawn_at=None, result__isnull=False)
    silent = Exists(
        Person.objects.filter(unspoken(), pk=OuterRef("person"))
    )  # asked of these, not of the whole register
    gone = Q(person=None) | ~Q(person__status__in=LIVING) | Q(silent)
    return rows.filter(gone).exclude(person__in=unsettled().values("gone"))


def closed_in(row: Round) -> QuerySet[Application]:
    return closed().filter(round=row)


def others(person: UUID) -> Iterable[UUID]:
    """Who stands in a round in which the person has a result: what they leave goes on to any of these."""
    rows = Application.objects.filter(withdrawn_at=None, person__isnull=False)
    mine = rows.filter(person=person, round__status__in=(Status.DECIDED, Status.PUBLISHED))
    found = rows.filter(round__in=mine.values("round")).order_by()
    return [pk for pk in found.values_list("person", flat=True) if pk is not None]


def courses(person: UUID) -> Iterable[UUID]:
    """Whose places are given in a round in which the person stands."""
    rounds = Application.objects.filter(person=person).values("round")
    return Place.objects.filter(round__in=rounds).order_by().values_list("opportunity", flat=True)


def going(person: UUID) -> list[Going]:
    rows = Application.objects.filter(person=person, withdrawn_at=None).exclude(round__status=Status.FINISHED)
    rows = rows.select_related("round", "result__place__opportunity").order_by("at")
    return [found for row in rows if (found := _line(row)) is not None]


def _line(row: Application) -> Going | None:
    result = getattr(row, "result", None) if reached(row.round.stage, Status.PUBLISHED) else None
    if result is None:
        return Going(begun=False, title=words(row.round), note=str(STATUS_LABELS[row.round.stage]), tells=False)
    if result.answer not in (Answer.OFFERED, Answer.WAITING, *TAKEN):
        return None
    offer = result.place.opportunity if result.place else None
    return Going(
        begun=result.answer in TAKEN, title=words(offer or row.round), note=str(ANSWER_LABELS[Answer(result.answer)]),
        tells=offer is not None and offer.telling,
    )  # fmt: skip
