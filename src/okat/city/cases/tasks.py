"""What happens by itself each morning."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.cases import actions, queries
from okat.city.core import clock
from okat.city.core.tries import tries

MOST = 2000  # late cases that one morning calls late; the others wait for the next


@app.periodic(cron="0 0 * * *", periodic_id="cases.remind")  # midnight UTC: seven in the morning here
@app.task(name="cases.remind", queue="notices", pass_context=False)
def remind(timestamp: int) -> None:
    """Close what nobody may move any more, and call late cases late. `timestamp` is the run's due time; the city's own
    clock says what day it is."""
    by = system_user()
    with tries() as attempt:
        for case in queries.to_end():
            attempt(actions.end_unheld, case=case, by=by)
        for case in queries.left_behind():
            attempt(actions.leave_behind, case=case, by=by)
        for case in queries.overdue(clock.today())[:MOST]:
            attempt(actions.remind_overdue, case=case, by=by)
