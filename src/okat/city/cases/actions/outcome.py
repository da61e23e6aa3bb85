"""How a placement ended, how the person is later, and closing: only an outcome closes."""

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.actions._move import Step, begin, end_referral, finish, plan_follow_ups, seal
from okat.city.cases.actions._said import last_outcomes, say_of_life
from okat.city.cases.models import Case, FollowUp, Goal
from okat.city.cases.rules import (
    FINAL,
    OF_LIFE,
    OUTCOMES,
    Answer,
    CaseError,
    GoalStatus,
    State,
    Verb,
    Who,
    check_reason,
    follow_up_days,
    may_close,
)
from okat.city.core import clock
from okat.city.core.action import action
from okat.city.people import actions as people


@action
def complete(*, case: Case, by: User, version: int | None = None) -> Case:
    """The placement is completed: the referral ends, and three follow-ups are planned for the responsible partner."""
    step = begin(case, Verb.COMPLETE, by, version)
    return _ended(step, "")


@action
def leave(*, case: Case, reason: str, by: User, version: int | None = None) -> Case:
    check_reason(Verb.LEAVE, reason)
    step = begin(case, Verb.LEAVE, by, version)
    say_of_life(step, reason)
    done = _ended(step, reason)
    if step.who is not Who.PERSON and reason not in OF_LIFE:
        _tell_left(step)
    return done


def _tell_left(step: Step) -> None:
    """An office wrote so, and what the person had by it has ended: they can say that it is not right."""
    case, office = step.case, step.partner or step.case.owner
    if case.person is not None and case.person.user_id != step.by.pk:
        own = case.person.user
        url = queries.page_for(own, case) if own is not None else ""
        params = {"title": case.titles[0], "partner": office.th}
        people.tell(people=[case.person], kind="cases.stopped", params=params, url=url, about=case.pk, by=step.by)


def _ended(step: Step, reason: str) -> Case:
    end_referral(step.case, Answer.DONE, step.by, reason)
    plan_follow_ups(step.case, follow_up_days(clock.today()))
    return finish(step, reason=reason)


@action
def record_follow_up(*, case: Case, outcome: str, by: User, note: str = "", version: int | None = None) -> FollowUp:
    """Record how the person is: the follow-up that is due next. Without a placement there is one outcome, and it must
    be final; a final one that was wrong is put right by another. Raises CaseError for an unknown outcome, or one that
    is recorded before its day."""
    if outcome not in OUTCOMES:
        raise CaseError("outcome", _("Choose an outcome."))
    step = begin(case, Verb.FOLLOW_UP, by, version)
    placed = step.case.stage in (State.COMPLETED, State.LEFT, State.OUTCOME)
    due = queries.next_follow_up(step.case) if placed else None
    if not placed and outcome not in FINAL:
        raise CaseError("not_final", _("Nothing was taken up: propose something else, or choose a final outcome."))
    before = last_outcomes([step.case]).get(step.case.pk, "")
    if due is None and placed and before not in FINAL:
        raise CaseError("all_recorded", _("All outcomes are recorded. Close the case."))
    row = due or FollowUp(case=step.case, after_days=0, due_on=clock.today())
    if outcome not in FINAL and row.due_on > clock.today():
        raise CaseError("too_early", _("It is too early: ask again on the day of the follow-up."))
    row.outcome, row.note_sealed, row.recorded_at = outcome, seal(step.case, note), clock.now()
    row.by, row.partner = by, step.partner
    row.save()
    say_of_life(step, outcome, before)
    finish(step, reason=outcome)
    return row


@action
def close(*, case: Case, by: User, version: int | None = None) -> Case:
    """Close the case. Raises CaseError unless the last outcome is recorded, or one after which nobody asks again."""
    step = begin(case, Verb.CLOSE, by, version)
    rows = list(FollowUp.objects.filter(case=step.case, taken_back_at=None))
    done = sorted((r for r in rows if r.recorded_at), key=lambda r: (r.recorded_at or clock.now(), r.pk))
    if not may_close(len(rows) - len(done), done[-1].outcome if done else ""):
        raise CaseError("outcome_first", _("Only an outcome closes a case: record the remaining follow-ups first."))
    goals = Goal.objects.filter(case=step.case, status=GoalStatus.OPEN)
    for goal in goals:
        people.end_grant(source=f"goal:{goal.pk}", by=by)
    goals.update(status=GoalStatus.DROPPED, ended_at=clock.now())
    people.end_grant(source=f"case:{step.case.pk}", by=by)
    return finish(step)
