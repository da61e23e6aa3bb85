"""Members of a partner: who works here, as what, and where."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.accounts.queries import user_called
from okat.city.accounts.rules import Channel
from okat.city.core import audit, clock, permissions
from okat.city.core.action import action
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import last_manager, roles_of
from okat.city.partners.rules import Role, check_member, grantable
from okat.city.places.models import Area


class AlreadyMemberError(ValueError):
    """This person has this role in this partner already."""


class MembershipRefusedError(ValueError):
    """The role or the areas are not for `by` to give, or the partner has left; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@action
def add_member(*, partner: Partner, user: User, role: Role, by: User, areas: Iterable[Area] = ()) -> Membership:
    """Give `user` a role. Raises MembershipRefusedError or AlreadyMemberError."""
    wanted = list(areas)
    _refuse(partner, role, wanted, by)
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
def invite_member(
    *, partner: Partner, name: str, email: str, role: Role, by: User, areas: Iterable[Area] = (), language: str = "th"
) -> Membership:
    """A role for whoever has this e-mail address: a known account gets it now, a new one by an invitation."""
    user = user_called(email)
    if user is None:
        user = accounts.add_user(
            login=email, name=name, addresses={Channel.EMAIL: email}, password=None, language=language, by=by
        )
    membership = add_member(partner=partner, user=user, role=role, areas=areas, by=by)
    if not user.is_active and not user.has_usable_password():
        accounts.invite(user=user, by=by)
    return membership


@action
def change_areas(*, membership: Membership, areas: Iterable[Area], by: User) -> None:
    """Where the member works from now on; no areas mean the partner's own."""
    wanted = list(areas)
    _refuse(membership.partner, Role(membership.role), wanted, by)
    membership.areas.set(wanted)
    audit.record(
        by=by, verb="partners.change_areas", subject=membership.user, fields=["areas"], partner=membership.partner.code
    )


@action
def end_membership(*, membership: Membership, by: User) -> None:
    """The role ends today and with it everything that it opened; sessions end so that nothing stays open.

    Raises MembershipRefusedError where it would leave the partner without anybody who manages it.
    """
    if membership.role == Role.MANAGER and last_manager(membership):
        raise MembershipRefusedError("last_manager")
    if Role(membership.role) not in grantable(_permissions(by)):
        raise MembershipRefusedError("role")
    if membership.ended_on is None:
        membership.ended_on = clock.today()
        membership.save(update_fields=["ended_on"])
        accounts.end_sessions(user=membership.user, by=by)
    audit.record(by=by, verb="partners.end_member", subject=membership.user, partner=membership.partner.code)


@action
def reset_member(*, membership: Membership, by: User) -> None:
    """A member lost the telephone or never got the letter: drop the second factor, or invite again."""
    # Whoever also holds a higher role elsewhere is not for this partner's manager to weaken.
    if not roles_of(membership.user) <= grantable(_permissions(by)):
        raise MembershipRefusedError("role")
    if membership.user.is_active:
        accounts.drop_second_factor(user=membership.user, by=by)
    else:
        accounts.invite(user=membership.user, by=by)
    audit.record(by=by, verb="partners.reset_member", subject=membership.user, partner=membership.partner.code)


def _refuse(partner: Partner, role: Role, areas: list[Area], by: User) -> None:
    code = check_member(
        role, _permissions(by), left=partner.left_on is not None, inside=all(partner.area.holds(a) for a in areas)
    )
    if code:
        raise MembershipRefusedError(code)


def _permissions(by: User) -> frozenset[permissions.Permission]:
    """The system acts for whoever runs the command line on the server, and may all."""
    return frozenset(permissions.Permission) if by.is_system else permissions.of(by)
