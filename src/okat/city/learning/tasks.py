"""What the clock does: places that nobody answered for go to the next in line."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.core.tries import tries
from okat.city.learning import actions
from okat.city.learning.queries import line


@app.periodic(cron="15 17,23 * * *", periodic_id="learning.tend")  # just after midnight here, and before work begins
@app.task(name="learning.tend", queue="notices", pass_context=False)
def tend(timestamp: int) -> None:
    """`timestamp` is the run's due time; the city's own clock says what day it is."""
    by = system_user()
    with tries() as attempt:
        for course in line.to_tend():
            attempt(actions.tend_line, opportunity=course, by=by)
