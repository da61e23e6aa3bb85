"""What happens by itself each morning."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.core.tries import tries


@app.periodic(cron="0 0 * * *", periodic_id="cases.remind")  # midnight UTC: seven in the morning here
@app.task(name="cases.remind", queue="notices", pass_context=False)
def remind(timestamp: int) -> None:
    """Close what nobody may move any more, and call late cases late. `timestamp` is the run's due time; the city's own
    clock says what day it is."""
    by = system_user()
    with tries() as attempt:
        attempt(actions.end_unheld, by=by)
        attempt(actions.remind_overdue, by=by)
