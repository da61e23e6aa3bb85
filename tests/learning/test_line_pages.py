"""Enrolling first come, first served by the screens: a resident's and a worker's."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import DAY, FIRST, HOURS, School, make
from tests.learning.test_line import EARLY, agreed, ask, course_of
from tests.meanwhile import Meanwhile
from tests.read_aloud import shown, words_on
from tests.signing import make_user, sign_in_fully

from okat.city.catalogue.actions import close
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.learning import actions
from okat.city.learning.actions.moving import cancel_session
from okat.city.learning.models import Enrolment, FirstCome, Turn
from okat.city.people.actions import link_account
from okat.city.people.models import Consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def early(db: None) -> Iterator[School]:
    with clock.at(EARLY):
        yield make(sessions=1)


def client_of(user: Any) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def text(answer: Any) -> str:
    """Without what keeps Thai words whole at the end of a line."""
    return re.sub(r'<span class="whole">(.*?)</span>', r"\1", answer.content.decode())


def test_a_resident_enrols_sees_what_overlaps_and_gives_the_place_back(early: School) -> None:
    course = course_of(early)  # at the time of the weaving course
    course.sessions.create(start=FIRST + DAY, end=FIRST + DAY + HOURS)
    mine, where = client_of(early.learner), f"/learning/{course.pk}/place/"
    Consent.objects.update(withdrawn_at=clock.now())
    assert where in text(client_of(early.learner).get(f"/catalogue/{course.pk}/"))
    page = text(mine.get(where))
    assert "“ทอผ้าไหมมัดหมี่”" in page
    assert "ว่าง 1 ที่" in page
    read = words_on(mine, where)
    refused = mine.post(where, {"do": "take", "agreed": "on", **read})
    assert "ติ๊กว่ารับทราบ" in text(refused)
    assert not Enrolment.objects.filter(opportunity=course).exists()
    token = str(uuid.uuid4())
    sent = {"do": "take", "agreed": "on", "despite": "on", "once": token, **read}
    assert [mine.post(where, sent).status_code for _ in range(2)] == [302, 302]
    assert Enrolment.objects.get(opportunity=course).seated
    assert "คุณมีที่เรียนแล้ว" in text(mine.get(where))
    assert AuditEntry.objects.filter(verb="learning.seat").count() == 1
    mine.post(where, {"do": "leave", "sure": "1"})
    assert Enrolment.objects.get(opportunity=course).standing == "left"


@pytest.mark.parametrize(
    ("how", "before", "after"),
    [
        ("alone", "ที่นี้จะว่างสำหรับทุกคน", "ที่นี้ว่างสำหรับทุกคนแล้ว"), ("waits", "ไปถึงคนถัดไปในแถว", "ที่ว่างไปถึงคนถัดไป"),
        ("closed", "", "คืนที่แล้ว"), ("above", "", "คืนที่แล้ว"),
    ],
)  # fmt: skip
def test_to_whom_a_place_goes_that_is_given_back(early: School, how: str, before: str, after: str) -> None:
    """The same before and after: to the next in line, to anybody, or to nobody."""
    course = course_of(early, start=FIRST + DAY)
    one, two = early.city.pin("หนึ่ง"), early.city.pin("สอง")
    by, given = early.city.worker, agreed(early)
    if how == "above":
        actions.take_seat(person=two, opportunity=course, by=by, consent=given)
        actions.enrol(person=one, opportunity=course, case=None, by=early.teacher)
    else:
        actions.take_seat(person=one, opportunity=course, by=by, consent=given)
    if how == "waits":
        actions.take_seat(person=two, opportunity=course, by=by, consent=given, wait=True)
    if how == "closed":
        kept = Opportunity.objects.get(pk=course.pk)
        close(opportunity=kept, reason="เต็ม", by=early.teacher, version=kept.version)
    worker, where = client_of(by), f"/learning/{course.pk}/place/?person={one.pk}"
    asked = text(worker.post(where, {"do": "leave"}))
    assert "ไม่มีที่" in asked
    assert before in asked
    for said in ("ว่างสำหรับทุกคน", "คนถัดไป"):
        assert (said in asked) == (said in before + after), said
    done = text(worker.post(where, {"do": "leave", "sure": "1"}, follow=True))
    assert after in done


def test_a_worker_puts_somebody_in_the_line_and_answers_for_them(early: School) -> None:
    course = course_of(early, start=FIRST + DAY)
    one, two = early.city.pin("หนึ่ง"), early.city.pin("สอง")
    worker, where = client_of(early.city.worker), f"/learning/{course.pk}/place/"
    assert str(one.pk) in text(worker.get(f"{where}?other=1&q=หนึ่ง"))
    said = {"agreed": "on", "how": "verbal", **words_on(worker, f"{where}?person={one.pk}")}
    worker.post(f"{where}?person={one.pk}", {"do": "take", **said})
    late = worker.post(f"{where}?person={two.pk}", {"do": "take", **said})
    assert late.status_code == 409
    assert "ที่เต็มแล้ว" in text(late)
    worker.post(f"{where}?person={two.pk}", {"do": "wait", **said})
    assert "อยู่ลำดับที่ 1" in text(worker.get(f"{where}?person={two.pk}"))
    worker.post(f"{where}?person={one.pk}", {"do": "leave", "sure": "1"})
    assert f"{where}?person={two.pk}" in text(worker.get("/today/"))
    worker.post(f"{where}?person={two.pk}", {"do": "accept"})
    assert Enrolment.objects.get(person=two, opportunity=course).seated
    assert client_of(early.city.stranger).get(f"{where}?person={two.pk}").status_code == 404


@pytest.mark.parametrize("telling", [False, True])
def test_who_waits_is_told_their_own_number_where_it_says_nothing_of_others(early: School, telling: bool) -> None:
    """Of a course that tells of health or a disability it would say how many others do."""
    course, before = course_of(early, places=0, start=FIRST + DAY), early.city.pin("หนึ่ง")
    Opportunity.objects.filter(pk=course.pk).update(telling=telling)
    for person in (before, early.city.person):
        Turn.objects.create(person=person, opportunity=course, asked_at=clock.now())
    mine, where = client_of(early.learner), f"/learning/{course.pk}/place/"
    pages = [mine.get(f"/catalogue/{course.pk}/"), mine.get(where), mine.post(where, {"do": "decline"})]
    assert ["ลำดับที่ 2" in text(page) for page in pages] == [not telling] * 3
    assert ["กำลังรอที่ว่าง" in text(page) for page in pages[:2]] == [telling] * 2
    assert ("จะออกจากแถวรอ" in text(pages[2])) == telling
    Turn.objects.filter(person=before).delete()
    assert ("ลำดับที่ 1" in text(mine.get(where))) != telling
    assert "หนึ่ง ใจดี" not in "".join(map(text, pages))


def test_the_provider_says_how_places_are_given(early: School) -> None:
    course = early.course
    teacher, where = client_of(early.teacher), f"/learning/{course.pk}/first-come/"
    teacher.post(where, {"on": "1"})
    assert FirstCome.objects.filter(opportunity=course).exists()
    resident = client_of(early.learner)
    assert f"/learning/{course.pk}/place/" in text(resident.get("/learning/first-come/"))
    Turn.objects.create(person=early.city.person, opportunity=course, asked_at=clock.now())
    assert "เปลี่ยนได้เมื่อไม่มีคนรอแล้ว" in text(teacher.post(where, {"on": "0"}, follow=True))
    actions.leave_line(turn=Turn.objects.get(), by=early.learner)
    teacher.post(where, {"on": "0"})
    assert not FirstCome.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_refused_the_last_place_is_not_told_that_it_is_free(early: School) -> None:
    """It is taken between the moment at which the page reads the course and that at which the place is given."""
    course = course_of(early, places=2, start=FIRST + DAY)
    mine, where = client_of(early.learner), f"/learning/{course.pk}/place/"
    Consent.objects.update(withdrawn_at=clock.now())
    sent = {"do": "take", "agreed": "on", "despite": "on", **words_on(mine, where)}

    busy = [False]

    def once(execute: Any, sql: str, *given: Any) -> Any:
        if busy[0] or "FOR NO KEY UPDATE" not in sql or '"catalogue_opportunity"' not in sql:
            return execute(sql, *given)
        busy[0] = True
        Meanwhile(lambda: Opportunity.objects.filter(pk=course.pk).update(seats_taken=2)).done()
        return execute(sql, *given)

    with connection.execute_wrapper(once):
        page = text(mine.post(where, sent))
    assert busy[0]
    assert "ที่เต็มแล้ว" in page
    assert "ว่าง 2 ที่" not in page


def test_the_page_of_a_course_says_once_how_places_are_given(early: School) -> None:
    course = course_of(early)
    page = text(Client().get(f"/catalogue/{course.pk}/"))
    assert page.count(f'href="/learning/{course.pk}/place/"') == 1
    assert page.count("ใครมาก่อนได้ก่อน") <= 1
    assert "learning" not in shown(page)


@pytest.mark.parametrize("begun", [False, True])
def test_who_gave_a_place_back_before_the_first_session_did_not_leave_early(early: School, begun: bool) -> None:
    """On every page that says how somebody stands in a course; of no session held there is no percent."""
    course = course_of(early)
    person = early.city.pin("หนึ่ง")
    user = make_user("one")
    link_account(person=person, user=user, by=early.city.worker)
    held = ask(early, course, person, wait=False)
    assert isinstance(held, Enrolment)
    with clock.at(FIRST + HOURS / 2 if begun else EARLY):
        actions.leave_course(enrolment=held, by=early.city.worker)
    with clock.at(FIRST + DAY):
        pages = [
            (client_of(early.teacher), f"/learning/{course.pk}/"),
            (client_of(early.city.worker), f"/people/{person.pk}/"),
            (client_of(user), reverse("learning:mine")),
        ]
        for reader, where in pages:
            page = text(reader.get(where))
            assert ("คืนที่ก่อนเริ่มเรียน" in page, "ออกกลางคัน" in page) == (not begun, begun), where
        assert ("0%" in text(pages[0][0].get(pages[0][1]))) is begun


def test_a_session_called_off_names_and_counts_who_waits_without_an_account(early: School) -> None:
    """The teacher may see whoever takes part; of those who wait alone the page says how many there are."""
    course = course_of(early)
    for name in ("หนึ่ง", "สอง", "สาม"):
        ask(early, course, early.city.pin(name))
    (session,) = course.sessions.all()
    cancel_session(session=session, reason="ฝนตก", by=early.teacher)
    page = text(client_of(early.teacher).get(reverse("learning:session", args=[session.pk])))
    assert "หนึ่ง" in page
    assert "สอง" not in page
    assert "ยังมีอีก 2 คนที่ไม่มีบัญชี" in page
