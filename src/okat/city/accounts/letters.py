"""Letters about an account. The links are made when the letter goes, so that no row holds one that works."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts import queries
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


def invitation(letter: Letter) -> Words | None:
    found = queries.invitation_to_send(letter.params["invitation"])
    if found is None:
        return None
    link = settings.SITE_URL + reverse("accounts:invitation", args=[found.token()])
    values = {"days": settings.INVITATION_DAYS, "link": link}
    return Words(
        subject=_("You are invited to Okat"),
        body=_(
            "A partner of the city's network has made an account for you.\n\n"
            "Open this address within %(days)s days to choose a password. It works once:\n%(link)s\n\n"
            "If you did not expect this, do nothing."
        )
        % values,
        short=_("You are invited to Okat. Choose a password within %(days)s days: %(link)s") % values,
    )


LETTERS = {"accounts.reset": LetterKind(reset), "accounts.invitation": LetterKind(invitation)}
