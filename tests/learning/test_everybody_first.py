"""Whoever is meant is held at once, in the order of their ids: the records that were joined into one, and whoever comes
to be meant while the others are waited for. The watch over locks (tests.locks) sees who is held late."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.learning.conftest import DAY, School, make
from tests.learning.test_line import agreed, ask, course_of
from tests.learning.test_merging import join
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Enrolment, Turn
from okat.city.people.actions import ConsentRow, hold_people, record_consent, undo_merge, withdraw_consent
from okat.city.people.models import Consent, Merge, Person
from okat.city.people.rules import How, Purpose

pytestmark = pytest.mark.django_db(transaction=True)

Doing = Callable[[School, Opportunity, Person], object]


def say(school: School, _course: Opportunity, person: Person) -> object:
    given = ConsentRow(Purpose.REFER, school.city.school, How.SIGNATURE)
    return record_consent(person=person, given=given, by=school.city.worker)


def take_back(school: School, _course: Opportunity, person: Person) -> object:
    consent = Consent.objects.get(person=person, purpose=Purpose.CARE, recipient=school.city.town)
    return withdraw_consent(consent=consent, by=school.city.worker)


def accept(school: School, course: Opportunity, person: Person) -> object:
    turn = Turn.objects.get(person=person, opportunity=course)
    return actions.accept_turn(turn=turn, by=school.city.worker, consent=agreed(school))


WAYS = (say, take_back, ask, accept)
each_way = pytest.mark.parametrize("do", WAYS, ids=lambda do: str(do.__name__))


def stage(do: Doing) -> tuple[School, Opportunity, Person, Person]:
    """An older record with a word of its own, and a younger one that is kept; a place that is offered to the latter."""
    school = make(sessions=1)
    course = course_of(school, start=clock.now() + 20 * DAY)
    older, kept = (school.city.pin(name) for name in ("หนึ่ง", "สอง"))
    assert older.pk < kept.pk
    say(school, course, older)
    if do is accept:
        held = ask(school, course, school.city.pin("สาม"))
        assert isinstance(held, Enrolment)
        ask(school, course, kept)
        withdraw_consent(consent=Consent.objects.get(person=kept, purpose=Purpose.ENROL), by=school.city.worker)
        actions.leave_course(enrolment=held, by=school.city.worker)
    return school, course, older, kept


@each_way
def test_joined_records_are_held_before_the_one_that_is_kept_by_whoever_speaks_for_it(do: Doing) -> None:
    school, course, older, kept = stage(do)
    join(school, kept, older)
    with transaction.atomic():
        hold_people([older.pk])
        doing = Meanwhile(lambda: do(school, course, Person.objects.get(pk=kept.pk)))
        assert not doing.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        hold_people([kept.pk])
    doing.done()


@each_way
def test_a_record_that_is_joined_while_the_kept_one_is_waited_for_is_held_in_the_order_of_ids_too(do: Doing) -> None:
    school, course, older, kept = stage(do)
    with transaction.atomic():
        join(school, kept, older)
        doing = Meanwhile(lambda: do(school, course, Person.objects.get(pk=kept.pk)))
        assert not doing.settled()
    doing.done()


def test_who_is_joined_while_a_joining_is_taken_back_is_held_before_rounds_and_courses() -> None:
    school = make(sessions=1)
    course = course_of(school, start=clock.now() + 20 * DAY)
    late, kept, gone = (school.city.pin(name) for name in ("หนึ่ง", "สอง", "สาม"))
    for person in (school.city.pin("สี่"), late, kept):
        ask(school, course, person)
    first = join(school, kept, gone)
    with transaction.atomic():
        join(school, kept, late)
        parting = Meanwhile(lambda: undo_merge(merge=first, by=system_user()))
        assert not parting.settled()
    parting.done()
    assert Person.objects.get(pk=late.pk).merged_into == kept
    assert Merge.objects.get(undone_at=None).gone == late
    assert Turn.objects.get(ended_at=None).person == kept
