"""The job of versions before the outbox, which may still wait after an upgrade or stand in a backup that is restored.

Nothing makes it any more. It keeps its name, so that no worker meets a job that it does not know.
"""

from procrastinate.contrib.django import app

from okat.city.accounts import queries as accounts
from okat.city.notices import actions


@app.task(name="notices.send_letter", queue="mail", pass_context=False)
def send_letter(user_id: int) -> None:
    """Its hour has come: the letter goes through the outbox, and tells what is still unread."""
    user = accounts.user_by_id(user_id)
    if user is not None:
        actions.send_unread(user=user, by=accounts.system_user())
