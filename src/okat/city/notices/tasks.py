"""The letter that says that there is something to read."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from okat.city.accounts import queries as accounts
from okat.city.core import mail
from okat.city.core.jobs import RETRY
from okat.city.notices import actions, queries


@app.task(name="notices.send_letter", queue="mail", retry=RETRY)
def send_letter(user_id: int) -> None:
    """One letter for all that is new; nothing when the user has read it meanwhile."""
    user = accounts.user_by_id(user_id)
    if user is None or not user.is_active or not user.email:
        return
    new = queries.to_mail(user)
    if not new:
        return
    with translation.override(user.language):
        mail.send(
            to=user.email,
            subject=ngettext("You have a new message in Okat", "You have %(n)s new messages in Okat", len(new))
            % {"n": len(new)},
            body=_(
                "Sign in to read it:\n%(link)s\n\n"
                "This mail holds no details, to protect people's data. You can choose when such mails come:\n%(wish)s"
            )
            % {
                "link": settings.SITE_URL + reverse("notices:list"),
                "wish": settings.SITE_URL + reverse("notices:preference"),
            },
        )
    actions.mark_mailed(notices=new)
