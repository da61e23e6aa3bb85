"""A place that is being given back: until when it is held, and what is waited for without it."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import be, words
from okat.city.rounds.models import Application, Choice, Result
from okat.city.rounds.rules import Answer, Status
from okat.city.rounds.rules.policy import Policy


def moment_words(when: dt.datetime | None) -> str:
    """`6 ธ.ค. 2569 เวลา 14:05 น.`"""
    if when is None:
        return ""
    return _("%(day)s at %(time)s") % {"day": be(when), "time": f"{timezone.localtime(when):%H:%M}"}


def waits_for(row: Application, result: Result) -> list[Choice]:
    """What was wanted more than the place, and is waited for after giving it back; in order."""
    if not result.keeps_waiting or Policy.from_dict(row.round.rules).decline == "leave-round":
        return []
    choices = list(Choice.objects.filter(application=row).select_related("place__opportunity").order_by("rank"))
    rank = next((each.rank for each in choices if each.place_id == result.place_id), 0)
    return [each for each in choices if each.rank < rank and not each.place.off]


def still_held(row: Application) -> str:
    """What becomes of such a place and of the turns without the consent for the round; nothing where none is held."""
    result = getattr(row, "result", None) if row.round.stage is Status.PUBLISHED else None
    if result is None or result.answer != Answer.RETURNING or result.held_until is None:
        return ""
    held = _("The place in “%(round)s” that was given back can still be taken back until %(until)s; then it goes on.")
    turn = _("The turn for what was wanted more stays.")
    if not waits_for(row, result):
        turn = _("Nothing else in that round is waited for.")
    return f"{held % {'until': moment_words(result.held_until), 'round': words(row.round)}} {turn}"
