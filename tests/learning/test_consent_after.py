"""A place and a turn stay when the consent is withdrawn by which the provider knew of them; the page says so before."""

from collections.abc import Iterator

import pytest
from tests.learning.conftest import DAY, FIRST, School, make
from tests.learning.test_line import EARLY, ask, course_of

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.learning import queries
from okat.city.learning.models import Enrolment, Turn
from okat.city.people.actions import ConsentRow, record_consent, withdraw_consent
from okat.city.people.models import Consent, Person
from okat.city.people.queries import visible_to
from okat.city.people.rules import Purpose

STAYS, NO_NAME, WAITS = "ที่เรียนใน “ทำขนม” ยังอยู่", "รายชื่อผู้เรียนไม่แสดงชื่อ", "คิวใน “ทำขนม” ยังอยู่"


@pytest.fixture
def school(db: None) -> Iterator[School]:
    with clock.at(EARLY):
        yield make(sessions=1)


@pytest.fixture
def course(school: School) -> Opportunity:
    return course_of(school, start=FIRST + DAY)


def enrol_of(person: Person) -> Consent:
    return Consent.objects.get(person=person, purpose=Purpose.ENROL, withdrawn_at=None)


def said(consent: Consent) -> str:
    return " ".join(map(str, CONSENT_FOLLOWS["learning"](consent, True)))


def test_the_place_stays_without_a_name(school: School, course: Opportunity) -> None:
    person = school.city.pin("หนึ่ง")
    place = ask(school, course, person)
    assert isinstance(place, Enrolment)
    assert STAYS in said(enrol_of(person))
    assert NO_NAME in said(enrol_of(person))
    withdraw_consent(consent=enrol_of(person), by=school.city.worker)
    place.refresh_from_db()
    assert place.standing == "active"
    assert not visible_to(school.teacher).filter(pk=person.pk).exists()
    assert [one.name for one in queries.courses.learners_of(school.teacher, course)] == [""]


def test_nothing_is_said_of_what_goes_on_by_another_consent(school: School, course: Opportunity) -> None:
    person = school.city.pin("หนึ่ง")
    ask(school, course, person)
    record_consent(person=person, given=ConsentRow(Purpose.CARE, course.provider), by=school.city.worker)
    assert STAYS not in said(enrol_of(person))
    withdraw_consent(consent=enrol_of(person), by=school.city.worker)
    assert visible_to(school.teacher).filter(pk=person.pk).exists()
    care = Consent.objects.get(person=person, purpose=Purpose.CARE, recipient=course.provider)
    assert STAYS in said(care)  # by which alone the provider knows it now
    withdraw_consent(consent=care, by=school.city.worker)
    assert not visible_to(school.teacher).filter(pk=person.pk).exists()


def test_a_turn_stays_and_a_place_needs_the_consent_again(school: School, course: Opportunity) -> None:
    one, two = school.city.pin("หนึ่ง"), school.city.pin("สอง")
    ask(school, course, one)
    turn = ask(school, course, two)
    assert isinstance(turn, Turn)
    assert WAITS in said(enrol_of(two))
    withdraw_consent(consent=enrol_of(two), by=school.city.worker)
    turn.refresh_from_db()
    assert turn.ended_at is None
    assert queries.line.agreement_of(two, course) is None
