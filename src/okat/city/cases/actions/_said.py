"""What an outcome says of a life: that somebody died or moved away is asked of whoever holds the record."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Q

from okat.city.cases.actions._move import Step
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.rules import OF_LIFE, State, Verb
from okat.city.core import clock
from okat.city.core.holidays import next_open
from okat.city.people import actions as people
from okat.city.people.models import Person


def last_outcomes(cases: Iterable[Case]) -> dict[UUID, str]:
    """What was said last of each of which anything was said: an outcome, or why it was left."""
    ids = [case.pk for case in cases]
    left = Transition.objects.filter(case__in=ids, verb=Verb.LEAVE).values_list("at", "case", "reason")
    rows = (
        FollowUp.objects.filter(case__in=ids, taken_back_at=None)
        .exclude(recorded_at=None)
        .order_by("recorded_at", "id")
    )
    said: list[Any] = [*left, *rows.values_list("recorded_at", "case", "outcome")]
    return {case: word for _at, case, word in sorted(said, key=itemgetter(0))}


def say_of_life(step: Step, said: str, before: str = "") -> None:
    """`said`: a reason or an outcome. A word that was wrong (`before`) asks nobody any more. Another word of the same
    life puts right only what this case said: what other offices said stands until somebody looks."""
    person = step.case.person
    if person is None:
        return
    wrong = before in OF_LIFE and before != said
    if wrong and said not in OF_LIFE:
        people.not_so(person=person, by=step.by, partner=step.partner)
    if said in OF_LIFE:
        instead = OF_LIFE[before] if wrong and not _said_elsewhere(step.case, before) else None
        people.note_said(person=person, status=OF_LIFE[said], instead=instead, by=step.by, partner=step.partner)
    if wrong and said in OF_LIFE:
        rows = FollowUp.objects.filter(case=step.case, outcome=before, taken_back_at=None)
        rows.exclude(recorded_at=None).update(taken_back_at=clock.now())


def _said_elsewhere(case: Case, word: str) -> bool:
    """Another case of the same person says it too."""
    rows = FollowUp.objects.filter(case__person=case.person_id, outcome=word, taken_back_at=None)
    return rows.exclude(case=case).exclude(recorded_at=None).exists()


def take_back(person: Person) -> None:
    """What outcomes said of a life that goes on here is marked wherever it stands; a case that is open and has no other
    answer since is asked again."""
    now = clock.now()
    rows = FollowUp.objects.filter(case__person=person, outcome__in=OF_LIFE, taken_back_at=None)
    found = list(rows.exclude(recorded_at=None).select_related("case").order_by("recorded_at", "id"))
    FollowUp.objects.filter(pk__in=[row.pk for row in found]).update(taken_back_at=now)
    for row in {row.case_id: row for row in found if row.case.stage is State.OUTCOME}.values():
        others = FollowUp.objects.filter(case=row.case_id).exclude(pk__in=[each.pk for each in found])
        if not others.filter(Q(recorded_at__gte=row.recorded_at) | Q(recorded_at=None)).exists():
            day = next_open(clock.today())
            FollowUp.objects.create(case=row.case, after_days=row.after_days, due_on=day)
            Case.objects.filter(pk=row.case_id).update(due_on=day)
