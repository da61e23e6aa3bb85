"""A case that ends by what everybody knows, or by what follows from elsewhere."""

from okat.city.accounts.models import User
from okat.city.cases.actions._move import Step, begin, end_referral, plan_follow_ups, settle, transition
from okat.city.cases.models import Case, FollowUp, Goal
from okat.city.cases.rules import Answer, GoalStatus, State, Verb, Who
from okat.city.core import audit, clock, planned
from okat.city.people import actions as people


def end_with(case: Case, why: str, by: User) -> tuple[State, Case]:
    """The outcome, and the end: nobody is asked to record or to close anything. How the case stood, and the case. Where
    a life ends or moves, every app ends its own (core.registries.LIFE); else the caller says that the case has ended.
    """
    step = begin(case, Verb.FOLLOW_UP, by, None, system=True)
    row, before = step.case, step.case.stage
    end_referral(row, Answer.DONE, by, "")
    plan_follow_ups(row, {})
    FollowUp.objects.create(
        case=row, after_days=0, due_on=clock.today(), outcome=why, recorded_at=clock.now(), by=by, partner=row.owner
    )
    goals = Goal.objects.filter(case=row, status=GoalStatus.OPEN)
    for goal in goals:
        people.end_grant(source=f"goal:{goal.pk}", by=by)
    goals.update(status=GoalStatus.DROPPED, ended_at=clock.now())
    people.end_grant(source=f"case:{row.pk}", by=by)
    settle(step, receiver=None, pending=None)
    if row.person is not None:  # an offer that waits to be sent or brought does not stand any more
        people.drop_slips(people=[row.person.pk], app="cases", about=row.pk, by=by)
    planned.insert(transition(step, before, why))
    closing = Step(row, Verb.CLOSE, State.CLOSED, Who.SYSTEM, None, by)
    settle(closing, receiver=None, pending=None)
    planned.insert(transition(closing, State.OUTCOME))
    planned.update(row)
    audit.record(by=by, verb="cases.close", subject=row, fields=["state"], reason=why)
    return before, row
