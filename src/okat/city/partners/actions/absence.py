"""Days on which somebody does not work: what waits for them stands with their team."""

import datetime as dt

from okat.city.accounts.models import User
from okat.city.core import audit, clock, permissions
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.partners.actions._may import MembershipRefusedError
from okat.city.partners.models import Absence, Membership
from okat.city.partners.queries import partners_where


@action
def note_absence(*, user: User, since: dt.date, until: dt.date, by: User) -> Absence:
    """`user` is away from `since` to `until`, noted by themself or by whoever manages them; an earlier note that has
    not passed is replaced. Raises MembershipRefusedError: `not_yours`, or `days` for an end that is no end."""
    _refuse(user, by)
    if until < since or until < clock.today():
        raise MembershipRefusedError("days")
    _end(user)
    made = Absence.objects.create(user=user, since=since, until=until, by=by, made_at=clock.now())
    audit.record(by=by, verb="partners.absence", subject=user, fields=["since", "until"])
    return made


@action
def end_absence(*, user: User, by: User) -> None:
    """Back again, or not leaving after all. Raises MembershipRefusedError (`not_yours`)."""
    _refuse(user, by)
    _end(user)
    audit.record(by=by, verb="partners.end_absence", subject=user, fields=["until"])


def _end(user: User) -> None:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    Absence.objects.filter(user=user, ended_at=None).update(ended_at=clock.now())


def _refuse(user: User, by: User) -> None:
    if user.pk == by.pk or by.is_system:
        return
    managed = partners_where(by, Permission.MANAGE_PARTNER)
    team = Membership.objects.current().filter(user=user)
    if not (
        (permissions.may(by, Permission.MANAGE_NETWORK) and team.exists()) or team.filter(partner__in=managed).exists()
    ):
        raise MembershipRefusedError("not_yours")
