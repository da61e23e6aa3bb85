"""Finding accounts."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, loads
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django_otp.oath import TOTP

from okat.city.accounts.models import Address, Invitation, Totp, User, totp_secret
from okat.city.accounts.rules import Channel, normal_login
from okat.city.core import clock
from okat.city.core.together import Together

SYSTEM_LOGIN = "system"


def system_user() -> User:
    """The account under which jobs and imports from the command line act; made when the tables are (apps.py)."""
    return User.objects.get(login=SYSTEM_LOGIN)


def holds_real_users() -> bool:
    """Whether anybody has an account that no demo made; the system's own does not count."""
    return User.objects.filter(demo=False, is_system=False).exists()


def open_demo_accounts() -> list[str]:
    """Logins of the demo's accounts with which somebody could sign in."""
    rows = User.objects.filter(demo=True, is_active=True, is_system=False)
    return [user.login for user in rows if user.has_usable_password()]


def user_by_id(pk: int) -> User | None:
    return User.objects.filter(pk=pk).first()


def user_called(text: str) -> User | None:
    """The account that somebody means who signs in: whose confirmed address this is, else whose login."""
    return owner_of(text) or User.objects.filter(login=normal_login(text), is_system=False).first()


def owner_of(text: str) -> User | None:
    """The account whose owner confirmed this e-mail address or telephone number."""
    rows = Address.objects.filter(
        value=normal_login(text), channel__in=[Channel.EMAIL, Channel.SMS], confirmed_at__isnull=False
    )
    found = rows.select_related("user").first()
    return found.user if found is not None else None


_CONFIRMED = Together(int, rows=lambda user: Address.objects.filter(user=user, confirmed_at__isnull=False))


def reachable(users: Iterable[User]) -> dict[int, dict[Channel, str]]:
    """Where each user can be reached, by the user's id: confirmed addresses only, at most one of a channel. A user whom
    nothing reaches outside the application has an empty entry."""
    asked = list(users)
    found: dict[int, dict[Channel, str]] = {user.pk: {} for user in asked}
    alone = len(found) == 1  # as most messages go
    rows = (
        _CONFIRMED.of(asked[0].pk)["rows"]
        if alone
        else Address.objects.filter(user__in=found, confirmed_at__isnull=False)
    )
    for row in rows:
        found[row.user_id][Channel(row.channel)] = row.value
    return found


def login_for(text: str) -> str:
    """The login meant by what somebody typed, so that failures are counted for one account under one name."""
    user = user_called(text)
    return user.login if user else normal_login(text)


def reset_parts(user: User) -> tuple[str, str]:
    """The two parts of a link that sets a new password: works once, for an hour (PASSWORD_RESET_TIMEOUT)."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def user_of_reset(uid: str, token: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_system=False).first()
    return user if user and default_token_generator.check_token(user, token) else None


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link, while it is unused and in time."""
    try:
        pk = loads(token, salt=Invitation.SALT)
    except BadSignature:
        return None
    return (
        Invitation.objects.filter(pk=pk, used_at=None, expires_at__gt=clock.now()).select_related("user", "by").first()
    )


def invitation_to_send(pk: int) -> Invitation | None:
    return Invitation.objects.filter(pk=pk, used_at=None).select_related("user", "by").first()


def totp_of(user: User) -> Totp | None:
    found: Totp | None = Totp.objects.filter(user=user, confirmed=True).first()
    return found


def new_totp_salt() -> str:
    """What a new second factor starts from; 160 random bits."""
    return secrets.token_hex(20)


def totp_matches(salt: str, code: str) -> bool:
    """Whether `code` is what an app shows now that read the QR code of `salt` (one step either way)."""
    digits = code.replace(" ", "")
    return digits.isdecimal() and bool(TOTP(totp_secret(salt)).verify(int(digits), tolerance=1))
