"""Many cases through one verb in few statements however many they are, as at the end of a course.

Only within the responsible partner: between two partners each case goes by itself, so that its consent is checked and
its receiver let in. Nobody is told: it is a list of what has happened. All or none.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.actions._move import Step, check_goes_on, not_now, say_ending, say_left, settle, transition
from okat.city.cases.actions._said import last_outcomes, say_of_life
from okat.city.cases.models import Case, FollowUp, Referral, Transition
from okat.city.cases.rules import (
    OUTCOMES,
    Answer,
    CaseError,
    Verb,
    Who,
    check_reason,
    edge,
    follow_up_days,
)
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.people import actions as people

BATCH = 1000
SETTLED = ("state", "version", "reminded_on", "receiver_id", "acts_next_id", "due_on", "closed_at")
EVENTS = {Verb.START: "case.active", Verb.COMPLETE: "case.ended", Verb.LEAVE: "case.ended"}


@action
def move_many(*, cases: Sequence[Case], verb: Verb, by: User, reason: str = "") -> list[Case]:
    """Refer to oneself, receive, return, start, complete or leave. Raises CaseError where one case does not allow it,
    is with another partner, or the verb is none of these."""
    if verb not in WRITES:
        raise CaseError("one_by_one", _("This is done case by case."))
    check_reason(verb, reason)
    steps = [_step(row, verb, by) for row in _locked([case.pk for case in cases])]
    if verb is Verb.LEAVE:
        say_ending(step.case for step in steps)
    check_goes_on([step.case for step in steps], verb)
    WRITES[verb](steps, reason)
    if verb is Verb.LEAVE:
        for step in steps:
            say_of_life(step, reason)
    _finish(steps, verb, reason, by)
    if verb is Verb.LEAVE:
        say_left([step.case for step in steps], by, reason)
    if verb in EVENTS:
        for step in steps:
            publish(EVENTS[verb], case=step.case, person=step.case.person, opportunity=step.case.opportunity, by=by)
    return [step.case for step in steps]


@action
def record_many(*, outcomes: Mapping[UUID, str], by: User) -> int:
    """Record how people are: outcome codes by case, for the follow-up of each that is due. Raises CaseError for an
    unknown outcome, or a case of which nothing is due."""
    if set(outcomes.values()) - set(OUTCOMES):
        raise CaseError("outcome", _("Choose an outcome."))
    steps = {row.pk: _step(row, Verb.FOLLOW_UP, by) for row in _locked(list(outcomes))}
    before, due = last_outcomes(step.case for step in steps.values()), dict[UUID, FollowUp]()
    for row in FollowUp.objects.filter(case__in=steps, recorded_at=None, due_on__lte=clock.today()).order_by("-due_on"):
        due[row.case_id] = row
    if len(due) < len(steps):
        raise CaseError("too_early", _("It is too early: ask again on the day of the follow-up."))
    for outcome in sorted(set(outcomes.values())):
        mine = [step for pk, step in steps.items() if outcomes[pk] == outcome]
        for partner in {step.partner for step in mine}:
            rows = [due[step.case.pk].pk for step in mine if step.partner == partner]
            told = {"outcome": outcome, "recorded_at": clock.now(), "by": by, "partner": partner}
            FollowUp.objects.filter(pk__in=rows).update(**told)
        _finish(mine, Verb.FOLLOW_UP, outcome, by)
        for step in mine:
            say_of_life(step, outcome, before.get(step.case.pk, ""))
    return len(due)


def _locked(ids: Sequence[UUID]) -> list[Case]:
    """The people first, as everywhere, and whoever a case has come to by then."""
    people.hold_all(lambda: Case.objects.filter(pk__in=ids).values_list("person", flat=True))
    rows = Case.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "opportunity", "need", "owner", "receiver"
    )
    return list(rows.filter(pk__in=ids).order_by("pk"))


def _step(case: Case, verb: Verb, by: User) -> Step:
    """The system may write a list down for everybody; others for their own partner."""
    who = next((w for w in (Who.OWNER, Who.RECEIVER) if edge(case.stage, verb, w)), None)
    found = edge(case.stage, verb, who) if who else None
    if who is None or found is None:
        raise not_now()
    partner = case.owner if who is Who.OWNER else case.receiver
    if case.receiver_id not in (None, case.owner_id):
        raise CaseError("one_by_one", _("This is done case by case."))
    if not by.is_system and not queries.may_as(by, who, partner, verb):
        raise CaseError("not_yours", _("This case is with somebody else. You cannot do this."))
    return Step(case, verb, found.to, who, partner, by)


def _finish(steps: Sequence[Step], verb: Verb, reason: str, by: User) -> None:
    pending: dict[UUID, FollowUp] = {}
    ids = [step.case.pk for step in steps]
    for row in FollowUp.objects.filter(case__in=ids, recorded_at=None).order_by("-due_on", "-id"):
        pending[row.case_id] = row
    moved = []
    for step in steps:
        before, to_itself = step.case.state, step.case.owner if verb is Verb.REFER else step.case.receiver
        settle(step, receiver=to_itself, pending=pending.get(step.case.pk))
        moved.append(transition(step, before, reason, step.case.owner if verb is Verb.REFER else None))
    _keep([step.case for step in steps])
    Transition.objects.bulk_create(moved, batch_size=BATCH)
    _record(steps, verb, reason, by)


def _keep(cases: Sequence[Case]) -> None:
    """One statement for all that end up alike: most of a list do."""
    alike: dict[tuple[Any, ...], list[UUID]] = {}
    for case in cases:
        alike.setdefault(tuple(getattr(case, name) for name in SETTLED), []).append(case.pk)
    for values, ids in alike.items():
        Case.objects.filter(pk__in=ids).update(**dict(zip(SETTLED, values, strict=True)))


def _record(steps: Sequence[Step], verb: Verb, reason: str, by: User) -> None:
    """One entry for each case, by partner."""
    codes = sorted({step.partner.code if step.partner else "" for step in steps})
    for code in codes:
        mine = [step.case for step in steps if (step.partner.code if step.partner else "") == code]
        audit.record_many(by=by, verb=f"cases.{verb}", subjects=mine, fields=["state"], reason=reason, partner=code)
    if not steps:
        audit.record(by=by, verb=f"cases.{verb}", fields=["none"])


def _refer(steps: Sequence[Step], _reason: str) -> None:
    rows = [Referral(case=s.case, sender=s.case.owner, receiver=s.case.owner, sent_at=clock.now()) for s in steps]
    Referral.objects.bulk_create(rows, batch_size=BATCH)


def _receive(steps: Sequence[Step], _reason: str) -> None:
    _open_referrals(steps).update(answer=Answer.RECEIVED, answered_at=clock.now())


def _return(steps: Sequence[Step], reason: str) -> None:
    _end_referrals(steps, Answer.RETURNED, reason)


def _start(steps: Sequence[Step], _reason: str) -> None:
    _plan(steps, {})


def _end(steps: Sequence[Step], reason: str) -> None:
    _end_referrals(steps, Answer.DONE, reason)
    _plan(steps, follow_up_days(clock.today()))


def _open_referrals(steps: Sequence[Step]) -> QuerySet[Referral]:
    return Referral.objects.filter(case__in=[step.case.pk for step in steps], ended_at=None)


def _end_referrals(steps: Sequence[Step], answer: Answer, reason: str) -> None:
    now = clock.now()
    _open_referrals(steps).update(
        answer=answer, ended_at=now, answered_at=Coalesce("answered_at", Value(now)), reason=reason
    )


def _plan(steps: Sequence[Step], days: Mapping[int, dt.date]) -> None:
    FollowUp.objects.filter(case__in=[step.case.pk for step in steps], recorded_at=None).delete()
    rows = [FollowUp(case=step.case, after_days=n, due_on=day) for step in steps for n, day in days.items()]
    FollowUp.objects.bulk_create(rows, batch_size=BATCH)


WRITES: Mapping[Verb, Callable[[Sequence[Step], str], None]] = {
    Verb.REFER: _refer, Verb.RECEIVE: _receive, Verb.RETURN: _return, Verb.START: _start, Verb.COMPLETE: _end,
    Verb.LEAVE: _end,
}  # fmt: skip
