"""Leaving the waiting lists of a round, whatever became of a place there."""

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.rounds import solve
from okat.city.rounds.actions._answer import published
from okat.city.rounds.actions._lock import lock_application
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer, RoundError


@action
def stop_waiting(*, application: Application, by: User) -> Result:
    """Nothing is offered there any more; a place that they have stays theirs. The lists say so with the next version
    of the outcome. Twice is once. Raises RoundError where nothing is waited for."""
    row = lock_application(application, by)
    result = published(row)
    if not result.keeps_waiting:
        audit.record(by=by, verb="rounds.stop_waiting_again", subject=row.person)
        return result
    if not solve.turns(row, result):
        raise RoundError("no_turn", _("Nothing is waited for in this round any more."))
    result.keeps_waiting = False
    if result.answer == Answer.WAITING:
        result.answer, result.answered_at = Answer.LEFT, clock.now()
    result.save(update_fields=["keeps_waiting", "answer", "answered_at"])
    audit.record(by=by, verb="rounds.stop_waiting", subject=row.person, fields=["keeps_waiting"])
    return result
