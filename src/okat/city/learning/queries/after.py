"""Materials, answers after a course, and who may be about to drop out."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Avg, Count, Max, OuterRef, Subquery
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock, weekly
from okat.city.core.permissions import Permission
from okat.city.core.steady import Counted
from okat.city.learning.models import Answered, Attendance, Enrolment, Feedback, Material
from okat.city.learning.queries.line import is_over
from okat.city.learning.rules import Standing
from okat.city.learning.rules.after import QUESTIONS, RiskRule, first_hit, parse_risk
from okat.city.people.models import Visit
from okat.city.people.queries.team import falls_to

FOLLOWED = 200  # enrolments of one worker's people that are looked at


def materials_of(course: Opportunity) -> list[Material]:
    return list(Material.objects.filter(opportunity=course).select_related("session"))


def material_of(course: Opportunity, pk: int) -> Material:
    """Raises Http404."""
    found = Material.objects.filter(opportunity=course, pk=pk).first()
    if found is None:
        raise Http404("material")
    return found


def own_marks(enrolment: Enrolment) -> dict[int, bool]:
    """The learner's own attendance by session."""
    rows = Attendance.objects.filter(enrolment=enrolment).exclude(session=None)
    return dict(rows.values_list("session", "present"))


@dataclass(frozen=True)
class Opinion:
    """What learners thought, as of `day`: how many had answered and the mean of each question then, 1 to 5; None while
    fewer than ten have."""

    day: dt.date | None
    answers: int | None
    means: dict[str, float] | None


def opinion_of(course: Opportunity) -> Opinion:
    sheet = weekly.told("learning.opinion", str(course.pk))
    return Opinion(sheet.day, sheet.number("answers"), sheet.more("answers"))


def opinion(course: str) -> dict[str, Counted]:
    """The answers of one course, for the weekly figures; a mean of one answer more would tell that answer."""
    means = {name: Avg(name) for name in QUESTIONS}
    row = Feedback.objects.filter(opportunity_id=course).aggregate(n=Count("id"), **means)
    said = {name: float(row[name]) for name in QUESTIONS} if row["n"] else None
    return {"answers": Counted(row["n"], more=said)}


def may_answer(enrolment: Enrolment) -> bool:
    """Once the course is over or completed for the learner, and once only."""
    if enrolment.standing == Standing.CANCELLED or Answered.objects.filter(enrolment=enrolment).exists():
        return False
    return enrolment.standing == Standing.COMPLETED or is_over(enrolment.opportunity)


def risk_rules() -> tuple[RiskRule, ...]:
    """None for a city without the file."""
    return _read(Path(settings.CITY) / "dropout.json")


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[RiskRule, ...]:
    return parse_risk(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else ()


def at_risk(enrolments: Iterable[Enrolment]) -> Mapping[UUID, RiskRule]:
    """The first published rule that each active learner meets; one statement. Sessions that were called off, that are
    still to come or that only make up for others do not count; attending a make-up counts for what was missed."""
    ids = [row.pk for row in enrolments if row.standing == Standing.ACTIVE]
    rules = risk_rules()
    if not ids or not rules:
        return {}
    rows = Attendance.objects.filter(
        enrolment__in=ids, session__called_off=None, session__start__lte=clock.now()
    ).values_list("enrolment", "session", "session__makes_up__missed", "present", "held_on")
    marks: dict[UUID, dict[int, bool]] = defaultdict(dict)
    extra = []
    noted: Iterable[tuple[UUID, int, int | None, bool, object]] = rows.order_by("held_on", "id")
    for enrolment, session, missed, present, _day in noted:
        if missed is None:
            marks[enrolment][session] = present
        elif present:
            extra.append((enrolment, missed))
    for enrolment, missed in extra:
        marks[enrolment][missed] = True
    found = {pk: first_hit(rules, list(said.values())) for pk, said in marks.items()}
    return {pk: rule for pk, rule in found.items() if rule is not None}


@dataclass(frozen=True)
class Follow:
    """Somebody whom a field worker should ask how it goes, and the rule that says so."""

    enrolment: Enrolment
    rule: RiskRule


def to_follow(user: User) -> list[Follow]:
    """Learners for whom this worker is responsible (or was somebody who is gone or away) who may be about to drop out,
    and whom nobody has visited or called since the last session noted. Three statements, whatever their number."""
    last = Visit.objects.visits().filter(person=OuterRef("person")).order_by("-at").values("at")[:1]
    rows = Enrolment.objects.filter(
        falls_to(user, Permission.PIN_PERSON, by="person__responsible"),
        standing=Standing.ACTIVE,
        person__responsible__isnull=False,
    ).annotate(seen=Subquery(last), noted=Max("attendance__at"))
    mine = list(rows.select_related("opportunity", "person__key").order_by("began_at", "id")[:FOLLOWED])
    found = at_risk(mine)
    return [
        Follow(row, found[row.pk])
        for row in mine
        if row.pk in found and (row.seen is None or row.noted is None or row.seen < row.noted)
    ]
