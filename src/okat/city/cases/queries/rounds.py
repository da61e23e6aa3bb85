"""The place of a round that a case is about."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from okat.city.cases.models import Case
from okat.city.cases.rules import DONE, State, Verb
from okat.city.catalogue.rules import Kind
from okat.city.people.models import Person
from okat.city.people.queries import unspoken
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds.models import Result
from okat.city.rounds.queries import accepted_and_returning, counted_on
from okat.city.rounds.rules import Answer, Status


def given_by_round(case: Case) -> Result | None:
    """As long as the round counts on it."""
    if case.reference is None:
        return None
    return counted_on().filter(application=case.reference, place__opportunity=case.opportunity_id).first()


def given_back_until() -> Subquery:
    """For the annotation `returning` (Case.given_back): until when the round holds the place that is being given
    back."""
    return Subquery(_returning_of_case().values("held_until")[:1])


def waits_while_given_back() -> Q:
    """`Case.given_back`: such a case waits for nobody."""
    return Q(Exists(_returning_of_case())) & ~Q(state__in=(*DONE, State.CLOSED))


def being_given_back(cases: Iterable[Case]) -> dt.datetime | None:
    """Whether the place of one of these is being given back, and until when that can be taken back; read now, of cases
    that are locked: whoever gives a place back holds the person first, too."""
    led = {(case.reference, case.opportunity_id) for case in cases if case.reference is not None}
    if not led:
        return None
    rows = _returning().filter(application__in={reference for reference, _offer in led})
    found = rows.values_list("application", "place__opportunity", "held_until")
    return next((until for application, offer, until in found if (application, offer) in led), None)


def _returning() -> QuerySet[Result]:
    return Result.objects.filter(accepted_and_returning())


def _returning_of_case() -> QuerySet[Result]:
    return _returning().filter(application=OuterRef("reference"), place__opportunity=OuterRef("opportunity"))


def left_behind() -> QuerySet[Case]:
    """Closed cases whose place in a finished round nobody can speak of any more, or whose person is dead or erased
    since; not what was completed. In rounds that go on, the round looks itself."""
    silent = Person.objects.filter(unspoken() | Q(status=PersonStatus.DIED)).values("pk")
    place = Result.objects.filter(application=OuterRef("reference"), place__opportunity=OuterRef("opportunity"))
    place = place.filter(answer=Answer.ACCEPTED, application__round__status=Status.FINISHED)
    rows = Case.objects.filter(Exists(place), Q(person=None) | Q(person__in=silent), state=State.CLOSED)
    return rows.exclude(transitions__verb__in=(Verb.COMPLETE, Verb.LEAVE))


def is_work(case: Case) -> bool:
    """It goes on though a case about it comes back: the place is the person's to give back."""
    return case.opportunity is not None and Kind(case.opportunity.kind) in (Kind.JOB, Kind.JOB_QUOTA)


def begun() -> Q:
    """What the person takes part in by a case, or has a place from a round for; not what is done already."""
    place = Result.objects.filter(application=OuterRef("reference"), place__opportunity=OuterRef("opportunity"))
    has = Exists(place.filter(answer=Answer.ACCEPTED))
    return Q(state=State.ACTIVE) | Q(has) & ~Q(state__in=DONE)
