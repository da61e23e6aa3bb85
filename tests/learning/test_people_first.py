"""What is done for several people at once holds all of them before anything of theirs, in the order of their ids: two
who meet at the same people and the same course wait for each other in one order, and neither is refused for it."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.cases.conftest import City
from tests.learning.conftest import DAY, make
from tests.learning.test_line import agreed, course_of
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Enrolment
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, hold_people
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose

pytestmark = pytest.mark.django_db(transaction=True)

Doing = Callable[[City, Opportunity], object]


def cancel(_city: City, course: Opportunity) -> object:
    kept = Opportunity.objects.get(pk=course.pk)
    return catalogue.cancel(opportunity=kept, reason="ครูป่วย", by=system_user(), version=kept.version)


def end_cancelled(_city: City, course: Opportunity) -> object:
    return cases.end_cancelled(opportunity=course, by=system_user())


def hand_over(city: City, _course: Opportunity) -> object:
    return partners.settle(partner=city.town, key="50 cases.owned", to=city.hospital, by=system_user())


def hand_on(city: City, _course: Opportunity) -> object:
    return partners.settle(partner=city.school, key="51 cases.held", to=city.hospital, by=system_user())


def bring_back(city: City, _course: Opportunity) -> object:
    return partners.settle(partner=city.school, key="51 cases.held", to=None, by=system_user())


def _two(city: City, course: Opportunity) -> tuple[Person, Person]:
    """In the order of their ids; the older case is that of the later one."""
    first, second = sorted((city.pin("หนึ่ง"), city.pin("สอง")), key=lambda person: person.pk)
    for city.person in (second, first):
        city.consent(city.school)
        case = cases.propose(person=city.person, partner=city.town, opportunity=course, by=city.worker)
        cases.refer(case=cases.accept(case=case, by=city.worker), to=city.school, by=city.worker)
    cases_of = Case.objects.filter(opportunity=course).order_by("pk")
    assert list(cases_of.values_list("person", flat=True)) == [second.pk, first.pk]
    return first, second


@pytest.mark.parametrize("do", [cancel, end_cancelled, hand_over, hand_on, bring_back], ids=lambda do: str(do.__name__))
def test_the_people_of_many_cases_are_held_in_the_order_of_their_ids(do: Doing) -> None:
    school = make(sessions=1)
    city, course = school.city, course_of(school, start=clock.now() + 20 * DAY)
    partners.add_member(partner=city.hospital, user=city.manager, role=Role.MANAGER, by=system_user())
    first, second = _two(city, course)
    with transaction.atomic():
        hold_people([first.pk])
        doing = Meanwhile(lambda: do(city, course))
        assert not doing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        hold_people([second.pk])
        list(Case.objects.select_for_update(of=("self",)).order_by("pk"))
        list(Opportunity.objects.select_for_update(of=("self",)).filter(pk=course.pk))
    doing.done()


@pytest.mark.parametrize("ends", [cancel, end_cancelled], ids=lambda do: str(do.__name__))
def test_cases_that_are_opened_while_the_people_are_waited_for_end_too(ends: Doing) -> None:
    school = make(sessions=1)
    city, course = school.city, course_of(school, start=clock.now() + 20 * DAY)
    first, _second = _two(city, course)
    with transaction.atomic():
        hold_people([first.pk])
        ending = Meanwhile(lambda: ends(city, course))
        assert not ending.settled()
        city.person = city.pin("สาม")
        cases.propose(person=city.person, partner=city.town, opportunity=course, by=city.worker)
    ending.done()
    stages = set(Case.objects.filter(opportunity=course).values_list("state", flat=True))
    assert stages == {"returned", "declined"}


def _waiting(city: City, course: Opportunity) -> tuple[Enrolment, Person]:
    given, by = ConsentRow(Purpose.ENROL, city.school, How.VERBAL), city.worker
    held = actions.take_seat(person=city.pin("หนึ่ง"), opportunity=course, by=by, consent=given)
    waits = city.pin("สอง")
    actions.take_seat(person=waits, opportunity=course, by=by, consent=given, wait=True)
    assert isinstance(held, Enrolment)
    return held, waits


@pytest.mark.parametrize("way", ["leave", "cancel", "tend", "close", "change"])
def test_whoever_waits_for_a_course_is_held_before_it(way: str) -> None:
    """They may be told, and whoever enrols them holds them first and then the course."""
    school = make(sessions=1)
    city, course, by = school.city, course_of(school, start=clock.now() + 20 * DAY), system_user()
    held, waits = _waiting(city, course)
    kept = Opportunity.objects.get(pk=course.pk)
    do: Callable[[], object] = {
        "leave": lambda: actions.leave_course(enrolment=held, by=by),
        "cancel": lambda: cancel(city, course),
        "tend": lambda: actions.tend_line(opportunity=course, by=by),
        "close": lambda: catalogue.close(opportunity=kept, reason="เต็ม", by=by, version=kept.version),
        "change": lambda: actions.offer_added(opportunities=[course], by=by),
    }[way]
    with transaction.atomic():
        hold_people([waits.pk])
        doing = Meanwhile(do)
        assert not doing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        list(Opportunity.objects.select_for_update(of=("self",)).filter(pk=course.pk))
        actions.take_seat(person=waits, opportunity=course, by=by, consent=agreed(school), wait=True)
    doing.done()
