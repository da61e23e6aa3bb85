"""Places in courses: opened by a placement, ended with it."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.rules import State as CaseState
from okat.city.catalogue.actions import hold_courses
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.learning.actions._line import hush, overtake_all, pass_on, release, seat_if_free, why
from okat.city.learning.actions.line import end_lines, leave_line
from okat.city.learning.models import (
    Assessment,
    Credential,
    Enrolment,
    PassportLink,
    Recognition,
    RecognitionSignature,
    Turn,
)
from okat.city.learning.queries import line
from okat.city.learning.queries.timetable import looking_after
from okat.city.learning.rules import HELD, Standing
from okat.city.learning.rules.recognising import State
from okat.city.notices.actions import notify
from okat.city.partners.queries import workers
from okat.city.people.actions import hold_people, tell
from okat.city.people.models import Person


@action
def enrol(*, person: Person, opportunity: Opportunity, case: Case | None, by: User) -> Enrolment:
    """Open the place that a placement led to; who has it already keeps it."""
    row = Enrolment.objects.filter(person=person, opportunity=opportunity, standing=Standing.ACTIVE).first()
    if row is None:
        seated = seat_if_free(person, opportunity, by)
        row, _fresh = Enrolment.objects.get_or_create(
            person=person, opportunity=opportunity, standing=Standing.ACTIVE,
            defaults={"case": case, "seated": seated, "began_at": clock.now()},
        )  # fmt: skip
    audit.record(by=by, verb="learning.enrol", subject=row, fields=["standing"], partner=opportunity.provider.code)
    return row


@action
def end(*, case: Case, by: User) -> int:
    """The placement ended: so does its place in the course, and whoever teaches hears of it; how many did."""
    found = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(case=case, standing__in=HELD)
    rows = list(found.select_related("opportunity__provider"))
    count = _end(rows, Standing.LEFT, by)
    for course in {row.opportunity for row in rows}:
        teachers = workers(course.provider, Permission.TEACH)
        if all(user.pk != by.pk for user in teachers):  # else they ended it
            url, params = reverse("learning:course", args=[course.pk]), {"title": course.title_th}
            notify(users=teachers, kind="learning.place_ended", params=params, url=url, by=by)
    return count


@action
def cancel_course(*, opportunity: Opportunity, by: User) -> int:
    """The course does not take place; what was attended stays written down."""
    hold_people(line.concerned([opportunity.pk]))
    end_lines(opportunity=opportunity, by=by)
    found = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(
        opportunity=opportunity, standing__in=HELD
    )
    rows = list(found.select_related("person__user", "entered_by", "case"))
    ended = _end(rows, Standing.CANCELLED, by)
    _tell_cancelled([row for row in rows if row.person is not None], opportunity, by)
    return ended


def _tell_cancelled(rows: Sequence[Enrolment], course: Opportunity, by: User) -> None:
    """Whoever held a place, with the reason. Who came by a round hears there what they get instead, and who came by a
    case that had not reached its end hears by the case who looks for something else. Listeners go by the names of their
    apps (`registries.publish`): cases have come back by now, and rounds have still to release what they gave."""
    given = line.given_by_rounds(course)
    mine = [row for row in rows if row.person_id not in given and not _comes_back(row)]
    overtake_all(looking_after(rows), course, by)
    if mine:
        params = {"title": course.title_th, **why(course, kept=False)}
        url = reverse("learning:place", args=[course.pk])
        whom = [row.person for row in mine if row.person is not None]
        tell(people=whom, kind="learning.course_cancelled", params=params, url=url, about=course.pk, by=by)
        pass_on(looking_after(mine), "course_cancelled", course, why(course, kept=True), "course_cancelled", by)


def _comes_back(row: Enrolment) -> bool:
    return (
        row.case is not None and row.case.opportunity_id == row.opportunity_id and row.case.state == CaseState.RETURNED
    )


def _end(rows: list[Enrolment], to: Standing, by: User) -> int:
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(standing=to, ended_at=clock.now())
    release(rows, by=by)
    for pk in {row.opportunity_id for row in rows}:
        hush([row.person_id for row in rows if row.opportunity_id == pk], pk, by)
    audit.record_many(by=by, verb="learning.end", subjects=rows, fields=["standing"], reason=to)
    if not rows:
        audit.record(by=by, verb="learning.end", fields=["none"])
    return len(rows)


@action
def erase_learning(*, person: UUID, by: User) -> int:
    """The person's record is erased: attendance and points stay for the figures and lead to nobody; stored
    certificates, links and answers go. A file that the person kept still verifies: it is theirs."""
    hold_people([person])
    active = Enrolment.objects.filter(person=person, standing__in=HELD)
    turns = Turn.objects.filter(person=person, ended_at=None)
    hold_courses(
        active.filter(seated=True).values_list("opportunity", flat=True), turns.values_list("opportunity", flat=True)
    )
    Credential.objects.filter(person=person).update(person=None, sealed=None)
    PassportLink.objects.filter(person=person).delete()
    asked = Recognition.objects.filter(person=person)
    RecognitionSignature.objects.filter(recognition__in=asked).update(sealed=None)
    asked.filter(state=State.ASKED).update(state=State.WITHDRAWN)
    asked.update(person=None, sealed=None)
    Assessment.objects.filter(enrolment__person=person).update(sealed=None)
    ended = {"standing": Standing.LEFT, "ended_at": clock.now()}
    rows = list(active)
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(**ended)
    release(rows, by=by)
    for turn in turns.select_related("opportunity"):
        leave_line(turn=turn, by=by)
    Turn.objects.filter(person=person).update(person=None, entered_by=None)
    count = Enrolment.objects.filter(person=person).update(person=None, entered_by=None)
    audit.record(by=by, verb="learning.erase", fields=["person"])
    return count
