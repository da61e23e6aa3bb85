"""The place of a round that a case is about."""

from django.db.models import Exists, OuterRef, Q

from okat.city.cases.models import Case
from okat.city.cases.rules import DONE, State
from okat.city.rounds.models import Result
from okat.city.rounds.queries import counted_on
from okat.city.rounds.rules import Answer


def given_by_round(case: Case) -> Result | None:
    """As long as the round counts on it."""
    if case.reference is None:
        return None
    return counted_on().filter(application=case.reference, place__opportunity=case.opportunity_id).first()


def begun() -> Q:
    """What the person takes part in by a case, or has a place from a round for; not what is done already."""
    place = Result.objects.filter(application=OuterRef("reference"), place__opportunity=OuterRef("opportunity"))
    has = Exists(place.filter(answer=Answer.ACCEPTED))
    return Q(state=State.ACTIVE) | Q(has) & ~Q(state__in=DONE)
