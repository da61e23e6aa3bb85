"""What an answer to an offer needs: published results, and a place to answer for."""

from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer, RoundError, Status, reached


def published(row: Application) -> Result:
    result = Result.objects.select_for_update(of=("self",), no_key=True).filter(application=row).first()
    if result is None or not reached(row.round.stage, Status.PUBLISHED):
        raise unpublished()
    return result


def unpublished() -> RoundError:
    return RoundError("not_published", _("The results of this round are not published yet."))


def answerable(result: Result, wanted: tuple[Answer, ...]) -> None:
    if result.answer not in wanted:
        raise RoundError("no_offer", _("There is no place to answer for."))
    late = result.answer == Answer.OFFERED and result.answer_by is not None and clock.today() > result.answer_by
    if late:
        raise RoundError("late", _("The last day to answer has passed."))
