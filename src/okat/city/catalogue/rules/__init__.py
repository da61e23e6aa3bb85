"""Kinds of opportunity, their states, and what must hold before one is published. No ORM here."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.refusals import UndoneError


class Family(StrEnum):
    """The doors of the first page; a round covers one family, so nobody's loan depends on a course."""

    LEARN = "learn"
    WORK = "work"
    MONEY = "money"
    HELP = "help"


class Kind(StrEnum):
    BASIC_PRIMARY = "basic_primary"
    BASIC_LOWER = "basic_lower"
    BASIC_UPPER = "basic_upper"
    OCCUPATION = "occupation"
    INTEREST = "interest"
    COMMUNITY_PROBLEM = "community_problem"
    LITERACY = "literacy"
    WORKPLACE = "workplace"
    EVENT = "event"
    JOB = "job"
    JOB_QUOTA = "job_quota"
    TRAINING = "training"
    MENTORING = "mentoring"
    MARKET = "market"
    LOAN_PERSON = "loan_person"
    LOAN_GROUP = "loan_group"
    SUBSIDY = "subsidy"
    CHILD_GRANT = "child_grant"
    BENEFIT = "benefit"
    SERVICE = "service"
    PAPERS = "papers"


FAMILY_LABELS: dict[Family, Promise] = {
    Family.LEARN: _("Learn"),
    Family.WORK: _("Work"),
    Family.MONEY: _("Money"),
    Family.HELP: _("Help"),
}
KIND_LABELS: dict[Kind, Promise] = {
    Kind.BASIC_PRIMARY: _("Primary education"),
    Kind.BASIC_LOWER: _("Lower secondary education"),
    Kind.BASIC_UPPER: _("Upper secondary education"),
    Kind.OCCUPATION: _("Occupational course"),
    Kind.INTEREST: _("Interest course"),
    Kind.COMMUNITY_PROBLEM: _("Course on a community problem"),
    Kind.LITERACY: _("Reading and writing"),
    Kind.WORKPLACE: _("Learning at work"),
    Kind.EVENT: _("Event"),
    Kind.JOB: _("Job"),
    Kind.JOB_QUOTA: _("Job under the disability quota"),
    Kind.TRAINING: _("Training place"),
    Kind.MENTORING: _("Mentoring"),
    Kind.MARKET: _("Market programme"),
    Kind.LOAN_PERSON: _("Loan for one person"),
    Kind.LOAN_GROUP: _("Loan for a group"),
    Kind.SUBSIDY: _("Project subsidy"),
    Kind.CHILD_GRANT: _("Grant for a child"),
    Kind.BENEFIT: _("Benefit"),
    Kind.SERVICE: _("Service"),
    Kind.PAPERS: _("Help to get papers"),
}
FAMILIES: dict[Family, tuple[Kind, ...]] = {
    Family.LEARN: (
        Kind.BASIC_PRIMARY, Kind.BASIC_LOWER, Kind.BASIC_UPPER, Kind.OCCUPATION, Kind.INTEREST,
        Kind.COMMUNITY_PROBLEM, Kind.LITERACY, Kind.WORKPLACE, Kind.EVENT,
    ),
    Family.WORK: (Kind.JOB, Kind.JOB_QUOTA, Kind.TRAINING, Kind.MENTORING, Kind.MARKET),
    Family.MONEY: (Kind.LOAN_PERSON, Kind.LOAN_GROUP, Kind.SUBSIDY, Kind.CHILD_GRANT),
    Family.HELP: (Kind.BENEFIT, Kind.SERVICE, Kind.PAPERS),
}  # fmt: skip
# The schooling to which a course of basic education leads, where the provider does not say more; terms of `education`.
LEVEL_OF: dict[Kind, str] = {
    Kind.BASIC_PRIMARY: "primary", Kind.BASIC_LOWER: "lower-secondary", Kind.BASIC_UPPER: "upper-secondary",
}  # fmt: skip
FAMILY_OF: dict[Kind, Family] = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"  # takes no more people; what began goes on
    CANCELLED = "cancelled"  # does not take place


