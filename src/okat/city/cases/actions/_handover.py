"""Cases of a partner that leaves: what it is responsible for, and what it holds for others."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.cases.actions._move import Step, begin, end_referral, finish, lock, tell, transition, whose_turn
from okat.city.cases.actions._owner import to_new_owner
from okat.city.cases.models import Case, Goal, Referral
from okat.city.cases.rules import AWAY, OFFICE_LEFT, Answer, GoalStatus, Verb, Who
from okat.city.core import audit, clock
from okat.city.core.registries import HANDOVER, Holding
from okat.city.partners.models import Partner
from okat.city.people import actions as people


def register() -> None:
    HANDOVER.register(
        "50 cases.owned",
        Holding(
            ("cases.Case.owner", "cases.Case.acts_next"),
            lambda n: ngettext("%(n)s case that it is responsible for", "%(n)s cases that it is responsible for", n)
            % {"n": n},
            lambda partner: _owned(partner).count(),
            taken=_("it is responsible for them; whoever acts next is told"), hand=_hand_owned,
            people=lambda partner: _owned(partner).values_list("person", flat=True),
        ),
    )  # fmt: skip
    HANDOVER.register(
        "51 cases.held",
        Holding(
            ("cases.Case.receiver", "cases.Referral.receiver", "cases.Referral.sender"),
            lambda n: ngettext("%(n)s case that was passed to it", "%(n)s cases that were passed to it", n) % {"n": n},
            lambda partner: _received(partner).count(),
            taken=_("it goes on with them where they stand"), hand=_hand_received,
            closed=_("they come back to the partner that is responsible"), close=_bring_back,
            people=lambda partner: _received(partner).values_list("person", flat=True),
        ),
    )  # fmt: skip
    HANDOVER.register(
        "52 cases.goal",
        Holding(
            ("cases.Goal.partner",),
            lambda n: ngettext("%(n)s goal of a case plan", "%(n)s goals of case plans", n) % {"n": n},
            lambda partner: _goals(partner).count(),
            taken=_("it works for them"), hand=_hand_goals,
            closed=_("they are dropped; the responsible partner sees it in the plan"), close=_drop_goals,
            people=lambda partner: _goals(partner).values_list("case__person", flat=True),
        ),
    )  # fmt: skip


def _owned(partner: Partner) -> QuerySet[Case]:
    return Case.objects.filter(owner=partner, closed_at=None).order_by("pk")


def _received(partner: Partner) -> QuerySet[Case]:
    return Case.objects.filter(receiver=partner, state__in=AWAY).order_by("pk")


def _goals(partner: Partner) -> QuerySet[Goal]:
    return Goal.objects.filter(partner=partner, status=GoalStatus.OPEN)


def _hand_owned(*, partner: Partner, to: Partner, by: User) -> None:
    for case in _owned(partner).select_related("person__user", "opportunity", "need"):
        to_new_owner(case, to, OFFICE_LEFT, by)


def _hand_received(*, partner: Partner, to: Partner, by: User) -> None:
    """The referral stays the same one: what it opened ends with it, as it would have."""
    for case in _received(partner).select_related("person__user", "opportunity", "need", "owner"):
        row = lock(case)
        Referral.objects.filter(case=row, ended_at=None).update(receiver=to)
        row.receiver, row.version, row.reminded_on = to, row.version + 1, None
        row.acts_next = whose_turn(row, row.stage)
        row.save()
        step = Step(row, Verb.HAND_OVER, row.stage, Who.SYSTEM, None, by)
        transition(step, case.state, OFFICE_LEFT, to).save(force_insert=True)
        audit.record(by=by, verb="cases.hand_over", subject=row, fields=["receiver"], partner=to.code)
        tell(row, by, "cases.handed_over")


def _bring_back(*, partner: Partner, by: User) -> None:
    for case in _received(partner):
        step = begin(case, Verb.RETURN, by, None, system=True)
        end_referral(step.case, Answer.RETURNED, by, OFFICE_LEFT)
        finish(step, reason=OFFICE_LEFT)


def _hand_goals(*, partner: Partner, to: Partner, by: User) -> None:
    _goals(partner).update(partner=to)


def _drop_goals(*, partner: Partner, by: User) -> None:
    for goal in _goals(partner):
        people.end_grant(source=f"goal:{goal.pk}", by=by)
    Goal.objects.filter(Q(pk__in=_goals(partner))).update(status=GoalStatus.DROPPED, ended_at=clock.now())
