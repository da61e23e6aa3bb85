"""Letters about an account. The links are made when the letter goes, so that no row holds one that works."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts import queries
from okat.city.accounts.rules import CHANGED
from okat.city.core.models import Letter
from okat.city.core.outbox import LetterKind, Words


def reset(letter: Letter) -> Words | None:
    user = queries.user_by_id(letter.params["user"])
    if user is None or not user.is_active:
        return None
    uid, token = queries.reset_parts(user)
    link = {"link": settings.SITE_URL + reverse("accounts:reset", args=[uid, token])}
    return Words(
        subject=_("Choose a new password for Okat"),
        body=_(
            "Somebody, probably you, asked for a new password.\n\n"
            "Open this address within one hour to choose one:\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is."
        )
        % link,
        short=_("Okat: choose a new password within one hour: %(link)s") % link,
    )


def confirm(letter: Letter) -> Words | None:
    """A link for an e-mail address, a code for a telephone; nothing once it is confirmed or another was given."""
    address = queries.address_to_ask(letter.params["address"])
    if address is None or address.value != letter.secret.get("address"):
        return None
    code = letter.secret.get("code", "")
    if code:
        text = _("Okat: %(code)s is the code for your telephone number. Tell it to nobody.") % {"code": code}
        return Words(subject=_("Your code for Okat"), body=text, short=text)
    values = {
        "link": settings.SITE_URL + reverse("accounts:confirm", args=[address.token()]), "days": queries.LINK_DAYS,
    }  # fmt: skip
    return Words(
        subject=_("Is this your address? Confirm it for Okat"),
        body=_(
            "Somebody, probably you, gave this address for an account in Okat.\n\n"
            "Open this address within %(days)s days, signed in to that account, to confirm it:\n%(link)s\n\n"
            "If it was not you, do nothing: the address then does not count."
        )
        % values,
        short=_("Okat: confirm your address within %(days)s days: %(link)s") % values,
    )


def changed(letter: Letter) -> Words | None:
    what = letter.params["what"]
    if what not in CHANGED:
        return None
    values = {"what": str(CHANGED[what]), "link": settings.SITE_URL + reverse("accounts:account")}
    return Words(
        subject=_("Your account in Okat was changed"),
        body=_(
            "%(what)s\n\n"
            "Was it you? Then there is nothing to do.\n\n"
            "If not, sign in, choose a new password and sign out on all devices:\n%(link)s\n"
            "If you cannot sign in any more, tell your office or the city team today."
        )
        % values,
        short=_("Okat: %(what)s Not you? Tell your office today.") % values,
    )


def line(_letter: Letter) -> Words:
    text = _("Messages of Okat will come here from now on. Block this account to end that.")
    return Words(subject=text, body=text, short=text)


LETTERS = {
    "accounts.line": LetterKind(line),
    "accounts.reset": LetterKind(reset),
    "accounts.confirm": LetterKind(confirm),
    "accounts.changed": LetterKind(changed),
}
