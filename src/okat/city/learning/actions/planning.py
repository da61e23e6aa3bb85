"""The timetable: sessions by rule, and sessions that make up for others."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.meetings import add_sessions
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Attendance, CalledOff, Enrolment, MakeUp
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.timetable import MOST, thread
from okat.city.people.actions import tell


@action
def plan_sessions(
    *, opportunity: Opportunity, days: Sequence[dt.date], start: dt.time, end: dt.time, by: User
) -> list[Session]:
    """Sessions on these days, all or none; those that stand already stay. Learners are told once. Raises LearningError
    for no day, too many, an end before the start, or hours that overlap with another session of the course."""
    if not days or len(days) > MOST:
        raise LearningError("days", _("Choose at least one day, and at most %(most)s.") % {"most": MOST})
    if end <= start:
        raise LearningError("hours", _("It ends before it starts."))
    made = _add(opportunity, [_row(day, start, end) for day in sorted(set(days))], by)
    audit.record(by=by, verb="learning.plan", subject=opportunity, fields=["sessions"])
    _tell(list(_learners(opportunity)) if made else [], "learning.planned", opportunity, {}, by)
    return made


@action
def plan_make_up(*, missed: Session, day: dt.date, start: dt.time, end: dt.time, by: User) -> Session:
    """Another day for a session that was called off (for everybody) or was held (for those who missed it); they are
    told once. Raises LearningError as `plan_sessions`, and for a make-up of a make-up."""
    if MakeUp.objects.filter(session=missed).exists():
        raise LearningError("make_up", _("This session makes up for another itself. Plan another day for that one."))
    if end <= start:
        raise LearningError("hours", _("It ends before it starts."))
    off = CalledOff.objects.filter(session=missed).exists()
    if not off and missed.end > clock.now():
        raise LearningError("to_come", _("This session is still to come. Call it off first, or wait until it is over."))
    row = _row(day, start, end)
    if row.end <= clock.now():
        raise LearningError("past", _("That day has passed. Look at the date."))
    course = missed.opportunity
    made = _add(course, [row], by)
    if not made:
        raise LearningError("same", _("There is a session at that time already."))
    MakeUp.objects.create(session=made[0], missed=missed)
    learners = _learners(course)
    if not off:
        there = Attendance.objects.filter(session=missed, present=True).values("enrolment")
        learners = learners.exclude(pk__in=there)
    audit.record_many(by=by, verb="learning.make_up", subjects=[missed, made[0]], partner=course.provider.code)
    when = timezone.localtime(row.start)
    _tell(list(learners), "learning.make_up", course, {"day": f"{when:%d/%m/}{when.year + 543} {when:%H:%M}"}, by)
    return made[0]


@action
def record_sheet(*, session: Session, by: User) -> None:
    """Names went onto paper."""
    code = session.opportunity.provider.code
    audit.record(by=by, verb="learning.print_sheet", subject=session, fields=["identity"], partner=code)


def _row(day: dt.date, start: dt.time, end: dt.time) -> SessionRow:
    first, last = (timezone.make_aware(dt.datetime.combine(day, at)) for at in (start, end))
    return SessionRow(first, last)


def _add(course: Opportunity, rows: list[SessionRow], by: User) -> list[Session]:
    standing = Session.objects.filter(opportunity=course, called_off=None)
    for row in rows:
        other = standing.filter(start__lt=row.end, end__gt=row.start).exclude(start=row.start, end=row.end).first()
        if other is not None:
            when = timezone.localtime(other.start)
            words = _("There is a session from %(hour)s on %(day)s already. Choose other hours.")
            day = f"{when:%d/%m/}{when.year + 543}"
            raise LearningError("overlap", words % {"hour": f"{when:%H:%M}", "day": day})
    return add_sessions(opportunity=course, rows=rows, by=by)


def _learners(course: Opportunity) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(opportunity=course, standing=Standing.ACTIVE).exclude(person=None)
    return rows.select_related("person__user")


def _tell(rows: Sequence[Enrolment], kind: str, course: Opportunity, more: dict[str, str], by: User) -> None:
    people = [row.person for row in rows if row.person is not None]
    if people:
        params = {"title": course.title_th, **more}
        url = reverse("learning:place", args=[course.pk])
        tell(people=people, kind=kind, params=params, url=url, about=thread(course.pk, kind), by=by)
