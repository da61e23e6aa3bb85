"""Roles are offered to whoever holds an address, and taken by that person's own yes."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.accounts.queries import asleep_called, owner_of
from okat.city.accounts.rules import Channel, How, normal_address
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.outbox import post
from okat.city.partners.actions._may import AlreadyMemberError, MembershipRefusedError, lock_partner, refuse
from okat.city.partners.models import Invitation, Membership, Partner
from okat.city.partners.queries import why_not
from okat.city.partners.rules import Answer, Role
from okat.city.places.models import Area


class InvitationOverError(ValueError):
    """It cannot be taken up; `code` says why (queries.why_not)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@action
@guarded
def invite_member(
    *, partner: Partner, name: str, email: str, role: Role, by: User, areas: Iterable[Area] = (), language: str = "th"
) -> Invitation:
    """Offer a role to whoever holds this address. Nobody has it until they accept; an earlier offer of the same role to
    the same address is called back. Raises MembershipRefusedError, AlreadyMemberError, ValueError for no address."""
    wanted, address = list(areas), normal_address(Channel.EMAIL, email)
    refuse(partner, role, wanted, by)
    owner = owner_of(address)
    if owner is not None and Membership.objects.filter(partner=partner, user=owner, role=role, ended_on=None).exists():
        raise AlreadyMemberError(owner.login)
    for earlier in Invitation.objects.filter(partner=partner, role=role, address=address, answered_at=None):
        recall_invitation(invitation=earlier, by=by)
    invitation = Invitation(
        partner=partner, role=role, address=address, name=name, language=language, by=by, expires_at=_days_from_now()
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:  # somebody else invited the same in this moment
        raise AlreadyMemberError(address) from error
    invitation.areas.set(wanted)
    _send(invitation)
    audit.record(by=by, verb="partners.invite", subject=invitation, partner=partner.code, reason=role.value)
    return invitation


@action
@guarded
def invite_again(*, invitation: Invitation, by: User) -> None:
    """A fresh link for some days more, in the name of `by`; the earlier link stops working."""
    fresh = _open(invitation)
    refuse(fresh.partner, Role(fresh.role), list(fresh.areas.all()), by)
    fresh.by, fresh.expires_at = by, _days_from_now()
    fresh.save(update_fields=["by", "expires_at"])
    _send(fresh)
    audit.record(by=by, verb="partners.invite_again", subject=fresh, partner=fresh.partner.code)


@action
@guarded
def recall_invitation(*, invitation: Invitation, by: User) -> None:
    """It no longer stands; its link says so. Raises InvitationOverError where it was answered in the meantime."""
    fresh = _open(invitation)
    _answered(fresh, Answer.RECALLED)
    audit.record(by=by, verb="partners.recall", subject=fresh, partner=fresh.partner.code)


@action
@guarded
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """`by` holds the link and takes the role. The address becomes theirs where the account had none: the link was sent
    there. Raises InvitationOverError; MembershipRefusedError where whoever invited may no longer give the role."""
    lock_partner(invitation.partner)
    fresh = _open(invitation)
    code = why_not(fresh, by)
    if code:
        raise InvitationOverError(code)
    if owner_of(fresh.address) is None:
        _take_address(by, fresh.address)
    areas = list(fresh.areas.all())
    if fresh.by is None:
        raise MembershipRefusedError("role")
    refuse(fresh.partner, Role(fresh.role), areas, fresh.by)
    membership = Membership(partner=fresh.partner, user=by, role=fresh.role, began_on=clock.today())
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise AlreadyMemberError(by.login) from error
    membership.areas.set(areas)
    fresh.accepted_by = by
    _answered(fresh, Answer.ACCEPTED)
    audit.record(by=by, verb="partners.accept", subject=by, partner=fresh.partner.code, reason=fresh.role)
    accounts.tell_change(user=by, what="role", by=by)
    return membership


@action
@guarded
def accept_as_new(*, invitation: Invitation, name: str, password: str, by: None = None) -> User:
    """As `accept_invitation`, by somebody who has no account yet: one is opened under the address that the link was
    sent to. Raises LoginTakenError where an account has that name already, too."""
    lock_partner(invitation.partner)  # before the invitation, as there
    fresh = _open(invitation)
    code = why_not(fresh, None) or ("other_account" if owner_of(fresh.address) is not None else "")
    if code:
        raise InvitationOverError(code)
    user = asleep_called(fresh.address)
    if user is None:
        user = accounts.add_user(
            login=fresh.address, name=name, password=password, addresses={Channel.EMAIL: fresh.address},
            confirmed=How.LINK, language=fresh.language, by=by,
        )  # fmt: skip
    else:
        accounts.wake_user(user=user, name=name, password=password, by=user)
        _take_address(user, fresh.address)
    accept_invitation(invitation=fresh, by=user)
    return user


@action
def decline_invitation(*, invitation: Invitation, by: User | None) -> None:
    """Whoever holds the link does not want the role."""
    fresh = _open(invitation)
    _answered(fresh, Answer.DECLINED)
    audit.record(by=by, verb="partners.decline", subject=fresh, partner=fresh.partner.code)


def _open(invitation: Invitation) -> Invitation:
    """Locked, and still without an answer."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True).select_related("partner__area", "by")
    fresh = rows.get(pk=invitation.pk)
    if fresh.answered_at is not None:
        raise InvitationOverError(fresh.answer)
    return fresh


def _answered(invitation: Invitation, answer: Answer) -> None:
    invitation.answered_at, invitation.answer = clock.now(), answer
    invitation.save(update_fields=["answered_at", "answer", "accepted_by"])


def _take_address(user: User, value: str) -> None:
    address = accounts.give_address(user=user, channel=Channel.EMAIL, value=value, by=user, ask=False)
    accounts.confirm_address(address=address, how=How.LINK, by=user)


def _send(invitation: Invitation) -> None:
    post(
        kind="partners.invitation", channel=Channel.EMAIL.value, address=invitation.address,
        params={"invitation": invitation.pk}, language=invitation.language,
    )  # fmt: skip


def _days_from_now() -> dt.datetime:
    return clock.now() + dt.timedelta(days=settings.INVITATION_DAYS)
