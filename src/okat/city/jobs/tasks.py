"""What happens by itself each night."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.jobs import actions


@app.periodic(cron="30 19 * * *", periodic_id="jobs.forget")  # UTC: half past two in the morning here
@app.task(name="jobs.forget", queue="notices", pass_context=False)
def forget(timestamp: int) -> None:
    """Forget talks that have served. `timestamp` is the run's due time; the city's own clock says what day it is."""
    actions.forget_talks(by=system_user())
