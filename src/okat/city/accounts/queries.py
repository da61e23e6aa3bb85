"""Finding accounts."""

import secrets

from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, loads
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django_otp.oath import TOTP

from okat.city.accounts.models import Invitation, Totp, User, totp_secret
from okat.city.accounts.rules import normal_login
from okat.city.core import clock

SYSTEM_LOGIN = "system"


def system_user() -> User:
    """The account under which jobs and imports from the command line act; made when the tables are (apps.py)."""
    return User.objects.get(login=SYSTEM_LOGIN)


def user_by_id(pk: int) -> User | None:
    return User.objects.filter(pk=pk).first()


def user_called(text: str) -> User | None:
    """The account with this login, else the only one with this e-mail address or telephone number."""
    wanted = normal_login(text)
    if not wanted:
        return None
    exact = User.objects.filter(login=wanted, is_system=False).first()
    if exact is not None:
        return exact
    found = list(User.objects.filter(Q(email__iexact=wanted) | Q(phone=wanted), is_system=False)[:2])
    return found[0] if len(found) == 1 else None


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
