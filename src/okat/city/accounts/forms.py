"""Forms of the account pages. Field names and autocomplete let password managers and phones help."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.accounts.rules import TEXT_SIZES, Channel, normal_address, password_faults
from okat.city.core.forms import OkatForm
from okat.thai.digits import to_arabic

LANGUAGES = (("th", "ไทย"), ("en", "English"))


def password_input(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class SignInForm(OkatForm):
    login = forms.CharField(
        label=_("E-mail, phone or sign-in name"), max_length=120, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=password_input("current-password")
    )


class ForgottenForm(OkatForm):
    login = forms.CharField(
        label=_("E-mail, phone or sign-in name"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip


class NewPasswordForm(OkatForm):
    """A password typed twice, checked by Django's validators, explained in our words."""

    password = forms.CharField(
        label=_("New password"), max_length=200, strip=False, widget=password_input("new-password"),
        help_text=_("At least 12 letters. Three words of your own are easy to remember and hard to guess."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password once more"), max_length=200, strip=False, widget=password_input("new-password")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.user)
        except ValidationError as error:
            raise ValidationError([*password_faults(e.code or "" for e in error.error_list)]) from error
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return data


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Present password"), max_length=200, strip=False, widget=password_input("current-password")
    )
    field_order = ("old", "password", "again")

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("This is not your present password."))
        return old


class NewAccountForm(NewPasswordForm):
    name = forms.CharField(label=_("Your name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "password", "again")


class CodeForm(OkatForm):
    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )  # fmt: skip


class ProofForm(OkatForm):
    """The password, or what the authenticator app shows, asked for once more."""

    proof = forms.CharField(
        label=_("Your password, or the code that your app shows now"), max_length=200, strip=False,
        widget=password_input("current-password"),
    )  # fmt: skip


class SentCodeForm(OkatForm):
    code = forms.CharField(
        label=_("The six digits"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return to_arabic(self.cleaned_data["code"]).replace(" ", "")


class AddressForm(OkatForm):
    value = forms.CharField(max_length=200)

    LOOKS: ClassVar[Mapping[Channel, tuple[Any, str, str, Any]]] = {
        Channel.EMAIL: (
            _("E-mail"), "email", "email", _("This is not an e-mail address, like somchai@example.org.")
        ),
        Channel.SMS: (
            _("Phone"), "tel", "tel", _("This is not a Thai telephone number, like 081-234-5678.")
        ),
    }  # fmt: skip

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        label, autocomplete, mode, self.fault = self.LOOKS[channel]
        self.fields["value"].label = label
        self.fields["value"].widget.attrs |= {
            "autocomplete": autocomplete, "inputmode": mode, "autocapitalize": "none", "spellcheck": "false",
        }  # fmt: skip

    def clean_value(self) -> str:
        try:
            return normal_address(self.channel, self.cleaned_data["value"])
        except ValueError as error:
            raise ValidationError(self.fault) from error


class AccountForm(OkatForm):
    name = forms.CharField(label=_("Your name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    text_size = forms.ChoiceField(label=_("Text size"), choices=TEXT_SIZES)
