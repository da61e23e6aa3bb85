"""The case plan: goals in several sectors, each with the partner that is to reach it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.actions._move import lock, needed_consent, not_seen, person_of, seal
from okat.city.cases.models import Case, Goal
from okat.city.cases.rules import CaseError, GoalStatus, Sector, State, Verb, Who
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people import actions as people
from okat.city.people.rules import Why


@action
def add_goal(
    *, case: Case, sector: Sector, partner: Partner, text: str, by: User, due_on: dt.date | None = None
) -> Goal:
    """Add a goal. Another partner shares the case by the person's consent (for a child: the guardian's), as long as
    its goal is open. Raises CaseError without it."""
    check_stay(partner.pk)
    row = lock(case)
    _owner(row, by)
    person = person_of(row)
    if row.stage is State.CLOSED or not text.strip():
        raise CaseError("goal", _("Say in a few words what is to be reached, in an open case."))
    goal = Goal(case=row, sector=sector, partner=partner, due_on=due_on, by=by, made_at=clock.now())
    goal.text_sealed = seal(row, text)
    goal.save(force_insert=True)
    if partner.pk != row.owner_id:
        consent = needed_consent(person, partner, sensitive=case.tells)
        people.grant(
            person=person, partner=partner, reason=Why.REFERRAL, source=f"goal:{goal.pk}", rests_on=consent, by=by
        )
    audit.record(by=by, verb="cases.add_goal", subject=row, fields=["goals"], partner=partner.code, reason=sector)
    return goal


@action
def end_goal(*, goal: Goal, status: GoalStatus, by: User) -> Goal:
    """Met or dropped: by the responsible partner or the goal's own; what the goal let somebody see ends."""
    lock(goal.case)
    row = Goal.objects.select_for_update(of=("self",), no_key=True).select_related("case", "partner").get(pk=goal.pk)
    if all(p.pk != row.partner_id for p in queries.partners_of(by)):
        _owner(row.case, by)
    if not any(queries.works_for(by, row.case, permission) for permission in queries.PERMITTED):
        raise not_seen()
    if row.status == GoalStatus.OPEN:
        row.status, row.ended_at = status, clock.now()
        row.save(update_fields=["status", "ended_at"])
        people.end_grant(source=f"goal:{row.pk}", by=by)
    audit.record(by=by, verb="cases.end_goal", subject=row.case, fields=["goals"], reason=status)
    return row


def _owner(case: Case, by: User) -> None:
    roles = queries.roles_in(by, case)
    if Who.OWNER not in roles or not queries.may_as(by, Who.OWNER, roles[Who.OWNER], Verb.REFER):
        raise CaseError("not_yours", _("The plan is kept by the responsible partner."))
    if not queries.works_for(by, case, Permission.REFER):
        raise not_seen()
