"""What a login is, and what a password must be."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules.addresses import Channel, How, is_address, normal_address, normal_login

__all__ = [
    "CHANGED", "MOST_TRIES", "PASSWORD_FAULTS", "RECOVERY_CODES", "TEXT_SIZES", "TOLD", "Channel", "How", "is_address",
    "normal_address", "normal_login", "password_faults",
]  # fmt: skip

RECOVERY_CODES = 10
MOST_TRIES = 5  # at a code of six digits
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


# What was changed about an account, as its owner is told.
CHANGED: Mapping[str, Promise] = {
    "email_asked": _("A new e-mail address was given for your account. It counts once it is confirmed."),
    "email": _("The e-mail address of your account was changed."),
    "email_gone": _("The e-mail address of your account was taken away."),
    "sms_asked": _("A new telephone number was given for your account. It counts once it is confirmed."),
    "sms": _("The telephone number of your account was changed."),
    "sms_gone": _("The telephone number of your account was taken away."),
    "line_asked": _("A LINE account was given for your account. It counts once it is confirmed."),
    "line": _("The LINE account of your account was changed."),
    "line_gone": _("The LINE account of your account was taken away."),
    "password": _("The password of your account was changed."),
    "second_factor": _("A second factor was set up for your account."),
    "second_factor_gone": _("The second factor of your account was taken away."),
    "recovery_codes": _("New recovery codes were made for your account; the old ones no longer work."),
    "role": _("Your account has a new role in a partner of the network."),
    "role_changed": _("A role of your account was changed."),
    "role_ended": _("A role of your account has ended."),
}

# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "accounts.accept": _("Opened an account by an invitation"),
    "accounts.add": _("Added an account"),
    "accounts.ask_line": _("Asked for a code to join LINE"),
    "accounts.line_message": _("A message came by LINE"),
    "accounts.line_lost": _("LINE was blocked: nothing goes there any more"),
    "accounts.address": _("Gave an address or a telephone number to be confirmed"),
    "accounts.address_confirmed": _("Confirmed an address or a telephone number"),
    "accounts.address_dropped": _("Took away an address or a telephone number"),
    "accounts.ask_owner": _("Sent a link or a code to confirm an address"),
    "accounts.ask_reset": _("Asked for a new password"),
    "accounts.change": _("Changed an account"),
    "accounts.code_try": _("Typed the code that was sent to a telephone"),
    "accounts.drop_second_factor": _("Took a second factor away"),
    "accounts.end_sessions": _("Signed an account out everywhere"),
    "accounts.password": _("Set a new password"),
    "accounts.proof": _("Was asked for the password again"),
    "accounts.recovery_codes": _("Had recovery codes made"),
    "accounts.second_factor": _("Set up a second factor"),
    "accounts.second_factor_try": _("Typed a code of the second factor"),
    "accounts.sign_in": _("Signed in"),
    "accounts.sign_out": _("Signed out"),
}
