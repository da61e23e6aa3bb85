"""The sender of letters: at once after a letter was posted, and every minute for what a lost job left behind."""

from procrastinate.contrib.django import app

from okat.city.core import form_again, weekly
from okat.city.core.outbox import sending
from okat.city.core.tries import tries


@app.task(name="core.send_letters", queue="mail", pass_context=False)
def send_letters() -> None:
    sending.send_due()


# One waiting sweep is enough: a mail server that hangs must not pile them up.
@app.periodic(cron="* * * * *", periodic_id="core.sweep_letters")
@app.task(name="core.sweep_letters", queue="mail", queueing_lock="core.sweep_letters", pass_context=False)
def sweep_letters(timestamp: int = 0) -> None:
    sending.send_due()


@app.periodic(cron="10 * * * *", periodic_id="core.held_letters")
@app.task(name="core.held_letters", queue="mail", queueing_lock="core.held_letters", pass_context=False)
def held_letters(timestamp: int = 0) -> None:
    if sending.let_go_held():
        sending.send_due()


@app.periodic(cron="*/15 * * * *", periodic_id="core.forget_forms")
@app.task(name="core.forget_forms", queueing_lock="core.forget_forms", pass_context=False)
def forget_forms(timestamp: int = 0) -> None:
    form_again.forget()


@app.periodic(cron="5 18 * * *", periodic_id="core.draw_figures")  # five past one at night here
@app.task(name="core.draw_figures", queue="notices", queueing_lock="core.draw_figures", pass_context=False)
def draw_figures(timestamp: int = 0) -> None:
    """On Mondays; on another night where that Monday's was missed."""
    with tries() as attempt:
        for row in weekly.due():
            attempt(weekly.draw, kind=row.kind, of=row.of, by=None, longest=weekly.LONGEST)
        for row in weekly.unread():
            attempt(weekly.let_go, row=row, by=None)
