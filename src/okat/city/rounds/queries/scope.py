"""Who may see and steer which round, application and appeal: the one place that says it for rounds."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission, may
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for, visible_to
from okat.city.rounds.models import Appeal, Application, Decision, Round
from okat.city.rounds.rules import Status


def public_rounds() -> QuerySet[Round]:
    """Every round whose rules are published."""
    return Round.objects.exclude(status=Status.DRAFT).select_related("partner")


def open_public(pk: UUID) -> Round:
    found = public_rounds().filter(pk=pk).first()
    if found is None:
        raise Http404("round")
    return found


def rounds_of(user: Any) -> QuerySet[Round]:
    """The rounds of the partners for which the user plans or runs rounds."""
    if not isinstance(user, User):
        return Round.objects.none()
    return Round.objects.filter(partner__in=offices_run_by(user)).select_related("partner", "key", "run_by")


def offices_run_by(user: User) -> set[int]:
    """The partners for which the user plans or runs rounds."""
    both = (Permission.PLAN_ROUNDS, Permission.RUN_ROUNDS)
    return {partner.pk for permission in both for partner in partners_where(user, permission)}


def open_mine(user: Any, pk: UUID) -> Round:
    found = rounds_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404("round")
    return found


def may_steer(user: User, round_: Round, permission: Permission) -> bool:
    """Whether the user may take this kind of step: a member of the round's partner with the permission, or a job."""
    return user.is_system or any(p.pk == round_.partner_id for p in partners_where(user, permission))


def may_apply_for(user: User, person: Person) -> bool:
    """The person's own account, or a worker whose partner holds the record and who may enter applications."""
    return may_act_for(user, person, Permission.APPLY_FOR_OTHERS)


def applications_for(user: Any) -> QuerySet[Application]:
    """Applications that the user may open: the own ones, and those of people in the user's scope."""
    if not isinstance(user, User):
        return Application.objects.none()
    wanted = Q(person__user=user)
    if may(user, Permission.APPLY_FOR_OTHERS):
        wanted |= Q(person__in=visible_to(user))
    return Application.objects.filter(wanted).select_related("round__partner", "round__key", "person__key", "result")


def open_application(user: Any, pk: UUID) -> Application:
    found = applications_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404("application")
    return found


def open_own(user: Any, pk: UUID) -> Application:
    """The application of the user's own record: what is for nobody else. Raises Http404 for all others, staff too."""
    found = applications_for(user).filter(pk=pk, person__user=user).first() if isinstance(user, User) else None
    if found is None:
        raise Http404("application")
    return found


def appeals_for(user: Any) -> QuerySet[Appeal]:
    """Requests for review of the rounds of the user's partners that the user may answer."""
    if not isinstance(user, User):
        return Appeal.objects.none()
    partners = partners_where(user, Permission.ANSWER_APPEALS)
    rows = Appeal.objects.filter(application__round__partner__in=partners)
    return rows.select_related("application__round", "application__person__key", "application__result__place")


def open_appeal(user: Any, pk: UUID) -> Appeal:
    found = appeals_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404("appeal")
    return found


def may_answer(user: User, round_: Round) -> bool:
    """Whether the user may answer a request for review: of the round's partner, never a program, and did not run it."""
    steers = not user.is_system and may_steer(user, round_, Permission.ANSWER_APPEALS)
    return steers and not ran(user, round_)


def ran(user: User, round_: Round) -> bool:
    """Whether the user ran the round, or decided it."""
    return user.pk == round_.run_by_id or Decision.objects.filter(round=round_, version=1, by=user).exists()


def may_draw(user: User, round_: Round) -> bool:
    """Who may enter or confirm the public draw: people of the round's partner who run it, and its named auditors; never
    a program."""
    steers = may_steer(user, round_, Permission.RUN_ROUNDS)
    return not user.is_system and (steers or may_audit(user, round_))


def may_audit(user: User, round_: Round) -> bool:
    """A named auditor of this round who holds the permission."""
    return may(user, Permission.AUDIT_DECISIONS) and round_.auditors.filter(pk=user.pk).exists()
