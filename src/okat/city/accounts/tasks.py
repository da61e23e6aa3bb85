"""Jobs of versions before the outbox, which may still wait after an upgrade or stand in a backup that is restored.

Nothing makes them any more. They keep their names, so that no worker meets a job that it does not know.
"""

import logging

from procrastinate.contrib.django import app

from okat.city.accounts import actions, queries

log = logging.getLogger(__name__)


@app.task(name="accounts.send_reset", queue="mail", pass_context=False)
def send_reset(user_id: int) -> None:
    """Asked for before the upgrade: asked for again, so that it goes where a confirmed address is."""
    user = queries.user_by_id(user_id)
    if user is not None:
        actions.ask_reset(text=user.login)


@app.task(name="accounts.send_invitation", queue="mail", pass_context=False)
def send_invitation(invitation_id: int) -> None:
    """Its link would open nothing: who had not followed it stands among the partner's invitations, to be sent anew."""
    log.warning("invitation %s of before the upgrade was not sent; invite again on the members' page", invitation_id)
