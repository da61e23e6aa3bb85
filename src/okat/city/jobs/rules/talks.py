"""Talks about ways into work: times that an adviser opens, who may take one, and when it is forgotten."""

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.jobs.rules import JobsError

FORGET_DAYS = 30  # after the talk, or after it was answered: name and telephone go
WAIT_DAYS = 90  # at the latest, answered or not
AHEAD_DAYS = 60  # no further ahead can a time be opened
MOST_A_DAY = 40
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


class How(StrEnum):
    """How one talks."""

    PHONE = "phone"
    HERE = "here"


HOW_LABELS: dict[How, Promise] = {How.PHONE: _("by telephone"), How.HERE: _("at the office")}


def times_of(text: str) -> list[dt.time]:
    """The times that somebody wrote ("9:00, 9.30 13:00"), each once and in order; digits are Arabic already. Raises
    JobsError for something else among them, or none."""
    found = set()
    for word in re.split(r"[\s,;]+", text.strip()):
        match = _TIME.fullmatch(word.removesuffix("น.").removesuffix("น"))
        if word in ("", "น.", "น"):
            continue
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            raise JobsError("times", _("“%(word)s” is no time of day; write them like 9:00, 9:30.") % {"word": word})
        found.add(dt.time(int(match[1]), int(match[2])))
    if not found or len(found) > MOST_A_DAY:
        raise JobsError("times", _("Write at least one time of day, and at most 40."))
    return sorted(found)


def check_day(day: dt.date, today: dt.date) -> None:
    """Raises JobsError for a day that is over, or too far ahead."""
    if not today <= day <= today + dt.timedelta(days=AHEAD_DAYS):
        raise JobsError("day", _("Choose a day from today on, within 60 days."))


def overlap(start: dt.datetime, minutes: int, others: Sequence[tuple[dt.datetime, int]]) -> bool:
    """Whether a talk would meet another of the same adviser's office."""
    end = start + dt.timedelta(minutes=minutes)
    return any(start < o + dt.timedelta(minutes=m) and o < end for o, m in others)
