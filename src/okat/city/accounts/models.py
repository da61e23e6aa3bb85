"""People who sign in. What they may do comes from their memberships (partners)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from okat.city.core.classify import classify


class UserManager(BaseUserManager["User"]):
    def make(self, login: str, password: str | None, **values: object) -> "User":
        """An unsaved user with a hashed password; None makes an account that cannot sign in."""
        user = self.model(login=self.normalise(login), **values)
        user.set_password(password)
        return user

    @staticmethod
    def normalise(login: str) -> str:
        return login.strip().casefold()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=self.normalise(username or ""))


class User(AbstractBaseUser):
    """`login` is an e-mail address, a telephone number or a name given by the city team."""

    PRIVACY = classify(
        neither="id is_active is_system language text_size last_login joined_at demo must_change_password",
        personal="login name email phone password",
        purpose="sign-in and messages", basis="PDPA s.24(3)", keep_days=730,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    login = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=160)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, default="th")
    text_size = models.CharField(max_length=10, default="normal")
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)  # acts for jobs; never signs in
    demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
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
