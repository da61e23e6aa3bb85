"""Finding accounts."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.signing import BadSignature, loads
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django_otp.oath import TOTP

from okat.city.accounts.models import Address, Totp, User, totp_secret
from okat.city.accounts.rules import Channel, normal_login
from okat.city.core import crypto
from okat.city.core.numbers import whole
from okat.city.core.outbox import channels
from okat.city.core.together import Together
from okat.thai.digits import to_arabic

SYSTEM_LOGIN = "system"
LINK_DAYS = 3  # a link that confirms an address


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


def asleep_called(login: str) -> User | None:
    """An account of this login that nobody has ever opened."""
    user = User.objects.filter(login=normal_login(login), is_active=False, is_system=False).first()
    return user if user is not None and not user.has_usable_password() else None


def login_for(text: str) -> str:
    """The login meant by what somebody typed, so that failures are counted for one account under one name."""
    user = user_called(text)
    return user.login if user else normal_login(text)


def addresses_of(user: User) -> list[Address]:
    """What counts and what waits, by channel."""
    return sorted(user.addresses.all(), key=lambda row: (list(Channel).index(Channel(row.channel)), row.pk))


def goes(channel: Channel) -> bool:
    """Whether the city has a server by which anything goes out on this channel."""
    return channels.goes(channel.value)


def waiting(user: User, channel: Channel) -> Address | None:
    """What was given for this channel and is not confirmed yet."""
    return user.addresses.filter(channel=channel, confirmed_at=None).select_related("user").first()


def address_of_link(token: str) -> Address | None:
    """The address that a link was sent to, while it stands as it was then; confirmed or not."""
    try:
        pk, value = loads(token, salt=Address.SALT, max_age=LINK_DAYS * 24 * 3600)
    except (BadSignature, ValueError, TypeError):
        return None
    return Address.objects.filter(pk=pk, value=value).select_related("user").first()


def address_to_ask(pk: int) -> Address | None:
    return Address.objects.filter(pk=pk, confirmed_at=None).first()


def code_hash(address: Address, code: str) -> str:
    return crypto.keyed_hash(f"{address.pk}:{code.strip()}", "address")


class _ResetTokens(PasswordResetTokenGenerator):
    """Ends also when the account's confirmed addresses change: an old mailbox holds no key."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{sorted(reachable([user])[user.pk].items())}"


_reset_tokens = _ResetTokens()


def reset_parts(user: User) -> tuple[str, str]:
    """The two parts of a link that sets a new password: works once, for an hour (PASSWORD_RESET_TIMEOUT)."""
    return urlsafe_base64_encode(force_bytes(user.pk)), _reset_tokens.make_token(user)


def user_of_reset(uid: str, token: str) -> User | None:
    try:
        pk = whole(urlsafe_base64_decode(uid).decode())
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_system=False).first() if pk is not None else None
    return user if user and _reset_tokens.check_token(user, token) else None


def totp_of(user: User) -> Totp | None:
    found: Totp | None = Totp.objects.filter(user=user, confirmed=True).first()
    return found


def new_totp_salt() -> str:
    """What a new second factor starts from; 160 random bits."""
    return secrets.token_hex(20)


def totp_step(salt: str, code: str) -> int | None:
    """The half-minute in which an app that read the QR code of `salt` shows `code`: now or one beside it, else None."""
    number = whole(to_arabic(code).replace(" ", ""))
    totp = TOTP(totp_secret(salt))
    return totp.t() if number is not None and totp.verify(number, tolerance=1) else None
