"""What the clock does: merges whose time to be undone as a whole is over are settled."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.tries import tries
from okat.city.people import actions
from okat.city.people.queries.grown import not_told, silent
from okat.city.people.queries.joining import to_settle


@app.periodic(cron="20 17,23 * * *", periodic_id="people.settle")  # just after midnight here, and before work begins
@app.task(name="people.settle", queue="notices", pass_context=False)
def settle(timestamp: int) -> None:
    """`timestamp` is the run's due time; what is due stands in the rows."""
    by = system_user()
    with tries() as attempt:
        for merge in to_settle(clock.now()):
            attempt(actions.settle_merge, merge=merge, by=by)


@app.periodic(cron="45 17 * * *", periodic_id="people.grown")  # a quarter to one at night here
@app.task(name="people.grown", queue="notices", pass_context=False)
def grown(timestamp: int) -> None:
    """Birthdays: `timestamp` is the run's due time; the city's own clock says what day it is."""
    by = system_user()
    with tries() as attempt:
        for person in not_told(clock.today()):
            attempt(actions.ask_grown, person=person, by=by)
        for person in silent(clock.today()):
            attempt(actions.end_guardians, person=person, by=by)
