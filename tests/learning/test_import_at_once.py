"""An import changes, moves and ends courses while somebody enrols in them, or their office leaves: it holds the office,
then whoever a cancelled course concerns, and only then the courses, as everybody does, and nobody is refused for it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.learning.conftest import DAY, School, make
from tests.learning.test_line import course_of
from tests.meanwhile import Meanwhile

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions._listed import write_listings
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.listed import Ending, Meetings, Ready
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.core.action import action
from okat.city.learning import actions
from okat.city.partners.models import Partner
from okat.city.people.actions import ConsentRow, hold_people
from okat.city.people.models import ImportBatch, Person
from okat.city.people.rules import How, Purpose

pytestmark = pytest.mark.django_db(transaction=True)


def _row(school: School, key: str) -> OpportunityRow:
    return OpportunityRow(
        provider=school.city.school.code, area=school.city.school.area.code, kind="interest", title_th="ขนมไทย",
        title_en="Sweets", capacity=5, key=key,
    )  # fmt: skip


def _meetings(course: Opportunity) -> Meetings:
    start = clock.now() + 30 * DAY
    return Meetings(course.pk, (SessionRow(start, start + dt.timedelta(hours=1), uid="one/1"),))


def _ready(school: School, course: Opportunity, way: str) -> list[Ready]:
    of: dict[str, list[Ready]] = {
        "changes": [_row(school, "new"), _row(school, "there")],
        "moves": [_row(school, "new"), _meetings(course)],
        "closes": [Ending(course.pk, Status.CLOSED, "เต็มแล้ว")],
        "cancels": [Ending(course.pk, Status.CANCELLED, "ครูป่วย")],
    }
    return of[way]


def _importing(school: School, ready: list[Ready]) -> Callable[[], object]:
    batch = ImportBatch.objects.create(
        kind="opportunities", partner=school.city.school, by=system_user(), filename="a.ics", digest="", at=clock.now()
    )

    @action  # as the import's own, whose transaction it is
    def write(*, by: User) -> int:
        return write_listings(ready, batch, by)

    return lambda: write(by=system_user())


def _waiting() -> tuple[School, Opportunity, Person]:
    """A course that an import made, its one place taken, and somebody who waits for it."""
    school = make(sessions=1)
    course = course_of(school, start=clock.now() + 20 * DAY)
    Opportunity.objects.filter(pk=course.pk).update(row_key="there")
    given, by = ConsentRow(Purpose.ENROL, school.city.school, How.VERBAL), school.city.worker
    actions.take_seat(person=school.city.pin("หนึ่ง"), opportunity=course, by=by, consent=given)
    waits = school.city.pin("สอง")
    actions.take_seat(person=waits, opportunity=course, by=by, consent=given, wait=True)
    return school, course, waits


def _course_is_free(course: Opportunity) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '2s'")
    assert list(Opportunity.objects.select_for_update(of=("self",)).filter(pk=course.pk))


def test_an_import_that_cancels_holds_whoever_takes_part_before_any_course() -> None:
    school, course, _waits = _waiting()
    ready = [_row(school, "there"), Ending(school.course.pk, Status.CANCELLED, "ครูป่วย")]
    Opportunity.objects.filter(pk=school.course.pk).update(status=Status.PUBLISHED.value)
    write = _importing(school, ready)
    with transaction.atomic():
        hold_people([school.case.person_id])
        importing = Meanwhile(write)
        assert not importing.settled()
        _course_is_free(course)
        _course_is_free(school.course)
    importing.done()


@pytest.mark.parametrize("way", ["changes", "moves", "closes"])
def test_whoever_waits_is_told_by_an_import_and_not_held(way: str) -> None:
    school, course, waits = _waiting()
    write = _importing(school, _ready(school, course, way))
    with transaction.atomic():
        hold_people([waits.pk])
        assert Meanwhile(write).settled()


@pytest.mark.parametrize("way", ["changes", "moves", "closes", "cancels"])
def test_an_import_holds_its_office_before_the_people_and_the_course(way: str) -> None:
    school, course, waits = _waiting()
    write = _importing(school, _ready(school, course, way))
    with transaction.atomic():
        Partner.objects.select_for_update(of=("self",)).get(pk=school.city.school.pk)  # as one that leaves
        importing = Meanwhile(write)
        assert not importing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        hold_people([waits.pk])
        _course_is_free(course)
    importing.done()


def test_many_rows_that_are_written_at_once_hold_their_offices_before_the_courses() -> None:
    school, course, _waits = _waiting()
    with transaction.atomic():
        Partner.objects.select_for_update(of=("self",)).get(pk=school.city.school.pk)
        rows = [_row(school, "there"), _row(school, "new")]
        writing = Meanwhile(lambda: catalogue.publish_many(rows=rows, by=system_user()))
        assert not writing.settled()
        _course_is_free(course)
    writing.done()
    assert Opportunity.objects.get(pk=course.pk).capacity == 5
