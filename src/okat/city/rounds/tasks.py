"""What the clock does: opens and closes rounds at their published times, passes on places whose grace time is
over, or for which nobody can speak any more, frees unanswered ones each morning. What is due is read from rows:
a run that was missed is made good by the next."""

from procrastinate.contrib.django import app

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.tries import tries
from okat.city.rounds import actions, queries


@app.periodic(cron="*/5 * * * *")
@app.task(name="rounds.tick", queue="rounds", pass_context=False)
def tick(timestamp: int) -> None:
    """`timestamp` is procrastinate's; the city's clock decides."""
    by = system_user()
    with tries() as attempt:
        for each in queries.to_open(clock.now()):
            attempt(actions.open_round, round=each, by=by)
        for each in queries.to_close(clock.now()):
            attempt(actions.close_round, round=each, by=by)
        for each in queries.to_pass_on(clock.now()):
            attempt(actions.pass_on, round=each, by=by)


@app.periodic(cron="30 0 * * *")
@app.task(name="rounds.expire", queue="rounds", pass_context=False)
def expire(timestamp: int) -> None:
    by = system_user()
    with tries() as attempt:
        for each in queries.with_late_answers(clock.today()):
            attempt(actions.expire_answers, round=each, by=by)
