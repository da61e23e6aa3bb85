"""The place of a round that a case is about."""

from okat.city.cases.models import Case
from okat.city.rounds.models import Result
from okat.city.rounds.rules import Answer


def given_by_round(case: Case) -> Result | None:
    """As long as the round counts on it."""
    if case.reference is None:
        return None
    rows = Result.objects.filter(application=case.reference, place__opportunity=case.opportunity_id)
    rows = rows.filter(answer__in=(Answer.ACCEPTED, Answer.RETURNING))
    return rows.select_related("application__round", "place__opportunity__provider").first()
