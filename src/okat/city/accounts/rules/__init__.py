"""What a login is, and what a password must be."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules.addresses import Channel, How, is_address, normal_address, normal_login

__all__ = [
    "PASSWORD_FAULTS", "RECOVERY_CODES", "TEXT_SIZES", "TOLD", "Channel", "How", "is_address", "normal_address",
    "normal_login", "password_faults",
]  # fmt: skip

RECOVERY_CODES = 10
TEXT_SIZES = (("normal", _("Normal")), ("large", _("Large")), ("largest", _("Largest")))

# Django's own validators do the checking; these are our words for what they find, by their code.
PASSWORD_FAULTS: dict[str, str | Promise] = {
    "password_too_short": _(
        "Too short: use at least 12 letters, for example three words that only you would put together."
    ),
    "password_too_common": _("Too many people use this password. Choose another."),
    "password_too_similar": _("Too close to your name, e-mail or phone. Choose another."),
    "password_entirely_numeric": _("Only digits is too easy to guess. Add some letters."),
}


def password_faults(codes: Iterable[str]) -> list[str | Promise]:
    """Our words for what the validators found."""
    return [PASSWORD_FAULTS.get(code, _("This password cannot be used. Choose another.")) for code in codes]


# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "accounts.accept": _("Took up an invitation"),
    "accounts.add": _("Added an account"),
    "accounts.address": _("Gave an address or a telephone number to be confirmed"),
    "accounts.address_confirmed": _("Confirmed an address or a telephone number"),
    "accounts.ask_reset": _("Asked for a new password"),
    "accounts.change": _("Changed an account"),
    "accounts.drop_second_factor": _("Took a second factor away"),
    "accounts.end_sessions": _("Signed an account out everywhere"),
    "accounts.invite": _("Invited somebody to an account"),
    "accounts.password": _("Set a new password"),
    "accounts.recovery_codes": _("Had recovery codes made"),
    "accounts.second_factor": _("Set up a second factor"),
    "accounts.second_factor_try": _("Typed a code of the second factor"),
    "accounts.sign_in": _("Signed in"),
    "accounts.sign_out": _("Signed out"),
}
