"""What becomes of cases when a person dies, moves, or comes back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.cases.actions._move import (
    Step,
    begin,
    end_referral,
    plan_follow_ups,
    settle,
    tell,
    transition,
    whose_turn,
)
from okat.city.cases.actions._owner import to_new_owner
from okat.city.cases.models import Case, FollowUp, Goal
from okat.city.cases.rules import OPEN_STATES, Answer, GoalStatus, State, Verb, Who, due_on
from okat.city.core import audit, clock, planned
from okat.city.core.action import action
from okat.city.core.templatetags.okat import words
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.people.queries.team import partners_reaching

DONE = frozenset({State.DECLINED, State.COMPLETED, State.LEFT, State.OUTCOME})  # only the outcome was still asked for


@action
def end_cases(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    """Open cases close with the outcome that everybody knows by now; what the person takes part in goes on unless
    `begun`."""
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).order_by("pk")
    rows = rows if begun else rows.exclude(state=State.ACTIVE)
    ended = [end_with(case, why, by) for case in rows]
    audit.record(by=by, verb="cases.end", subject=person, fields=["state"], reason=why)
    return ended


def end_with(case: Case, why: str, by: User) -> str:
    """The outcome, and the end: nobody is asked to record or to close anything."""
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
    planned.insert(transition(step, before, why))
    closing = Step(row, Verb.CLOSE, State.CLOSED, Who.SYSTEM, None, by)
    settle(closing, receiver=None, pending=None)
    planned.insert(transition(closing, State.OUTCOME))
    planned.update(row)
    audit.record(by=by, verb="cases.close", subject=row, fields=["state"], reason=why)
    return f"{before}:{row.pk}"


@action
def resume_cases(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """A closed case stays closed: what it was about is proposed again by the partner that was responsible. What was
    only being followed up stays as it is."""
    left = []
    for name in ended:
        state, _colon, key = name.partition(":")
        old = Case.objects.filter(pk=key, person=person).select_related("opportunity", "need", "owner").first()
        if old is None:
            continue
        if State(state) in DONE or old.owner.left_on is not None:
            told = _("“%(title)s” stays closed: nobody asks any more how it went.")
            left.append(told % {"title": words(old)})
            continue
        _again(old, by)
        told = _("“%(title)s” is proposed again by %(partner)s; what had been passed on is agreed anew.")
        left.append(told % {"title": words(old), "partner": words(old.owner)})
    audit.record(by=by, verb="cases.resume", subject=person, fields=["state"])
    return left


def _again(old: Case, by: User) -> None:
    case = Case(
        person=old.person, opportunity=old.opportunity, need=old.need, goal_sealed=old.goal_sealed, source=old.source,
        owner=old.owner, state=State.OFFERED, due_on=due_on(State.OFFERED, clock.today()), opened_by=by,
        opened_at=clock.now(),
    )  # fmt: skip
    case.acts_next = whose_turn(case, State.OFFERED)
    case.save(force_insert=True)
    planned.insert(transition(Step(case, Verb.PROPOSE, State.OFFERED, Who.SYSTEM, case.owner, by), ""))
    tell(case, by)


@action
def follow_move(*, person: Person, by: User) -> int:
    """Cases whose responsible partner has nobody where the person lives now go to one that has, and that may see the
    person; how many."""
    there = {partner.pk: partner for partner in partners_reaching(person, person.area)}
    home = there.get(person.registered_by_id) or next(iter(there.values()), None)
    rows = Case.objects.filter(person=person, state__in=OPEN_STATES).exclude(owner__in=there).order_by("pk")
    moved = sum(to_new_owner(case, home, "moved", by) for case in rows) if home is not None else 0
    audit.record(by=by, verb="cases.follow_move", subject=person, fields=["owner"])
    return moved
