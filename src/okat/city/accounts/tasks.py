"""Letters about an account. The links are made when the letter is, so that no job row holds one that works."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from okat.city.accounts import queries
from okat.city.core import mail
from okat.city.core.jobs import RETRY


@app.task(name="accounts.send_reset", queue="mail", retry=RETRY)
def send_reset(user_id: int) -> None:
    user = queries.user_by_id(user_id)
    if user is None or not user.is_active or not user.email:
        return
    uid, token = queries.reset_parts(user)
    link = settings.SITE_URL + reverse("accounts:reset", args=[uid, token])
    with translation.override(user.language):
        mail.send(
            to=user.email,
            subject=_("Choose a new password for Okat"),
            body=_(
                "Somebody, probably you, asked for a new password.\n\n"
                "Open this address within one hour to choose one:\n%(link)s\n\n"
                "If it was not you, do nothing: your password stays as it is."
            )
            % {"link": link},
        )


@app.task(name="accounts.send_invitation", queue="mail", retry=RETRY)
def send_invitation(invitation_id: int) -> None:
    invitation = queries.invitation_to_send(invitation_id)
    if invitation is None:
        return
    link = settings.SITE_URL + reverse("accounts:invitation", args=[invitation.token()])
    with translation.override(invitation.user.language):
        mail.send(
            to=invitation.user.email,
            subject=_("You are invited to Okat"),
            body=_(
                "A partner of the city's network has made an account for you.\n\n"
                "Open this address within %(days)s days to choose a password. It works once:\n%(link)s\n\n"
                "If you did not expect this, do nothing."
            )
            % {"days": settings.INVITATION_DAYS, "link": link},
        )
