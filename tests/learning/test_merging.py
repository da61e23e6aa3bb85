"""Two records of one person in one course: one place, attendance added up, and the second place is passed on when the
merge is settled."""

import datetime as dt

from tests.learning.conftest import AFTER, DAY, FIRST, School, placed
from tests.learning.test_line import Shop, ask, course_of, shop, taken

from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Attendance, Enrolment, Turn
from okat.city.learning.queries import courses, line
from okat.city.people import actions as people
from okat.city.people.models import Merge, Person
from okat.city.people.queries.joining import to_settle

__all__ = ["shop"]
WEEK = dt.timedelta(days=7, minutes=1)


def join(school: School, keep: Person, gone: Person) -> Merge:
    asked = people.propose_merge(one=keep, other=gone, by=system_user())
    return people.merge(proposal=asked, keep=keep, by=school.city.manager)


def undo(school: School, done: Merge) -> None:
    people.undo_merge(merge=done, by=school.city.manager)


def test_half_the_sessions_under_each_record_are_all_of_them(school: School) -> None:
    gone = school.city.person
    with clock.at(FIRST - DAY):
        kept = school.city.pin("สมหญิงคนเดิม")
        placed(school.city, school.course, kept)
    first, second = (Enrolment.objects.get(person=person) for person in (gone, kept))
    with clock.at(AFTER):
        for number, session in enumerate(school.sessions):
            actions.mark(session=session, present=[(first, second)[number % 2].pk], by=school.teacher)
        before = set(Attendance.objects.values_list("enrolment", "session", "present", "at"))
        done = join(school, kept, gone)
        (learner,) = courses.learners_of(school.teacher, school.course)
        assert (learner.progress.attended, learner.progress.held) == (4, 4)
        undo(school, done)
        assert set(Attendance.objects.values_list("enrolment", "session", "present", "at")) == before
        done = join(school, kept, gone)
        (certificate,) = actions.issue(opportunity=school.course, by=school.teacher)
        assert certificate.person == kept
        undo(school, done)
        assert Enrolment.objects.get(pk=first.pk).standing == "active"
        assert Enrolment.objects.get(pk=first.pk).person == gone


def test_a_second_place_is_held_for_seven_days_and_then_goes_to_the_next(shop: Shop) -> None:
    school, _course, (one, two, three) = shop
    course = course_of(school, "ว่ายน้ำ", places=2, start=FIRST + 3 * DAY)
    for person in (one, two, three):
        ask(school, course, person)
    done = join(school, one, two)
    assert taken(course) == 2
    assert [learner.enrolment.person for learner in courses.learners_of(school.teacher, course)] == [one]
    actions.tend_line(opportunity=course, by=school.teacher)
    assert Turn.objects.get(person=three).state == "waiting"
    undo(school, done)
    assert set(Enrolment.objects.filter(opportunity=course, standing="active").values_list("person", flat=True)) == {
        one.pk, two.pk,
    }  # fmt: skip
    done = join(school, one, two)
    with clock.at(clock.now() + WEEK):
        assert to_settle(clock.now()) == [done]
        for _twice in range(2):
            people.settle_merge(merge=done, by=school.city.manager)
        assert Turn.objects.get(person=three).state == "offered"
        assert taken(course) == 2
        undo(school, done)
        assert Enrolment.objects.get(person=two).standing == "left"  # it went on; the page said so
        assert line.place_of(one, course) is not None
        assert taken(course) == 2


def test_a_place_that_is_left_meanwhile_and_the_held_one_are_each_freed_once(shop: Shop) -> None:
    school, _course, (one, two, _three) = shop
    course = course_of(school, "ว่ายน้ำ", places=2, start=FIRST + 3 * DAY)
    for person in (one, two):
        ask(school, course, person)
    done = join(school, one, two)
    actions.leave_course(enrolment=Enrolment.objects.get(person=one, opportunity=course), by=school.teacher)
    assert taken(course) == 1
    people.settle_merge(merge=done, by=school.city.manager)
    assert taken(course) == 0


def test_the_better_turn_counts_and_an_offer_that_is_held_goes_on_when_settled(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    held = ask(school, course, one)
    turns = [ask(school, course, person) for person in (two, three)]
    early = join(school, three, two)
    assert [turn.pk for turn in line.open_turns(three.pk)] == [turns[0].pk]
    undo(school, early)
    assert [[turn.pk for turn in line.open_turns(person.pk)] for person in (two, three)] == [[t.pk] for t in turns]
    assert isinstance(held, Enrolment)
    actions.leave_course(enrolment=held, by=school.city.worker)
    assert [Turn.objects.get(pk=turn.pk).state for turn in turns] == ["offered", "waiting"]
    ask(school, _other(school), two)
    done = join(school, three, two)
    assert [turn.state for turn in line.open_turns(three.pk)] == ["offered"]
    actions.take_seat(person=Person.objects.get(pk=three.pk), opportunity=course, by=school.city.worker)
    people.settle_merge(merge=done, by=school.city.manager)
    assert taken(course) == 1
    assert Enrolment.objects.filter(opportunity=course, standing="active").count() == 1


def _other(school: School) -> Opportunity:
    return course_of(school, "ว่ายน้ำ", places=2, start=FIRST + 4 * DAY)


def test_whoever_has_a_place_waits_for_none(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    for person in (one, two, three):
        ask(school, course, person)
    done = join(school, two, one)
    assert Enrolment.objects.get(opportunity=course, standing="active").person == two
    assert line.open_turns(two.pk) == []
    assert Turn.objects.get(person=three).state == "waiting"
    undo(school, done)
    assert Enrolment.objects.get(opportunity=course, standing="active").person == one
    assert [turn.state for turn in line.open_turns(two.pk)] == ["waiting"]


def test_a_course_that_is_cancelled_meanwhile_gives_nobody_a_place_back(shop: Shop) -> None:
    school, _course, (one, two, _three) = shop
    course = course_of(school, "ว่ายน้ำ", places=2, start=FIRST + 3 * DAY)
    for person in (one, two):
        ask(school, course, person)
    done = join(school, one, two)
    actions.cancel_course(opportunity=course, by=school.teacher)
    undo(school, done)
    assert {row.standing for row in Enrolment.objects.filter(opportunity=course)} == {"cancelled"}
    assert taken(course) == 0
