"""The letter that says that there is something to read."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core.models import Letter
from okat.city.core.outbox import LetterKind, Words
from okat.city.core.registries import publish
from okat.city.notices import actions, queries
from okat.city.notices.rules import NEW


def new(letter: Letter) -> Words | None:
    """One letter for all that is new; none when the user has read it meanwhile."""
    rows = queries.to_mail(letter.user) if isinstance(letter.user, User) else []
    if not rows:
        return None
    letter.params = {"counted": [row.pk for row in rows]}  # what comes meanwhile is for the next letter
    subject = ngettext("You have a new message in Okat", "You have %(n)s new messages in Okat", len(rows)) % {
        "n": len(rows)
    }
    link = settings.SITE_URL + reverse("notices:list")
    return Words(
        subject=subject,
        body=_(
            "Sign in to read it:\n%(link)s\n\n"
            "This mail holds no details, to protect people's data. You can choose when such mails come:\n%(wish)s"
        )
        % {"link": link, "wish": settings.SITE_URL + reverse("notices:preference")},
        short=subject,
        link=link,
    )


def told(letter: Letter) -> None:
    if isinstance(letter.user, User):
        actions.mark_mailed(notices=queries.counted(letter.user, letter.params["counted"]))


def failed(letter: Letter) -> None:
    """No way took it: whoever can reach the reader otherwise is told what is unread."""
    if isinstance(letter.user, User):
        publish("notices.unsent", user=letter.user, notices=queries.to_mail(letter.user))


LETTERS = {NEW: LetterKind(new, told, failed)}
