"""First come, first served: a place at once, or a turn in the line that is kept in the order of arrival."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.holidays import is_open, next_open

ANSWER_DAYS = 3  # so long an offered place waits for its answer; published on the page
GRANT_DAYS = 180  # after the last session the provider still sees the learner: certificates, questions


class Goes(StrEnum):
    """To whom a place goes that somebody gives back."""

    NEXT = "next"
    ANYBODY = "anybody"
    NOBODY = "nobody"


class State(TextChoices):
    """Of one turn. Open are the first two; an offered place is kept for its person until the last day to answer."""

    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    TAKEN = "taken", _("Place taken")
    DECLINED = "declined", _("Place declined")
    EXPIRED = "expired", _("No answer in time")
    LEFT = "left", _("Left the waiting list")
    OVER = "over", _("The course takes nobody any more")
    UNFIT = "unfit", _("The course's condition is not met any more")
    JOINED = "joined", _("Counted with another record of the same person")


OPEN = (State.WAITING, State.OFFERED)


def answer_by(today: dt.date, next_session: dt.date | None) -> dt.date:
    """The last day to answer: three days from now or the next day on which offices are open, but before the next
    session where there is one, and never today. Where no open day is left before that session, the last of the closed
    ones: the course goes on."""
    last = next_open(today + dt.timedelta(days=ANSWER_DAYS))
    if next_session is not None:
        last = max(min(last, next_session - dt.timedelta(days=1)), today + dt.timedelta(days=1))
    days = [last - dt.timedelta(days=n) for n in range((last - today).days)]
    return next((day for day in days if is_open(day)), last)


TOLD: Mapping[str, Promise] = {
    "learning.first_come": _("Said how places in a course are given"),
    "learning.seat": _("Enrolled somebody first come, first served"),
    "learning.wait": _("Put somebody on the waiting list of a course"),
    "learning.leave": _("Gave a place in a course back"),
    "learning.accept": _("Took the place that the waiting list offered"),
    "learning.leave_line": _("Left the waiting list of a course"),
    "learning.tend": _("Moved the waiting list of a course on"),
}
