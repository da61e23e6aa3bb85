"""A course that does not take place: everybody who holds a place or waits hears of it with the reason, each by what
reaches them, and so does whoever entered somebody without an account; what was told of it before does not hold."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import DAY, FIRST, HOURS, School, placed
from tests.learning.test_line import Shop, ask, shop
from tests.post_office import opened
from tests.signing import sign_in_fully

from okat.city.cases import actions as cases
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.learning import actions
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.tasks import tend
from okat.city.notices.models import Notice
from okat.city.notices.rules import say
from okat.city.people import actions as people
from okat.city.people.models import Person, Slip
from okat.config.standin import PostOffice

__all__ = ["shop"]

WHY = "ไม่มีครู"


def cancel(course: Opportunity, school: School) -> None:
    kept = Opportunity.objects.get(pk=course.pk)
    catalogue.cancel(opportunity=kept, reason=WHY, by=school.teacher, version=kept.version)


def waiting(person: Person) -> set[str]:
    return set(Slip.objects.filter(person=person, told_at=None).values_list("kind", flat=True))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def test_whoever_holds_a_place_hears_why(shop: Shop, office: PostOffice) -> None:
    school, course, (one, two, three) = shop
    Opportunity.objects.filter(pk=course.pk).update(capacity=3)
    own = school.city.person
    two.phone = "0812345678"
    two.save(update_fields=["phone"])
    people.ring_phone(person=two, by=school.city.worker)
    for person in (own, one, two):
        ask(school, course, person, wait=False)
    Person.objects.filter(user=None).update(responsible=None)  # whoever enrolled them hears it all the same
    ask(school, course, three)
    cancel(course, school)
    told = Notice.objects.get(user=school.learner, kind="learning.course_cancelled")
    assert WHY in say(told.kind, told.params)
    assert waiting(one) == {"learning.course_cancelled"}
    assert waiting(two) == set()
    assert Letter.objects.filter(kind="people.told", params__kind="learning.course_cancelled").count() == 1
    assert waiting(three) == {"learning.turn_cancelled"}
    for kind in ("learning.course_cancelled_for", "learning.turn_cancelled"):
        worker = Notice.objects.get(user=school.city.worker, kind=kind)
        assert WHY in say(kind, worker.params)


def test_whoever_came_by_a_case_hears_who_looks_for_something_else(school: School) -> None:
    silent = school.city.pin("สมปอง")
    placed(school.city, school.course, silent)
    cancel(school.course, school)
    told = Notice.objects.filter(user=school.learner, params__reason=WHY)
    assert [row.kind for row in told] == ["cases.called_off"]
    assert school.city.town.th in say("cases.called_off", told[0].params)
    assert waiting(silent) == {"cases.called_off"}


def test_whoever_only_waits_for_the_certificate_hears_it_once(school: School) -> None:
    cases.complete(case=school.case, by=school.teacher)
    cancel(school.course, school)
    told = Notice.objects.filter(user=school.learner, params__reason=WHY)
    assert [row.kind for row in told] == ["learning.course_cancelled"]


def test_nothing_told_before_stays_to_be_brought(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    ask(school, course, one)
    ask(school, course, two)
    own = school.city.person
    ask(school, course, own)
    by, session = school.teacher, course.sessions.get()
    actions.cancel_session(session=session, reason="ครูป่วย", by=by)
    for person in (one, two):
        assert waiting(person) == {"learning.called_off"}
    Slip.objects.filter(told_at=None).update(printed_at=clock.now())  # somebody is on the way with it
    actions.reinstate_session(session=session, by=by)
    for person in (one, two):
        assert waiting(person) == {"learning.reinstated"}
    actions.plan_sessions(opportunity=course, days=[(FIRST + 9 * DAY).date()], start=dt.time(9), end=dt.time(12), by=by)
    late = course.sessions.order_by("start").last()
    assert late is not None
    actions.follow_changes(opportunity=course, moved=[(late, FIRST + 8 * DAY, FIRST + 8 * DAY + HOURS)], gone=[], by=by)
    actions.cancel_session(session=late, reason="ครูป่วย", by=by)
    assert waiting(one) == {"learning.reinstated", "learning.planned", "learning.moved", "learning.called_off"}
    cancel(course, school)
    assert waiting(one) == {"learning.course_cancelled"}
    assert waiting(two) == {"learning.turn_cancelled"}
    unread = Notice.objects.filter(user=school.learner, kind__startswith="learning.", read_at=None, over_at=None)
    assert [row.kind for row in unread] == ["learning.turn_cancelled"]


@pytest.mark.parametrize("leaves", ["place", "turn"])
def test_whoever_leaves_is_brought_nothing_of_the_course(shop: Shop, leaves: str) -> None:
    school, course, (one, two, _three) = shop
    held, turn = ask(school, course, one), ask(school, course, two)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    actions.cancel_session(session=course.sessions.get(), reason="ครูป่วย", by=school.teacher)
    if leaves == "place":
        actions.leave_course(enrolment=held, by=school.city.worker)
        assert waiting(one) == set()
    else:
        actions.leave_line(turn=turn, by=school.city.worker)
        assert waiting(two) == set()
        assert waiting(one) == {"learning.called_off"}


def test_the_worker_reads_the_same_whole_sentence(shop: Shop) -> None:
    school, course, (one, *_others) = shop
    ask(school, course, one)
    ask(school, course, school.city.person)
    by, session = school.teacher, course.sessions.get()
    actions.cancel_session(session=session, reason="ครูป่วย", by=by)
    actions.reinstate_session(session=session, by=by)
    actions.follow_changes(
        opportunity=course, moved=[(session, session.start + DAY, session.end + DAY)], gone=[session], by=by
    )
    cancel(course, school)
    for kind in ("called_off", "reinstated", "moved", "taken_out", "course_cancelled"):
        passed = Notice.objects.get(user=school.city.worker, kind=f"learning.{kind}_for")
        said = say(passed.kind, passed.params)
        own = say(f"learning.{kind}", passed.params)
        assert said.startswith(own), said
        assert said != own


def test_pages_say_that_it_does_not_take_place(shop: Shop, client: Client) -> None:
    school, course, (one, *_others) = shop
    ask(school, course, one)
    cancel(course, school)
    sign_in_fully(client, school.city.worker)
    page = client.get(reverse("learning:place", args=[course.pk]), {"person": str(one.pk)}).content.decode()
    assert WHY in page
    assert "ไม่รับคนด้วยวิธีนี้" not in page
    assert "ไม่มีเรียนแล้ว" in page
    sign_in_fully(client, school.teacher)
    page = client.get(reverse("learning:course", args=[course.pk])).content.decode()
    assert WHY in page
    assert "ไม่มีเรียนแล้ว" in page
    assert "ยังไม่ถึง" not in page


@pytest.mark.parametrize("ending", ["cancelled", "expired"])
def test_an_offer_that_a_worker_was_told_of_is_over_with_it(shop: Shop, ending: str) -> None:
    school, course, (one, two, _three) = shop
    held = ask(school, course, one, wait=False)
    assert isinstance(held, Enrolment)
    ask(school, course, two)
    actions.leave_course(enrolment=held, by=school.city.worker)
    offer = Notice.objects.get(kind="learning.turn_offered", user=school.city.worker)
    assert offer.over_at is None
    if ending == "cancelled":
        cancel(course, school)
    else:
        with clock.at(clock.now() + 5 * DAY):
            tend(0)
    offer.refresh_from_db()
    assert offer.over_at is not None
