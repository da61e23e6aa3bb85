"""Members of a partner: who works here, as what, and where."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.core import audit, clock, registries
from okat.city.core.action import action
from okat.city.core.connections import one_at_a_time
from okat.city.core.fresh import guarded
from okat.city.core.permissions import Permission
from okat.city.partners.actions._may import (
    COORDINATORS,
    AlreadyMemberError,
    MembershipRefusedError,
    lock_partner,
    permissions_of_giver,
    refuse,
)
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import last_manager, nobody_left, roles_of, works_elsewhere
from okat.city.partners.rules import Role, grantable
from okat.city.places.models import Area


@action
@guarded
def add_member(*, partner: Partner, user: User, role: Role, by: User, areas: Iterable[Area] = ()) -> Membership:
    """Give `user` a role at once: for the command line and the demonstration. Everybody else invites.

    Raises MembershipRefusedError or AlreadyMemberError.
    """
    wanted, partner = list(areas), lock_partner(partner)
    refuse(partner, role, wanted, by)
    membership = Membership(partner=partner, user=user, role=role, began_on=clock.today())
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise AlreadyMemberError(user.login) from error
    membership.areas.set(wanted)
    audit.record(by=by, verb="partners.add_member", subject=user, partner=partner.code, reason=role.value)
    return membership


@action
@guarded
def change_areas(*, membership: Membership, areas: Iterable[Area], by: User) -> None:
    """Where the member works from now on; no areas mean the partner's own."""
    wanted, membership = list(areas), _locked(membership)
    refuse(membership.partner, Role(membership.role), wanted, by)
    if wanted and membership.role == Role.MANAGER and last_manager(membership):
        raise MembershipRefusedError("last_manager")  # whoever answers for the partner reaches all of it
    membership.areas.set(wanted)
    audit.record(
        by=by, verb="partners.change_areas", subject=membership.user, fields=["areas"], partner=membership.partner.code
    )
    accounts.tell_change(user=membership.user, what="role_changed", by=by)


@action
@guarded
def end_membership(*, membership: Membership, by: User) -> None:
    """The role ends today and with it everything that it opened; sessions end so that nothing stays open.

    Raises MembershipRefusedError where it would leave the partner without anybody who manages it, or the network
    without a city team.
    """
    given, membership = membership, _locked(membership)
    if why := nobody_left(membership):
        raise MembershipRefusedError(why)
    if Role(membership.role) not in grantable(permissions_of_giver(by, membership.partner)):
        raise MembershipRefusedError("role")
    if membership.ended_on is None:
        given.ended_on = membership.ended_on = clock.today()
        membership.save(update_fields=["ended_on"])
        accounts.end_sessions(user=membership.user, by=by)
        accounts.tell_change(user=membership.user, what="role_ended", by=by)
        registries.publish("membership.ended", membership=membership, by=by)
    audit.record(by=by, verb="partners.end_member", subject=membership.user, partner=membership.partner.code)


def _locked(membership: Membership) -> Membership:
    """As it stands now; of one partner's memberships one changes at a time, so that two who end each other see it."""
    if membership.role == Role.COORDINATOR:
        one_at_a_time(COORDINATORS)
    lock_partner(membership.partner)
    return (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner__area", "user")
        .get(pk=membership.pk)
    )


@action
@guarded
def reset_member(*, membership: Membership, by: User) -> None:
    """A member lost the telephone: the next sign-in sets up a new second factor.

    Whoever also works for a partner that `by` does not manage, or holds a higher role, is not for `by` to weaken: the
    city team does that. Raises MembershipRefusedError.
    """
    mine = permissions_of_giver(by, membership.partner)
    if Permission.MANAGE_NETWORK not in mine:
        if works_elsewhere(membership.user, by):
            raise MembershipRefusedError("elsewhere")
        if not roles_of(membership.user) <= grantable(mine):
            raise MembershipRefusedError("role")
    accounts.drop_second_factor(user=membership.user, by=by)
    audit.record(by=by, verb="partners.reset_member", subject=membership.user, partner=membership.partner.code)
