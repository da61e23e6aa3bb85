"""Whoever is meant is held at once, in the order of their ids: the records that were joined into one, and whoever comes
to be meant while the others are waited for. The watch over locks (tests.locks) sees who is held late."""

import contextlib
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
from okat.city.learning.models import Credential, Enrolment, PassportLink, PublicKey, Turn
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.assessing import When
from okat.city.learning.rules.proofs import WRONG_NAME
from okat.city.people.actions import ConsentRow, hold_people, record_consent, undo_merge, withdraw_consent
from okat.city.people.models import Consent, Merge, Person, Questionnaire
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


def _leave_course(school: School, held: Enrolment, _turn: Turn) -> object:
    return actions.leave_course(enrolment=held, by=school.city.worker)


def _leave_line(school: School, _held: Enrolment, turn: Turn) -> object:
    return actions.leave_line(turn=turn, by=school.city.worker)


def _assess(school: School, held: Enrolment, _turn: Turn) -> None:
    asked = Questionnaire(data={})
    with contextlib.suppress(LearningError):  # it is none of a course
        actions.assess(enrolment=held, instrument=asked, moment=When.BEFORE, answers={}, by=school.teacher)


def _answer(_school: School, held: Enrolment, _turn: Turn) -> None:
    with contextlib.suppress(LearningError):  # the course goes on
        actions.give_feedback(enrolment=held, points={}, by=system_user())


def _revoke(_school: School, held: Enrolment, _turn: Turn) -> object:
    return actions.revoke(certificate=Credential.objects.get(enrolment=held), reason=WRONG_NAME, by=system_user())


def _withdraw_link(_school: School, held: Enrolment, _turn: Turn) -> object:
    return actions.withdraw_link(link=PassportLink.objects.get(person=held.person_id), by=system_user())


ROWS = (_leave_course, _leave_line, _assess, _answer, _revoke, _withdraw_link)


@pytest.mark.parametrize("do", ROWS, ids=lambda do: str(do.__name__))
def test_whose_row_it_is_once_the_person_is_joined_with_another_is_held_before_it(
    do: Callable[[School, Enrolment, Turn], object],
) -> None:
    school = make(sessions=1)
    city, start = school.city, clock.now() + 20 * DAY
    taken, full = course_of(school, start=start), course_of(school, "ทอเสื่อ", start=start + DAY)
    kept, gone = (city.pin(name) for name in ("หนึ่ง", "สอง"))
    held = ask(school, taken, gone)
    ask(school, full, city.pin("สาม"))
    turn = ask(school, full, gone)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    key = PublicKey.objects.create(name="k", public="p", since=clock.now())
    Credential.objects.create(
        person=gone, opportunity=taken, enrolment=held, key=key, list_number=1, place=1, issued_at=clock.now()
    )
    PassportLink.objects.create(person=gone, digest="1", made_at=clock.now(), until=start)
    with transaction.atomic():
        join(school, kept, gone)
        doing = Meanwhile(lambda: do(school, held, turn))
        assert not doing.settled()
    doing.done()
    assert Enrolment.objects.get(pk=held.pk).person == kept
