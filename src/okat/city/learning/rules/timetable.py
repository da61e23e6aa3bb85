"""A timetable by rule: weekdays, from a day, so many times or until a day; and holidays, which are data."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.holidays import Holiday
from okat.city.notices.rules import PLACE_OFFERED

MOST = 120  # sessions that one rule may make
FARTHEST = dt.timedelta(days=731)


@dataclass(frozen=True)
class Plan:
    """`weekdays`: 0 for Monday; either `count` or `last`. `skip`: a holiday is passed over and another day is added;
    otherwise it stands in the list for somebody to decide."""

    weekdays: frozenset[int]
    first: dt.date
    last: dt.date | None
    count: int | None
    start: dt.time
    end: dt.time
    skip: bool


@dataclass(frozen=True)
class Planned:
    """One day of a plan, with the holiday that it falls on."""

    day: dt.date
    holiday: Holiday | None


def days(plan: Plan, holidays: Mapping[dt.date, Holiday]) -> list[Planned]:
    """The days in order, at most MOST of them and within two years of the first."""
    return [one for one in _asked(plan, holidays) if not _over(one, plan)]


def passed_over(plan: Plan, holidays: Mapping[dt.date, Holiday]) -> list[Planned]:
    """The holidays that are left out, so that whoever asked for one of them reads why it is not there."""
    return [one for one in _asked(plan, holidays) if _over(one, plan)]


def _over(one: Planned, plan: Plan) -> bool:
    return plan.skip and one.holiday is not None


def _asked(plan: Plan, holidays: Mapping[dt.date, Holiday]) -> Iterator[Planned]:
    left = min(plan.count or MOST, MOST)
    for day in _candidates(plan):
        if not left:
            break
        one = Planned(day, holidays.get(day))
        left -= not _over(one, plan)
        yield one


def _candidates(plan: Plan) -> Iterator[dt.date]:
    day, last = plan.first, min(plan.last or dt.date.max, plan.first + FARTHEST)
    while day <= last:
        if day.weekday() in plan.weekdays:
            yield day
        day += dt.timedelta(days=1)


THREADS = (
    "learning.planned",
    "learning.make_up",
    "moved",
    "taken_out",
    "handed_over",
)  # of news of more than one session


TURNS = "turns"
FOR_OTHERS = " for others"  # the same news, told to whoever looks after somebody


def thread(course: UUID, of: object) -> UUID:
    """What news of one session is about, or of one kind: the newest word alone holds, and with the course all go."""
    return uuid5(course, str(of))


TOLD: Mapping[str, Promise] = {
    "learning.plan": _("Planned the sessions of a course"),
    "learning.make_up": _("Planned a session that makes up for another"),
    "learning.print_sheet": _("Printed a sheet to sign in"),
}

_DATES = _("The dates of your course have changed.")
_WAITS = _("There is news about a place for which you wait.")
_OFF = _("A course in which you have a place or wait for one does not take place. Ask before you set out.")
# What a slip of paper or an SMS says of each notice; the others say that there is news.
PLAIN: Mapping[str, Promise] = {
    "called_off": _("A meeting of your course was called off. Ask before you set out."),
    "moved": _DATES,
    "taken_out": _DATES,
    "reinstated": _DATES,
    "planned": _DATES,
    "make_up": _DATES,
    "turn_offered": PLACE_OFFERED,
    "turn_expired": _WAITS,
    "turn_over": _WAITS,
    "turn_cancelled": _OFF,
    "course_cancelled": _OFF,
    "handed_over": _("A course in which you have a place or wait for one goes on at another office. Ask which."),
    "issued": _("A certificate is ready for you."),
}
# An offer to answer; and what sends somebody out in vain, or keeps them at home, who does not hear of it.
BINDING = frozenset({
    "turn_offered", "called_off", "reinstated", "moved", "taken_out", "turn_cancelled", "course_cancelled"
})  # fmt: skip
# Of these the workers hear too who look after somebody without an account, in the same words and with what to do.
PASS_ON = _("Tell those whom you look after: they have no account.")
PASSED_ON = ("called_off", "reinstated", "moved", "taken_out", "course_cancelled", "handed_over")
