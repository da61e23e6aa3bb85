"""First come, first served: the last seat, the line in order of arrival, and what overlaps."""

import datetime as dt
import os
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from tests.learning.conftest import DAY, FIRST, HOURS, School, make

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.registries import ERASE, MERGE, TASKS
from okat.city.learning import actions, tasks
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import line
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.line import answer_by
from okat.city.notices.models import Notice
from okat.city.people import queries as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose

EARLY = FIRST - 20 * DAY


def course_of(school: School, title: str = "ทำขนม", places: int | None = 1, start: dt.datetime = FIRST) -> Opportunity:
    row = OpportunityRow(
        provider=school.city.school.code, area=school.city.school.area.code, kind="interest", title_th=title,
        title_en="Sweets", capacity=places, sessions=(SessionRow(start, start + HOURS),),
    )  # fmt: skip
    made = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    actions.set_first_come(opportunity=made, on=True, by=school.teacher)
    return made


def agreed(school: School) -> ConsentRow:
    return ConsentRow(Purpose.ENROL, school.city.school, How.SIGNATURE)


def ask(school: School, course: Opportunity, person: Person, wait: bool = True) -> Enrolment | Turn:
    return actions.take_seat(
        person=person, opportunity=course, by=school.city.worker, consent=agreed(school), wait=wait
    )


@pytest.fixture
def shop(db: None) -> Iterator[tuple[School, Opportunity, list[Person]]]:
    """A course with one place, twenty days before it begins, and three people."""
    with clock.at(EARLY):
        school = make(sessions=1)
        yield school, course_of(school, start=FIRST + DAY), [school.city.pin(n) for n in ("หนึ่ง", "สอง", "สาม")]


def taken(course: Opportunity) -> int:
    return Opportunity.objects.values_list("seats_taken", flat=True).get(pk=course.pk)


Shop = tuple[School, Opportunity, list[Person]]


def test_the_last_seat_goes_to_one_and_the_others_wait_in_order(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    held = ask(school, course, one, wait=False)
    assert isinstance(held, Enrolment)
    assert held.seated
    with pytest.raises(LearningError) as refused:
        ask(school, course, two, wait=False)
    assert refused.value.code == "full"
    turns = [ask(school, course, person) for person in (two, three)]
    assert [line.position(turn) for turn in turns if isinstance(turn, Turn)] == [1, 2]
    assert ask(school, course, two) == turns[0]
    assert ask(school, course, one) == held
    assert taken(course) == 1
    assert people.visible_to(school.teacher).filter(pk=one.pk).exists()
    assert not people.visible_to(school.teacher).filter(pk=two.pk).exists()


def test_a_freed_place_is_offered_in_order_and_goes_on_when_nobody_answers(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    held = ask(school, course, one)
    first, second = ask(school, course, two), ask(school, course, three)
    assert isinstance(held, Enrolment)
    actions.leave_course(enrolment=held, by=school.city.worker)
    first.refresh_from_db()
    assert (first.state, first.answer_by, taken(course)) == ("offered", (EARLY + 3 * DAY).date(), 1)
    assert not people.visible_to(school.teacher).filter(pk=one.pk).exists()
    waits = [task for task in TASKS["learning"](school.city.worker) if task.key.startswith("turn:")]
    assert [task.due for task in waits] == [first.answer_by]
    with pytest.raises(LearningError):
        ask(school, course, one, wait=False)  # the place is kept for who waited
    with clock.at(EARLY + 4 * DAY):
        with pytest.raises(LearningError):
            actions.accept_turn(turn=first, by=school.city.worker)
        tasks.tend(0)
        tasks.tend(0)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state, taken(course)) == ("expired", "offered", 1)
        actions.leave_line(turn=second, by=school.city.worker)
        actions.leave_line(turn=second, by=school.city.worker)
        assert taken(course) == 0


def test_who_accepts_takes_part_and_is_told(shop: Shop, django_capture_on_commit_callbacks: object) -> None:
    school, course, (one, *_rest) = shop
    me = Person.objects.get(pk=school.city.person.pk)
    held, turn = ask(school, course, one), ask(school, course, me)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.leave_course(enrolment=held, by=school.city.worker)
    assert Notice.objects.get(kind="learning.turn_offered").user == school.learner
    made = actions.accept_turn(turn=turn, by=school.learner)
    assert (made.person_id, made.seated, taken(course)) == (school.city.person.pk, True, 1)
    with pytest.raises(LearningError):
        actions.accept_turn(turn=turn, by=school.learner)


@pytest.mark.django_db(transaction=True)
def test_a_kill_right_after_the_commit_loses_no_notice() -> None:
    """A process that dies between the commit and whatever would follow: what was done and what was told stand both."""
    with clock.at(EARLY):
        school = make(sessions=1)
        course = course_of(school, start=FIRST + DAY)
        held, me = ask(school, course, school.city.pin("หนึ่ง")), Person.objects.get(pk=school.city.person.pk)
        turn = ask(school, course, me)
        Notice.objects.all().delete()
        connection.close()
        child = os.fork()
        if not child:
            with transaction.atomic():
                transaction.on_commit(lambda: os._exit(9))  # the first to follow the commit
                actions.leave_course(enrolment=held, by=school.city.worker)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        turn.refresh_from_db()
        assert turn.state == "offered"
        assert Notice.objects.get(kind="learning.turn_offered").user == school.learner
        letter = Letter.objects.get(kind="notices.new", user=school.learner)
        assert letter.state == Letter.State.WAITING


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_the_last_seat() -> None:
    """Two connections at once: one gets it, the other is told."""
    with clock.at(EARLY):
        school = make(sessions=1)
        course = course_of(school, start=FIRST + DAY)
        pair = [school.city.pin(name) for name in ("หนึ่ง", "สอง")]
    gate, outcome = threading.Barrier(2), []

    def phone(person: Person) -> None:
        try:
            with clock.at(EARLY):
                gate.wait(timeout=20)
                outcome.append(type(ask(school, course, person, wait=False)).__name__)
        except LearningError as refused:
            outcome.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=phone, args=[person]) for person in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcome) == ["Enrolment", "full"]
    assert (Enrolment.objects.filter(opportunity=course).count(), taken(course)) == (1, 1)


