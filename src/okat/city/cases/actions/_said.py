"""What an outcome says of a life: that somebody died or moved away is asked of whoever holds the record."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

from okat.city.cases.actions._move import Step
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.rules import OF_LIFE, Verb
from okat.city.people import actions as people


def last_outcomes(cases: Iterable[Case]) -> dict[UUID, str]:
    """What was said last of each of which anything was said: an outcome, or why it was left."""
    ids = [case.pk for case in cases]
    left = Transition.objects.filter(case__in=ids, verb=Verb.LEAVE).values_list("at", "case", "reason")
    rows = FollowUp.objects.filter(case__in=ids).exclude(recorded_at=None).order_by("recorded_at", "id")
    said: list[Any] = [*left, *rows.values_list("recorded_at", "case", "outcome")]
    return {case: word for _at, case, word in sorted(said, key=itemgetter(0))}


def say_of_life(step: Step, said: str, before: str = "") -> None:
    """`said`: a reason or an outcome. A word that was wrong (`before`) asks nobody any more."""
    person = step.case.person
    if person is not None and said in OF_LIFE:
        people.note_said(person=person, status=OF_LIFE[said], by=step.by, partner=step.partner)
    elif person is not None and before in OF_LIFE:
        people.not_so(person=person, by=step.by, partner=step.partner)
