"""Courses, timetables and learners for those who teach: only courses of partners for which one works."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import FAMILIES, Family, Kind, Status
from okat.city.core import audit, clock
from okat.city.core.permissions import Permission
from okat.city.learning.models import Assessment, Attendance, Completion, Credential, Enrolment
from okat.city.learning.rules import SHARE, Progress, Standing
from okat.city.learning.rules.assessing import When
from okat.city.learning.rules.completing import Rule
from okat.city.partners.queries import partners_where
from okat.city.people.models import Questionnaire
from okat.city.people.queries.plain import shown_beside

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
    rows = course.sessions.select_related("called_off", "makes_up__missed")
    return list(rows.annotate(present=present, marked=marked).order_by("start", "id"))


def session_with(pk: int) -> Session | None:
    """For whoever scanned the picture in the room."""
    return Session.objects.select_related("opportunity", "called_off").filter(pk=pk).first()


def completion_of(course: Opportunity) -> Completion:
    """The provider's rule, else the city's usual one (not saved)."""
    found = Completion.objects.filter(opportunity=course).first()
    return found or Completion(opportunity=course, share=SHARE)


def rule_of(row: Completion) -> Rule:
    """As the rules read it; what nobody may miss, was called off and is made up by nothing is asked of nobody."""
    chosen = set(row.sessions.values_list("pk", flat=True)) if row.pk else set()
    meant = meetings_of(row.opportunity) if chosen else {}
    must = {meant[pk].root for pk in chosen if pk in meant} | (chosen & {one.root for one in meant.values()})
    asked = Questionnaire.objects.filter(code=row.assessment, active=True).first() if row.assessment else None
    title = (asked.data["title"]["th"], asked.data["title"]["en"]) if asked else ("", "")
    return Rule(row.share, row.hours, frozenset(must), row.assessment if asked else "", title)


@dataclass(frozen=True)
class Learner:
    """`name` is empty where the reader may not see the person (any more), or not that they take part in this."""

    enrolment: Enrolment
    name: str
    progress: Progress
    present: bool | None  # in the session asked about; None: not noted
    certificate: Credential | None  # the one that holds, else the newest


def learners_of(user: User, course: Opportunity, session: Session | None = None) -> list[Learner]:
    """Everybody who is or was enrolled, in the order of enrolment; the look at each name is recorded.

    Six statements, whatever the number of learners.
    """
    known = with_beginning(Enrolment.objects.filter(opportunity=course)).exclude(standing=Standing.JOINED)
    rows = list(known.select_related("person"))
    proofs: dict[UUID | None, Credential] = {}
    for one in Credential.objects.filter(opportunity=course).defer("sealed").order_by("issued_at", "id"):
        if one.revoked_at is None or one.enrolment_id not in proofs or proofs[one.enrolment_id].revoked_at:
            proofs[one.enrolment_id] = one
    named = shown_beside(user, telling=course.telling)
    seen = {p.pk: p for p in named.filter(pk__in=[r.person_id for r in rows if r.person_id])}
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen.values(), fields=["identity"], reason="roster")
    done = progress_of(course, rows)
    marks = dict(Attendance.objects.filter(session=session).values_list("enrolment_id", "present")) if session else {}
    return [
        Learner(
            row, seen[row.person_id].full_name if row.person_id in seen else "", done[row.pk], marks.get(row.pk),
            proofs.get(row.pk),
        )
        for row in rows
    ]  # fmt: skip


def with_beginning(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """With `never_began`: the place was given back before the first session."""
    meets = Session.objects.filter(opportunity=OuterRef("opportunity"))
    never = Q(standing=Standing.LEFT) & Exists(meets) & ~Exists(meets.filter(start__lte=OuterRef("ended_at")))
    return rows.annotate(never_began=ExpressionWrapper(never, output_field=BooleanField()))


def progress_of(course: Opportunity, enrolments: Iterable[Enrolment]) -> dict[UUID, Progress]:
    """Three statements. Sessions that were called off count for nobody; those that make up for one session, however
    many, are that session: it counts once, and whoever attended one of them was there."""
    now = clock.now()
    meant = meetings_of(course)
    planned = {one.root for one in meant.values()}
    over = {pk for pk, one in meant.items() if one.end <= now}
    held = {meant[pk].root for pk in over if meant[pk].counts}
    present = Attendance.objects.filter(session__in=over, present=True).order_by().values_list("enrolment", "session")
    after = Assessment.objects.filter(enrolment__opportunity=course, moment=When.AFTER).order_by()
    there: dict[UUID, dict[int, int]] = defaultdict(dict)
    assessed = defaultdict(set)
    for enrolment, session in present:
        one = meant[session]
        if one.root in held:
            there[enrolment][one.root] = max(one.minutes, there[enrolment].get(one.root, 0))
    for enrolment, code in after.values_list("enrolment", "instrument__code"):
        assessed[enrolment].add(code)
    return {
        row.pk: Progress(
            len(there[row.pk]), len(held), len(planned), sum(there[row.pk].values()), frozenset(there[row.pk]),
            frozenset(assessed[row.pk]),
        )
        for row in enrolments
    }  # fmt: skip


@dataclass(frozen=True)
class Meeting:
    """A session that takes place: which one of the timetable it is (`root`: the one that it makes up for, else itself),
    and what attending it is worth. `counts`: once it is over, its root was held."""

    root: int
    minutes: int
    end: dt.datetime
    counts: bool


def meetings_of(course: Opportunity) -> dict[int, Meeting]:
    """By session; one statement. Attending a make-up of a session that was held is worth that session's hours; where
    it was called off, the make-up stands in its place with hours of its own."""
    rows = Session.objects.filter(opportunity=course)
    every = list(rows.select_related("called_off", "makes_up__missed__called_off"))
    minutes = {one.pk: int((one.end - one.start).total_seconds()) // 60 for one in every}
    found: dict[int, Meeting] = {}
    for one in every:
        if hasattr(one, "called_off"):
            continue
        missed = one.makes_up.missed if hasattr(one, "makes_up") else None
        if missed is None or hasattr(missed, "called_off"):
            found[one.pk] = Meeting(missed.pk if missed is not None else one.pk, minutes[one.pk], one.end, counts=True)
        else:
            found[one.pk] = Meeting(missed.pk, minutes[missed.pk], one.end, counts=False)
    return found
