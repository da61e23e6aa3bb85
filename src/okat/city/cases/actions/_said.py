"""What an outcome, or why a case was left, says of a life: that somebody died or moved away is asked of whoever holds
the record."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from okat.city.cases.actions._move import Step
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.rules import OF_LIFE, State, Verb
from okat.city.core import clock
from okat.city.core.holidays import next_open
from okat.city.people import actions as people
from okat.city.people.models import Person


def _words(wanted: Q) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What cases said that stands, as `word` and `said_at`: why one was left, which is a word too, and outcomes."""
    left = Transition.objects.filter(wanted, verb=Verb.LEAVE, taken_back_at=None).order_by("at", "id")
    rows = FollowUp.objects.filter(wanted, taken_back_at=None).exclude(recorded_at=None).order_by("recorded_at", "id")
    return left.annotate(word=F("reason"), said_at=F("at")), rows.annotate(word=F("outcome"), said_at=F("recorded_at"))


def last_outcomes(cases: Iterable[Case]) -> dict[UUID, str]:
    """What was said last of each of which anything was said: an outcome, or why it was left."""
    ids = [case.pk for case in cases]
    said = [found for rows in _words(Q(case__in=ids)) for found in rows.values_list("said_at", "case", "word")]
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
        for rows in _words(Q(case=step.case)):
            rows.filter(word=before).update(taken_back_at=clock.now())


def _said_elsewhere(case: Case, word: str) -> bool:
    """Another case of the same person says it too."""
    others = _words(Q(case__person=case.person_id) & ~Q(case=case))
    return any(rows.filter(word=word).exists() for rows in others)


def take_back(person: Person) -> None:
    """What was said of a life that goes on here is marked wherever it stands; a case that is open and has no other
    answer since is asked again."""
    now = clock.now()
    left, rows = (rows.filter(word__in=OF_LIFE) for rows in _words(Q(case__person=person)))
    found = list(rows.select_related("case"))
    FollowUp.objects.filter(pk__in=[row.pk for row in found]).update(taken_back_at=now)
    for row in {row.case_id: row for row in found if row.case.stage is State.OUTCOME}.values():
        others = FollowUp.objects.filter(case=row.case_id).exclude(pk__in=[each.pk for each in found])
        if not others.filter(Q(recorded_at__gte=row.recorded_at) | Q(recorded_at=None)).exists():
            day = next_open(clock.today())
            FollowUp.objects.create(case=row.case, after_days=row.after_days, due_on=day)
            Case.objects.filter(pk=row.case_id).update(due_on=day)
    left.update(taken_back_at=now)