STATUS_LABELS: dict[Status, Promise] = {
    Status.DRAFT: _("Draft"),
    Status.PUBLISHED: _("Published"),
    Status.CLOSED: _("Closed for applications"),
    Status.CANCELLED: _("Cancelled"),
}
# From -> to. Cancelled is the end; a closed one may be published again when places come free.
MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PUBLISHED, Status.CANCELLED}),
    Status.PUBLISHED: frozenset({Status.CLOSED, Status.CANCELLED}),
    Status.CLOSED: frozenset({Status.PUBLISHED, Status.CANCELLED}),
    Status.CANCELLED: frozenset(),
}


class Per(StrEnum):
    """What `amount` is paid for."""

    ONCE = "once"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


PER_LABELS: dict[Per, Promise] = {
    Per.ONCE: _("once"),
    Per.HOUR: _("per hour"),
    Per.DAY: _("per day"),
    Per.MONTH: _("per month"),
    Per.YEAR: _("per year"),
}


class Slot(StrEnum):
    """When somebody can come: part of day and week."""

    WEEKDAY_DAY = "weekday_day"
    WEEKDAY_EVENING = "weekday_evening"
    WEEKEND = "weekend"


SLOT_LABELS: dict[Slot, Promise] = {
    Slot.WEEKDAY_DAY: _("weekdays, daytime"),
    Slot.WEEKDAY_EVENING: _("weekdays, evening"),
    Slot.WEEKEND: _("weekends"),
}


def slot_of(start: dt.datetime) -> Slot:
    """The slot of a session by its local start; evening begins at 16:30, when schools and offices close."""
    if start.weekday() >= 5:
        return Slot.WEEKEND
    return Slot.WEEKDAY_EVENING if start.time() >= dt.time(16, 30) else Slot.WEEKDAY_DAY


@dataclass(frozen=True)
class Fault:
    """One thing that stands in the way: the field, and a sentence for people (translated when shown)."""

    field: str
    words: str | Promise


class CatalogueError(UndoneError):
    """A wish that the rules refuse; `faults` say what, where and how to mend it."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(faults[0].field, "; ".join(str(fault.words) for fault in faults))


class StaleError(CatalogueError):
    """Somebody else saved the same opportunity meanwhile; nothing was written."""

    def __init__(self, *, saving: bool = True) -> None:
        words = _("Somebody else changed this meanwhile. Compare, then save again.")
        if not saving:
            words = _("Somebody else changed this meanwhile. Look at it as it is now, then decide.")
        super().__init__(Fault("version", words))


def check_reserves(reserves: Sequence[Mapping[str, Any]], capacity: int | None, groups: Iterable[str]) -> list[Fault]:
    """Faults of a list of {"group": code, "seats": n}: unknown or double groups, seats below 1 or above capacity."""
    known, seen, faults = set(groups), set(), []
    total = 0
    for reserve in reserves:
        group, seats = str(reserve.get("group", "")), reserve.get("seats")
        if group not in known:
            faults.append(Fault("reserves", _("There is no group “%(group)s”.") % {"group": group}))
        if group in seen:
            faults.append(Fault("reserves", _("The group “%(group)s” is named twice.") % {"group": group}))
        seen.add(group)
        if isinstance(seats, bool) or not isinstance(seats, int) or seats < 1:
            faults.append(Fault("reserves", _("Reserve at least one place for “%(group)s”.") % {"group": group}))
        else:
            total += seats
    if reserves and capacity is None:
        faults.append(Fault("capacity", _("Reserved places need a number of places.")))
    elif capacity is not None and total > capacity:
        words = _("%(total)s places are reserved, but there are only %(capacity)s.")
        faults.append(Fault("reserves", words % {"total": total, "capacity": capacity}))
    return faults


def check_dates(
    opens: dt.date | None, closes: dt.date | None, starts: dt.date | None, ends: dt.date | None
) -> list[Fault]:
    """Faults of the window and the period: each must not end before it begins."""
    faults = []
    if opens and closes and closes < opens:
        faults.append(Fault("closes_on", _("The window closes before it opens.")))
    if starts and ends and ends < starts:
        faults.append(Fault("ends_on", _("It ends before it starts.")))
    return faults


def check_move(now: Status, to: Status) -> list[Fault]:
    if to in MOVES[now]:
        return []
    words = _("It is “%(now)s” already.") if now is to else _("What is “%(now)s” cannot become “%(to)s”.")
    return [Fault("status", words % {"now": STATUS_LABELS[now], "to": STATUS_LABELS[to]})]
