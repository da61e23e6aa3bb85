"""The letter that offers a role. Its link is made when the letter goes, so that no row holds one that works."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from okat.city.core.models import Letter
from okat.city.core.outbox import LetterKind, Words
from okat.city.partners import queries

LETTERS_A_DAY = 6  # to one address, whichever partners invite


def invitation(letter: Letter) -> Words | None:
    found = queries.invitation_to_send(letter.params["invitation"])
    if found is None:
        return None
    partner = found.partner.en if translation.get_language() == "en" else found.partner.th
    values = {
        "link": settings.SITE_URL + reverse("partners:invitation", args=[found.token()]), "partner": partner,
        "days": settings.INVITATION_DAYS,
    }  # fmt: skip
    return Words(
        subject=_("You are invited to Okat"),
        body=_(
            "%(partner)s asks you to work with it in the city's network.\n\n"
            "Open this address within %(days)s days to see what it is about, and to say yes or no:\n%(link)s\n\n"
            "If you did not expect this, do nothing."
        )
        % values,
        short=_("%(partner)s invites you to Okat. Say yes or no within %(days)s days: %(link)s") % values,
    )


LETTERS = {"partners.invitation": LetterKind(invitation, a_day=LETTERS_A_DAY)}
