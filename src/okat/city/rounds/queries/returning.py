"""A place that is being given back: until when it is held, to whom it goes, and what is waited for without it."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import be, words
from okat.city.rounds.models import Application, Choice, Result
from okat.city.rounds.queries.read import passes_on
from okat.city.rounds.rules import Answer, Status
from okat.city.rounds.rules.policy import Policy


def moment_words(when: dt.datetime | None) -> str:
    """`6 ธ.ค. 2569 เวลา 14:05 น.`"""
    if when is None:
        return ""
    return _("%(day)s at %(time)s") % {"day": be(when), "time": f"{timezone.localtime(when):%H:%M}"}


def counted_on() -> QuerySet[Result]:
    """Places on which their rounds count: accepted, or given back and not passed on yet."""
    rows = Result.objects.filter(application__withdrawn_at=None, place__isnull=False)
    rows = rows.filter(answer__in=(Answer.ACCEPTED, Answer.RETURNING))
    return rows.select_related("application__round", "place__opportunity__provider")


def accepted_and_returning() -> Q:
    """Places that were accepted, and are held for whoever had them while they are being given back."""
    return Q(answer=Answer.RETURNING, was=Answer.ACCEPTED, held_until__isnull=False)


def goes_on(given: Result) -> bool:
    """Whether whoever waits in the round gets it, given back now."""
    return given.place is not None and passes_on(given.application.round, given.place)


def goes_to(given: Result) -> str:
    """What becomes of such a place, before it is given back."""
    name = {"round": words(given.application.round)}
    if goes_on(given):
        return _("The place goes to whoever is next on the waiting list of “%(round)s”.") % name
    return _("Nobody moves up for it: “%(round)s” passes it on no more.") % name


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
