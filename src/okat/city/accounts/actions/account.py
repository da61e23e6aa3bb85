"""Everything that changes an account."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from okat.city.accounts.actions.addresses import confirm_address, give_address
from okat.city.accounts.models import Invitation, Totp, User
from okat.city.accounts.queries import user_called
from okat.city.accounts.rules import RECOVERY_CODES, Channel, How, normal_login
from okat.city.core import audit, clock, crypto, ids
from okat.city.core.action import action
from okat.city.core.outbox import post


class LoginTakenError(ValueError):
    """Somebody else already signs in with this name, e-mail address or telephone number."""


@action
def add_user(
    *, login: str, name: str, password: str | None, by: User | None, addresses: Mapping[Channel, str] | None = None,
    language: str = "th", must_change_password: bool = False, demo: bool = False, confirmed: How | None = None,
) -> User:  # fmt: skip
    """A new account; without a password it sleeps until its invitation is accepted. Raises LoginTakenError.

    `confirmed` says how the addresses were shown to be its owner's; else they wait to be.
    """
    normal = normal_login(login)
    if User.objects.filter(login=normal).exists():
        raise LoginTakenError(normal)
    given = addresses or {}
    user = User.objects.make(
        normal, password, name=name, email=normal_login(given.get(Channel.EMAIL, "")),
        phone=normal_login(given.get(Channel.SMS, "")), language=language, demo=demo,
        must_change_password=must_change_password, is_active=password is not None,
    )  # fmt: skip
    user.save()
    audit.record(by=by, verb="accounts.add", subject=user, fields=["login", "name", "email", "phone"])
    for channel, value in given.items():
        address = give_address(user=user, channel=channel, value=value, by=by)
        if confirmed is not None:
            confirm_address(address=address, how=confirmed, by=by)
    return user


@action
def set_password(*, user: User, password: str, by: User | None, must_change: bool = False) -> None:
    """A new password; every session of the user ends (the caller keeps its own)."""
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by=by, verb="accounts.password", subject=user, fields=["password"])


@action
def change_account(*, user: User, name: str, email: str, phone: str, language: str, text_size: str, by: User) -> None:
    user.name, user.email, user.phone = name, email.strip().casefold(), normal_login(phone) if phone else ""
    user.language, user.text_size = language, text_size
    changed = ["name", "email", "phone", "language", "text_size"]
    user.save(update_fields=changed)
    audit.record(by=by, verb="accounts.change", subject=user, fields=changed)


@action
def note_sign_in(*, by: User) -> None:
    audit.record(by=by, verb="accounts.sign_in", subject=by)


@action
def note_sign_out(*, by: User) -> None:
    audit.record(by=by, verb="accounts.sign_out", subject=by)


@action
def end_sessions(*, user: User, by: User | None) -> None:
    """Sign `user` out everywhere."""
    user.sessions_round += 1
    user.save(update_fields=["sessions_round"])
    SessionStore.clear_expired()
    audit.record(by=by, verb="accounts.end_sessions", subject=user)


@action
def ask_reset(*, text: str, by: None = None) -> None:
    """Mail a link for a new password, if `text` means an account with an address. The caller cannot tell."""
    user = user_called(text)
    reason = "unknown"
    if user is not None and user.is_active and user.email and user.has_usable_password():
        post(kind="accounts.reset", user=user, channel="email", address=user.email, params={"user": user.pk})
        reason = "sent"
    audit.record(by=by, verb="accounts.ask_reset", subject=user, reason=reason)


@action
def invite(*, user: User, by: User | None) -> Invitation:
    """Send `user` a link to choose a password; earlier links stop working."""
    user.invitations.filter(used_at=None).update(expires_at=clock.now())
    invitation = Invitation(user=user, by=by, expires_at=clock.now() + dt.timedelta(days=settings.INVITATION_DAYS))
    invitation.save()
    if user.email:
        post(
            kind="accounts.invitation", user=user, channel="email", address=user.email,
            params={"invitation": invitation.pk},
        )  # fmt: skip
    audit.record(by=by, verb="accounts.invite", subject=user)
    return invitation


@action
def accept_invitation(*, invitation: Invitation, name: str, password: str, by: None = None) -> User | None:
    """The account opens with the chosen password; None when the link was used a moment before."""
    fresh = Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=clock.now())
    user = invitation.user
    audit.record(by=user, verb="accounts.accept", subject=user, reason="" if fresh else "used")
    if not fresh:
        return None
    user.name, user.is_active, user.must_change_password = name, True, False
    user.set_password(password)
    user.save(update_fields=["name", "is_active", "must_change_password", "password"])
    return user


@action
def set_up_second_factor(*, user: User, salt: str, by: User) -> list[str]:
    """From now on `user` is asked for a code. Gives the recovery codes, which are shown once and kept as hashes."""
    Totp.objects.filter(user=user).delete()
    Totp(user=user, name="app", key=salt, confirmed=True).save()
    user.second_factor = True
    user.save(update_fields=["second_factor"])
    audit.record(by=by, verb="accounts.second_factor", subject=user)
    return renew_recovery_codes(user=user, by=by)


@action
def renew_recovery_codes(*, user: User, by: User) -> list[str]:
    """Fresh codes; the old ones stop working."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice(user=user, name="recovery", confirmed=True)
    device.save()
    codes = [ids.receipt() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=_recovery_hash(code)) for code in codes])
    audit.record(by=by, verb="accounts.recovery_codes", subject=user)
    return codes


@action
def drop_second_factor(*, user: User, by: User | None) -> None:
    """For a lost telephone: the next sign-in of staff sets up a new one. Sessions end."""
    Totp.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    user.second_factor = False
    user.sessions_round += 1
    user.save(update_fields=["second_factor", "sessions_round"])
    audit.record(by=by, verb="accounts.drop_second_factor", subject=user)


@action
def try_second_factor(*, code: str, by: User) -> object | None:
    """The device whose code this is (an app's six digits or an unused recovery code), else None.

    The devices count failures themselves and make each wait twice as long as the one before.
    """
    typed = code.strip().upper().replace(" ", "")
    # Locked, so that a code sent twice at once counts once.
    kind = Totp if typed.isdecimal() else StaticDevice
    device = kind.objects.select_for_update().filter(user=by, confirmed=True).first()
    wanted = typed if typed.isdecimal() else _recovery_hash(typed)
    fits = device is not None and device.verify_token(wanted)
    audit.record(by=by, verb="accounts.second_factor_try", subject=by, reason="right" if fits else "wrong")
    return device if fits else None


def _recovery_hash(code: str) -> str:
    return crypto.keyed_hash(code.replace("-", ""), "recovery")[:16]  # the column holds 16
