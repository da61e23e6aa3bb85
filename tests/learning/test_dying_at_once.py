"""What is begun for somebody at the moment in which their death is noted: all of theirs ends then, so nothing begins
that nobody would end."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from tests.learning.conftest import School, make
from tests.learning.test_line import agreed, course_of
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions.lookouts import Wanted
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.refusals import UndoneError
from okat.city.core.registries import LIFE
from okat.city.learning import actions
from okat.city.people import actions as people
from okat.city.people.models import Grant, Person
from okat.city.people.rules import Status

pytestmark = pytest.mark.django_db(transaction=True)

SOON = dt.timedelta(days=20)


def propose(school: School, _course: Opportunity, person: Person) -> object:
    city = school.city
    return cases.propose(person=person, partner=city.town, need=city.need, by=city.worker)


def take_seat(school: School, course: Opportunity, person: Person) -> object:
    return actions.take_seat(person=person, opportunity=course, by=school.city.worker, consent=agreed(school))


def wait(school: School, course: Opportunity, person: Person) -> object:
    other = school.city.pin("แทน")
    actions.take_seat(person=other, opportunity=course, by=school.city.worker, consent=agreed(school))
    return actions.take_seat(
        person=person, opportunity=course, by=school.city.worker, wait=True, consent=agreed(school)
    )


def look_out(school: School, _course: Opportunity, person: Person) -> object:
    wanted = Wanted(school.city.need, school.city.town.area)
    return catalogue.look_out(wanted=wanted, user=school.city.worker, person=person, by=school.city.worker)


BEGINS: list[Callable[[School, Opportunity, Person], object]] = [propose, take_seat, wait, look_out]


@pytest.mark.parametrize("begin", BEGINS, ids=lambda begin: str(begin.__name__))
def test_nothing_begins_for_somebody_whose_death_is_noted_meanwhile(
    begin: Callable[[School, Opportunity, Person], object],
) -> None:
    school = make(sessions=1)
    course = course_of(school, start=clock.now() + SOON)
    person = school.city.pin("หนึ่ง")  # as it stood when the form was opened
    with transaction.atomic():
        people.set_status(person=Person.objects.get(pk=person.pk), status=Status.DIED, by=system_user())
        beginning = Meanwhile(lambda: begin(school, course, person))
        assert not beginning.settled()
    with pytest.raises(UndoneError) as refused:
        beginning.done()
    assert getattr(refused.value, "code", "") == "died"
    assert not any(list(life.going(person.pk)) for _app, life in LIFE)
    assert not Grant.objects.in_force().filter(person=person, source__startswith="enrolment:").exists()
