"""Accounts and their passwords."""

from collections.abc import Mapping

from django.contrib.sessions.backends.db import SessionStore

from okat.city.accounts.actions._telling import tell_change
from okat.city.accounts.actions.addresses import confirm_address, give_address
from okat.city.accounts.models import User
from okat.city.accounts.queries import reachable, user_called
from okat.city.accounts.rules import Channel, How, is_address, normal_login
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.limits import wait_for
from okat.city.core.outbox import post

RESETS, RESET_SECONDS = 3, 1800  # letters with a link; the link works twice as long, so its owner always holds one


class LoginTakenError(ValueError):
    """Somebody else already signs in with this name, e-mail address or telephone number."""


class LoginUnprovenError(ValueError):
    """An e-mail address or telephone number becomes a login only with a proof that it is its owner's."""


@action
def add_user(
    *, login: str, name: str, password: str | None, by: User | None, addresses: Mapping[Channel, str] | None = None,
    language: str = "th", must_change_password: bool = False, demo: bool = False, confirmed: How | None = None,
) -> User:  # fmt: skip
    """A new account. Raises LoginTakenError, LoginUnprovenError, ValueError for what is no address.

    `confirmed` says how the addresses were shown to be its owner's; else they wait to be.
    """
    normal, given = normal_login(login), addresses or {}
    if is_address(normal) and (confirmed is None or normal not in {normal_login(value) for value in given.values()}):
        raise LoginUnprovenError(normal)
    if User.objects.filter(login=normal).exists():
        raise LoginTakenError(normal)
    user = User.objects.make(
        normal, password, name=name, language=language, demo=demo, must_change_password=must_change_password,
        is_active=password is not None,
    )  # fmt: skip
    user.save()
    audit.record(by=by, verb="accounts.add", subject=user, fields=["login", "name", *given])
    for channel, value in given.items():
        address = give_address(user=user, channel=channel, value=value, by=by, ask=confirmed is None)
        if confirmed is not None:
            confirm_address(address=address, how=confirmed, by=by)
    return user


@action
@guarded
def wake_user(*, user: User, name: str, password: str, by: User) -> None:
    """An account that never had a password gets its owner's; whoever calls has seen a proof of its login."""
    if user.is_active or user.has_usable_password():
        raise LoginTakenError(user.login)
    user.name, user.is_active = name, True
    user.set_password(password)
    user.save(update_fields=["name", "is_active", "password"])
    audit.record(by=by, verb="accounts.accept", subject=user)


@action
@guarded
def set_password(*, user: User, password: str, by: User | None, must_change: bool = False) -> None:
    """A new password; every session of the user ends (the caller keeps its own)."""
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by=by, verb="accounts.password", subject=user, fields=["password"])
    tell_change(user=user, what="password", by=by)


@action
def change_account(*, user: User, name: str, language: str, text_size: str, by: User) -> None:
    user.name, user.language, user.text_size = name, language, text_size
    changed = ["name", "language", "text_size"]
    user.save(update_fields=changed)
    audit.record(by=by, verb="accounts.change", subject=user, fields=changed)


@action
def note_sign_in(*, by: User) -> None:
    audit.record(by=by, verb="accounts.sign_in", subject=by)


@action
def note_sign_out(*, by: User) -> None:
    audit.record(by=by, verb="accounts.sign_out", subject=by)


@action
def note_proof(*, right: bool, by: User) -> None:
    """Somebody was asked for the password once more."""
    audit.record(by=by, verb="accounts.proof", subject=by, reason="right" if right else "wrong")


@action
def end_sessions(*, user: User, by: User | None) -> None:
    """Sign `user` out everywhere."""
    user.sessions_round += 1
    user.save(update_fields=["sessions_round"])
    SessionStore.clear_expired()
    audit.record(by=by, verb="accounts.end_sessions", subject=user)


@action
def ask_reset(*, text: str, by: None = None) -> None:
    """Send a link for a new password to the account that `text` means, if it has confirmed an address. The caller
    cannot tell."""
    user = user_called(text)
    ways = reachable([user])[user.pk] if user is not None and user.is_active and user.has_usable_password() else {}
    way = next((channel for channel in (Channel.EMAIL, Channel.SMS) if channel in ways), None)
    said = "unknown"
    if user is not None and way is not None:
        # Strangers may ask as well: no more than a few letters, and of those that lie there one works still.
        often = wait_for(name="reset", who=str(user.pk), limit=RESETS, seconds=RESET_SECONDS)
        said = "too often" if often else "sent"
        if not often:
            params = {"user": user.pk}
            post(kind="accounts.reset", user=user, channel=way.value, address=ways[way], params=params)
    audit.record(by=by, verb="accounts.ask_reset", subject=user, reason=said)
