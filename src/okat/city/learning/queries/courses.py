"""Courses, timetables and learners for those who teach: only courses of partners for which one works."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import FAMILIES, Family, Kind, Status
from okat.city.core import audit, clock
from okat.city.core.permissions import Permission
from okat.city.learning.models import Assessment, Attendance, Completion, Enrolment, MakeUp
from okat.city.learning.rules import SHARE, Progress, Standing
from okat.city.learning.rules.assessing import When
from okat.city.learning.rules.completing import Rule
from okat.city.partners.queries import partners_where
from okat.city.people.models import Questionnaire
from okat.city.people.queries import visible_to

LEARNING = (*FAMILIES[Family.LEARN], Kind.TRAINING)


def courses_of(user: User) -> QuerySet[Opportunity]:
    """Those that have or may have learners, the latest first; `learners` counts the active ones."""
    rows = Opportunity.objects.filter(provider__in=partners_where(user, Permission.TEACH), kind__in=LEARNING)
    counted = Count("enrolments", filter=Q(enrolments__standing=Standing.ACTIVE))
    rows = rows.filter(Q(Exists(Enrolment.objects.filter(opportunity=OuterRef("pk")))) | Q(status=Status.PUBLISHED))
    return rows.select_related("provider").annotate(learners=counted).order_by("-starts_on", "id")


def open_course(user: User, pk: UUID) -> Opportunity:
    """Raises Http404, also for a course of another partner."""
    rows = Opportunity.objects.filter(provider__in=partners_where(user, Permission.TEACH), kind__in=LEARNING)
    found = rows.select_related("provider", "area").filter(pk=pk).first()
    if found is None:
        raise Http404("course")
    return found


def open_session(user: User, pk: int) -> Session:
    """Raises Http404, also for a session of another partner's course."""
    mine = partners_where(user, Permission.TEACH)
    rows = Session.objects.filter(opportunity__provider__in=mine, opportunity__kind__in=LEARNING)
    found = rows.select_related("opportunity__provider", "called_off").filter(pk=pk).first()
    if found is None:
        raise Http404("session")
    return found


def sessions_of(course: Opportunity) -> list[Session]:
    """With what was called off, and how many were present."""
    present = Count("attendance", filter=Q(attendance__present=True))
    marked = Count("attendance")
    rows = Session.objects.filter(opportunity=course).select_related("called_off", "makes_up__missed")
    return list(rows.annotate(present=present, marked=marked).order_by("start", "id"))


def session_with(pk: int) -> Session | None:
    """For whoever scanned the picture in the room."""
    return Session.objects.select_related("opportunity", "called_off").filter(pk=pk).first()


def completion_of(course: Opportunity) -> Completion:
    """The provider's rule, else the city's usual one (not saved)."""
    found = Completion.objects.filter(opportunity=course).first()
    return found or Completion(opportunity=course, share=SHARE)


def rule_of(row: Completion) -> Rule:
    """As the rules read it; what nobody may miss and was called off is asked of nobody."""
    must = row.sessions.filter(called_off=None).values_list("pk", flat=True) if row.pk else ()
    asked = Questionnaire.objects.filter(code=row.assessment, active=True).first() if row.assessment else None
    title = (asked.data["title"]["th"], asked.data["title"]["en"]) if asked else ("", "")
    return Rule(row.share, row.hours, frozenset(must), row.assessment if asked else "", title)


@dataclass(frozen=True)
class Learner:
    """`name` is empty where the reader may not see the person (any more)."""

    enrolment: Enrolment
    name: str
    progress: Progress
    present: bool | None  # in the session asked about; None: not noted


def learners_of(user: User, course: Opportunity, session: Session | None = None) -> list[Learner]:
    """Everybody who is or was enrolled, in the order of enrolment; the look at each name is recorded.

    Five statements, whatever the number of learners.
    """
    rows = list(Enrolment.objects.filter(opportunity=course).select_related("certificate", "person"))
    seen = {p.pk: p for p in visible_to(user).filter(pk__in=[r.person_id for r in rows if r.person_id])}
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen.values(), fields=["identity"], reason="roster")
    done = progress_of(course, rows)
    marks = dict(Attendance.objects.filter(session=session).values_list("enrolment_id", "present")) if session else {}
    return [
        Learner(
            row, seen[row.person_id].full_name if row.person_id in seen else "", done[row.pk], marks.get(row.pk)
        )
        for row in rows
    ]  # fmt: skip


def progress_of(course: Opportunity, enrolments: Iterable[Enrolment]) -> dict[UUID, Progress]:
    """Four statements. Sessions that were called off count for nobody; one that makes up for a session that was held
    adds none, and whoever attended it was there."""
    now = clock.now()
    held_ones = MakeUp.objects.filter(session__opportunity=course, session__called_off=None, missed__called_off=None)
    extra = dict(held_ones.values_list("session", "missed"))
    times = Session.objects.filter(opportunity=course, called_off=None).values_list("pk", "start", "end")
    minutes = {pk: int((end - start).total_seconds()) // 60 for pk, start, end in times if pk not in extra}
    over = {pk for pk, _start, end in times if end <= now}
    held = over - extra.keys()
    present = Attendance.objects.filter(session__in=over, present=True).order_by().values_list("enrolment", "session")
    after = Assessment.objects.filter(enrolment__opportunity=course, moment=When.AFTER).order_by()
    there, assessed = defaultdict(set), defaultdict(set)
    for enrolment, session in present:
        there[enrolment].add(extra.get(session, session))
    for sessions in there.values():
        sessions.intersection_update(held)
    for enrolment, code in after.values_list("enrolment", "instrument__code"):
        assessed[enrolment].add(code)
    return {
        row.pk: Progress(
            len(there[row.pk]), len(held), len(minutes), sum(minutes[pk] for pk in there[row.pk]),
            frozenset(there[row.pk]), frozenset(assessed[row.pk]),
        )
        for row in enrolments
    }  # fmt: skip
