"""What is done for several people at once holds all of them before anything of theirs, in the order of their ids: two
who meet at the same people and the same course wait for each other in one order, and neither is refused for it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.cases.conftest import City
from tests.learning.conftest import AFTER, DAY, FIRST, make, placed
from tests.learning.test_line import agreed, course_of
from tests.meanwhile import Meanwhile

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Enrolment, Turn
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import (
    ConsentRow,
    come_back,
    hold_people,
    merge,
    propose_merge,
    set_status,
    settle_merge,
    undo_merge,
)
from okat.city.people.models import Merge, Person
from okat.city.people.rules import How, Purpose, Status

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
    """Of whoever is known longest: nobody is held after somebody of a higher id (tests.locks)."""
    school = make(sessions=1)
    city, course = school.city, course_of(school, start=clock.now() + 20 * DAY)
    late = city.pin("สาม")
    first, _second = _two(city, course)
    with transaction.atomic():
        hold_people([first.pk])
        ending = Meanwhile(lambda: ends(city, course))
        assert not ending.settled()
        city.person = late
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


def _die(held: Enrolment) -> object:
    person = Person.objects.get(pk=held.person_id)
    return set_status(person=person, status=Status.DIED, by=system_user())


def _leave_case(city: City, course: Opportunity) -> Callable[[], object]:
    case = placed(city, course, city.pin("สาม"))
    return lambda: cases.leave(case=case, reason="work", by=city.officer)


WAYS = ["leave", "cancel", "tend", "close", "change", "die", "come_back", "enrol", "case", "erase", "lines"]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_who_waits_for_a_course_is_waited_for(way: str) -> None:
    """A line changes under its course alone. Whoever waits there may be told, and whoever enrols them holds them and
    then the course: who holds the course never wants them."""
    school = make(sessions=1)
    city, course, by = school.city, course_of(school, start=clock.now() + 20 * DAY), system_user()
    held, waits = _waiting(city, course)
    end_case = _leave_case(city, course) if way == "case" else None
    if way == "come_back":
        _die(held)
    kept = Opportunity.objects.get(pk=course.pk)
    do: dict[str, Callable[[], object] | None] = {
        "leave": lambda: actions.leave_course(enrolment=held, by=by),
        "cancel": lambda: cancel(city, course),
        "tend": lambda: actions.tend_line(opportunity=course, by=by),
        "close": lambda: catalogue.close(opportunity=kept, reason="เต็ม", by=by, version=kept.version),
        "change": lambda: actions.offer_added(opportunities=[course], by=by),
        "die": lambda: _die(held),
        "come_back": lambda: come_back(person=Person.objects.get(pk=held.person_id), by=by),
        "enrol": lambda: actions.enrol(person=city.person, opportunity=course, case=None, by=by),
        "case": end_case,
        "erase": lambda: actions.erase_learning(person=held.person_id, by=by),
        "lines": lambda: partners.settle(partner=city.school, key="41 learning.line", to=None, by=by),
    }
    chosen = do[way]
    assert chosen is not None
    with transaction.atomic():
        hold_people([waits.pk])
        doing = Meanwhile(chosen)
        assert doing.settled()
        doing.done()
        actions.leave_line(turn=Turn.objects.get(person=waits), by=by)


def test_a_second_place_goes_on_without_waiting_for_who_gets_it() -> None:
    school = make(sessions=1)
    city, by = school.city, system_user()
    course = course_of(school, places=2, start=clock.now() + 20 * DAY)
    given = ConsentRow(Purpose.ENROL, city.school, How.VERBAL)
    one, two, waits = (city.pin(name) for name in ("หนึ่ง", "สอง", "สาม"))
    for person in (one, two, waits):
        actions.take_seat(person=person, opportunity=course, by=by, consent=given, wait=True)
    joined = merge(proposal=propose_merge(one=one, other=two, by=by), keep=one, by=by)
    with transaction.atomic():
        hold_people([waits.pk])
        settling = Meanwhile(lambda: settle_merge(merge=joined, by=by))
        assert settling.settled()
        settling.done()
    assert Turn.objects.get(person=waits).state == "offered"


def test_two_who_wait_are_joined_after_the_course_whose_line_they_stand_in() -> None:
    """Who moves the line on holds the course and then their turns."""
    school = make(sessions=1)
    city, by, course = school.city, system_user(), course_of(school, start=clock.now() + 20 * DAY)
    _held, one = _waiting(city, course)
    two = city.pin("สาม")
    actions.take_seat(person=two, opportunity=course, by=by, consent=agreed(school), wait=True)
    asked = propose_merge(one=one, other=two, by=by)
    with transaction.atomic():
        Opportunity.objects.select_for_update(of=("self",)).get(pk=course.pk)
        joining = Meanwhile(lambda: merge(proposal=asked, keep=one, by=by))
        assert not joining.settled()
        list(Turn.objects.select_for_update(of=("self",), nowait=True).filter(opportunity=course).order_by("id"))
    joined = joining.done()
    assert isinstance(joined, Merge)
    with transaction.atomic():
        Opportunity.objects.select_for_update(of=("self",)).get(pk=course.pk)
        parting = Meanwhile(lambda: undo_merge(merge=joined, by=by))
        assert not parting.settled()
        list(Turn.objects.select_for_update(of=("self",), nowait=True).filter(opportunity=course).order_by("id"))
    parting.done()


def test_everybody_of_later_joinings_is_held_before_the_first_is_taken_back() -> None:
    school = make(sessions=1)
    city, by, course = school.city, system_user(), course_of(school, start=clock.now() + 20 * DAY)
    _held, kept = _waiting(city, course)
    others = [city.pin(name) for name in ("สาม", "สี่")]
    for other in others:
        actions.take_seat(person=other, opportunity=course, by=by, consent=agreed(school), wait=True)
    first, _later = [
        merge(proposal=propose_merge(one=kept, other=other, by=by), keep=kept, by=by) for other in others
    ]  # fmt: skip
    with transaction.atomic():
        hold_people([others[0].pk])
        parting = Meanwhile(lambda: undo_merge(merge=first, by=by))
        assert not parting.settled()
        Opportunity.objects.select_for_update(of=("self",), nowait=True).get(pk=course.pk)
    parting.done()


@pytest.mark.parametrize("way", ["die", "come_back", "erase"])
def test_courses_are_held_in_the_order_of_their_ids(way: str) -> None:
    """A turn in the one, a place in the other, whichever came first."""
    school = make(sessions=1)
    city, by, start = school.city, system_user(), clock.now() + 20 * DAY
    made = [course_of(school, title, start=start + n * DAY) for n, title in enumerate(("ก", "ข"))]
    first, second = sorted(made, key=lambda course: course.pk)
    given = ConsentRow(Purpose.ENROL, city.school, How.VERBAL)
    taken, full = (second, first) if way == "erase" else (first, second)  # turns end before places, but not there
    actions.take_seat(person=city.pin("หนึ่ง"), opportunity=full, by=by, consent=given)
    person = city.pin("สอง")
    actions.take_seat(person=person, opportunity=taken, by=by, consent=given)
    actions.take_seat(person=person, opportunity=full, by=by, consent=given, wait=True)
    if way == "come_back":
        set_status(person=person, status=Status.DIED, by=by)
    do: dict[str, Callable[[], object]] = {
        "die": lambda: set_status(person=person, status=Status.DIED, by=by),
        "come_back": lambda: come_back(person=person, by=by),
        "erase": lambda: actions.erase_learning(person=person.pk, by=by),
    }
    with transaction.atomic():
        Opportunity.objects.select_for_update(of=("self",)).get(pk=first.pk)
        doing = Meanwhile(do[way])
        assert not doing.settled()
        Opportunity.objects.select_for_update(of=("self",), nowait=True).get(pk=second.pk)
    doing.done()


def test_who_learns_is_held_before_the_certificates_that_complete_their_placement() -> None:
    """Also who takes part since the others were waited for, in the order of their ids (tests.locks)."""
    with clock.at(FIRST - DAY):
        school = make(sessions=1)
        late, learns = school.city.person, school.city.pin("สอง")
        Enrolment.objects.get(person=late).delete()
        case = placed(school.city, school.course, learns)
    learner = Enrolment.objects.get(opportunity=school.course)
    with clock.at(AFTER):
        for session in school.sessions:
            actions.mark(session=session, present=[learner.pk], by=school.teacher)
        with transaction.atomic():
            hold_people([learner.person_id])
            issuing = Meanwhile(lambda: at(AFTER, lambda: actions.issue(opportunity=school.course, by=school.teacher)))
            assert not issuing.settled()
            Enrolment.objects.select_for_update(nowait=True).get(pk=learner.pk)
            actions.enrol(person=late, opportunity=school.course, case=None, by=system_user())
        issuing.done()
    case.refresh_from_db()
    assert case.state == "completed"


def at(moment: dt.datetime, do: Callable[[], object]) -> object:
    with clock.at(moment):
        return do()


def test_an_office_that_leaves_holds_everybody_before_its_first_course() -> None:
    """It takes over people, then courses, then cases, all at once; whoever gives a place back holds themselves and
    then the course, and ends what the office might see by it."""
    school = make(sessions=1)
    city, by, course = school.city, system_user(), course_of(school, start=clock.now() + 20 * DAY)
    partners.add_member(partner=city.town, user=city.worker, role=Role.MANAGER, by=by)
    held, _waits = _waiting(city, course)
    city.person = Person.objects.get(pk=held.person_id)
    city.consent(city.school)
    case = cases.propose(person=city.person, partner=city.town, need=city.need, by=city.worker)
    cases.refer(case=cases.accept(case=case, by=city.worker), to=city.school, by=city.worker)
    leaving_school = Partner.objects.get(pk=city.school.pk)
    with transaction.atomic():
        hold_people([held.person_id])
        leaving = Meanwhile(
            lambda: partners.leave_network(partner=leaving_school, reason="merged", successor=city.town, by=by)
        )
        assert not leaving.settled()
        with connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '2s'")
        actions.leave_course(enrolment=held, by=by)
    leaving.done()
    assert Opportunity.objects.get(pk=course.pk).provider == city.town
