"""A place that is being given back: until when it is held, to whom it goes, and what is waited for without it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import be, words
from okat.city.rounds.models import Application, Choice, Place, Result
from okat.city.rounds.queries.naming import place_name
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


def waits_for(row: Application, result: Result) -> list[Place]:
    """What was wanted more than the place, and is waited for after giving it back; in order."""
    ends = not result.keeps_waiting or Policy.from_dict(row.round.rules).decline == "leave-round"
    if ends or row.round.stage is not Status.PUBLISHED:
        return []
    choices = list(Choice.objects.filter(application=row).select_related("place__opportunity").order_by("rank"))
    rank = next((each.rank for each in choices if each.place_id == result.place_id), 0)
    return [each.place for each in choices if each.rank < rank and not each.place.off]


def waits_on(given: Result, *, deep: bool) -> str:
    """What is waited for in its round once such a place is given up, and how that ends too; empty where nothing is."""
    waited = waits_for(given.application, given)
    if not waited:
        return ""
    said = {"places": named(waited, deep=deep), "round": words(given.application.round)}
    on = _("In “%(round)s” the wait for %(places)s goes on: a place that comes free there is offered.") % said
    return f"{on} {stop_words()}"


def stop_words() -> str:
    return _("Who does not want that presses “Stop waiting” on the page of the result.")


def named(places: Iterable[Place], *, deep: bool) -> str:
    return ", ".join(f"“{place_name(each.opportunity, deep=deep)}”" for each in places)


def held_words(row: Application, result: Result) -> str:
    """That a place which was given back is still held, and until when."""
    held = _("The place in “%(round)s” that was given back can still be taken back until %(until)s; then it goes on.")
    said = held % {"until": moment_words(result.held_until), "round": words(row.round)}
    return said if waits_for(row, result) else f"{said} {_('Nothing else in that round is waited for.')}"