def test_sessions_that_overlap_are_shown_before(shop: Shop) -> None:
    school, _course, _people = shop
    person = Person.objects.get(pk=school.city.person.pk)  # takes part in the weaving course at FIRST
    half = course_of(school, "ปั้นดิน", start=FIRST + dt.timedelta(hours=1))
    found = line.clashes(person, half, system_user())
    assert [(one.wanted.start, one.other.start) for one in found] == [(FIRST + dt.timedelta(hours=1), FIRST)]
    with pytest.raises(LearningError) as refused:
        ask(school, half, person)
    assert refused.value.code == "clash_all"  # its only session
    half.sessions.create(start=FIRST + 9 * DAY, end=FIRST + 9 * DAY + HOURS)
    with pytest.raises(LearningError) as refused:
        ask(school, half, person)
    assert refused.value.code == "clash"
    made = actions.take_seat(person=person, opportunity=half, by=school.learner, consent=agreed(school), despite=True)
    assert isinstance(made, Enrolment)


def test_a_rule_that_says_no_and_a_missing_agreement_refuse(shop: Shop) -> None:
    school, course, (one, *_rest) = shop
    with pytest.raises(LearningError) as refused:
        actions.take_seat(person=one, opportunity=course, by=school.city.worker)
    assert refused.value.code == "consent"
    with pytest.raises(LearningError) as refused:
        actions.take_seat(person=one, opportunity=course, by=school.city.nurse, consent=agreed(school))
    assert refused.value.code == "not_allowed"
    Opportunity.objects.filter(pk=course.pk).update(closes_on=EARLY.date() - DAY)
    with pytest.raises(LearningError) as refused:
        ask(school, course, one)
    assert refused.value.code == "closed"


def test_erasing_merging_and_cancelling_keep_the_line_true(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    for person in (one, two, three):
        ask(school, course, person)
    ERASE["learning"](one.pk)
    assert [t.state for t in Turn.objects.filter(opportunity=course)] == ["offered", "waiting"]
    MERGE["learning"].move(two.pk, school.city.person.pk)
    assert line.turn_of(school.city.person, course) is not None
    actions.cancel_course(opportunity=course, by=school.teacher)
    assert {t.state for t in Turn.objects.filter(opportunity=course)} == {"over"}
    assert taken(course) == 0


def test_a_line_ends_with_its_course(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    ask(school, course, one)
    ask(school, course, two)
    with clock.at(FIRST + 2 * DAY):
        tasks.tend(0)
    assert Turn.objects.get(person=two).state == "over"


def test_raised_capacity_reaches_the_line_with_the_clock(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    ask(school, course, one)
    ask(school, course, two)
    with pytest.raises(LearningError):
        actions.set_first_come(opportunity=course, on=False, by=school.teacher)
    Opportunity.objects.filter(pk=course.pk).update(capacity=2)
    tasks.tend(0)
    assert (Turn.objects.get(person=two).state, taken(course)) == ("offered", 2)


def test_a_placement_takes_a_free_place_or_stands_above_the_number(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    placed = actions.enrol(person=one, opportunity=course, case=None, by=school.teacher)
    above = actions.enrol(person=two, opportunity=course, case=None, by=school.teacher)
    assert (placed.seated, above.seated, taken(course)) == (True, False, 1)


@pytest.mark.parametrize(
    ("next_in", "days"), [(None, 3), (20, 3), (3, 2), (2, 1), (1, 1), (0, 1)], ids=str
)  # fmt: skip
def test_the_last_day_to_answer(next_in: int | None, days: int) -> None:
    today = dt.date(2026, 12, 1)
    wanted = today + dt.timedelta(days=days)
    assert answer_by(today, None if next_in is None else today + dt.timedelta(days=next_in)) == wanted
