"""People who sign in. What they may do comes from their memberships (partners)."""

import hmac
from base64 import b32encode
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.signing import dumps
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from okat.city.accounts.rules.addresses import MAX_ADDRESS, Channel, How, normal_login
from okat.city.core import clock
from okat.city.core.classify import classify


class UserManager(BaseUserManager["User"]):
    def make(self, login: str, password: str | None, **values: object) -> "User":
        """An unsaved user with a hashed password; None makes an account that cannot sign in."""
        user = self.model(login=self.normalise(login), **values)
        user.set_password(password)
        return user

    @staticmethod
    def normalise(login: str) -> str:
        return normal_login(login)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=self.normalise(username or ""))


class User(AbstractBaseUser):
    """`login` is a name given by the city team, or an address that was shown to be the user's."""

    PRIVACY = classify(
        neither="id is_active is_system language text_size last_login joined_at demo must_change_password"
                " second_factor sessions_round",
        personal="login name password",
        purpose="sign-in and messages", basis="PDPA s.24(3)", keep_days=730,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    login = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=160)
    language = models.CharField(max_length=2, default="th")
    text_size = models.CharField(max_length=10, default="normal")
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)  # acts for jobs; never signs in
    demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)  # has one, and is asked for it at each sign-in
    sessions_round = models.PositiveIntegerField(default=0)  # raising it ends every session of this user
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["login"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def places(self) -> str:
        """Every address that was given, for the check that a password is none of them."""
        return " ".join(row.value for row in self.addresses.all()) if self.pk else ""

    def get_session_auth_hash(self) -> str:
        """Sessions live as long as the password and the round in which they began."""
        return salted_hmac(
            "okat.accounts.session", f"{self.password}:{self.sessions_round}", algorithm="sha256"
        ).hexdigest()


class Address(models.Model):
    """Where an account's owner can be reached. It counts only once its owner has confirmed it: until then it signs
    nobody in, is found by nobody, and keeps nobody else from confirming the same one."""

    PRIVACY = classify(
        neither="id channel confirmed_at how made_at proof proof_until tries", personal="user value",
        purpose="sign-in and messages", basis="PDPA s.24(3)", keep_days=730,
    )  # fmt: skip
    SALT = "okat.accounts.address"

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=5, choices=[(c.value, c.value) for c in Channel])
    value = models.CharField(max_length=MAX_ADDRESS)  # rules.normal_address
    made_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=7, blank=True, choices=[(h.value, h.value) for h in How])
    proof = models.CharField(max_length=64, blank=True)  # keyed hash of the code that was sent
    proof_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One owner for one address, and one address of a kind for one owner; what was only typed does not count.
            models.UniqueConstraint(
                fields=["channel", "value"], condition=models.Q(confirmed_at__isnull=False), name="address_of_one"
            ),
            models.UniqueConstraint(
                fields=["user", "channel"], condition=models.Q(confirmed_at__isnull=False), name="address_confirmed"
            ),
            models.UniqueConstraint(
                fields=["user", "channel"], condition=models.Q(confirmed_at=None), name="address_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, how="")
                | models.Q(confirmed_at__isnull=False) & ~models.Q(how=""),
                name="address_says_how",
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def token(self) -> str:
        """Signed, so that no row of the database holds a working link; it names the spelling that it was sent to."""
        return dumps([self.pk, self.value], salt=self.SALT)


class Totp(TOTPDevice):  # type: ignore[misc]  # django-otp ships no types
    """A time-based one-time code (RFC 6238). The row holds a salt; the secret needs the city's key file as well."""

    PRIVACY = classify()  # a proxy has no fields of its own

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        return totp_secret(self.key)


def totp_secret(salt: str) -> bytes:
    """20 bytes, as RFC 4226 section 4 advises."""
    return hmac.new(settings.KEYRING.lookup, f"totp:{salt}".encode(), "sha256").digest()[:20]


def totp_text(salt: str) -> str:
    """The secret as people type it into an app."""
    return b32encode(totp_secret(salt)).decode()
