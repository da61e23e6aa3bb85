"""The timetable by rule, holidays as data, sessions that make up for others, and the sheet to sign in on paper."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.learning.conftest import AFTER, DAY, DURING, FIRST, HOURS, School, placed
from tests.signing import sign_in_fully

from okat.city.catalogue.forms.fields import MeetingsField, say_meetings
from okat.city.catalogue.models import Session
from okat.city.core import clock
from okat.city.core.holidays import HolidaysError, holidays, parse
from okat.city.learning import actions
from okat.city.learning.models import CalledOff, MakeUp
from okat.city.learning.queries import courses, timetable
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.timetable import MOST, Plan, days, passed_over
from okat.city.notices.models import Notice

pytestmark = pytest.mark.django_db
NINE, NOON = dt.time(9), dt.time(12)
FATHERS_DAY = dt.date(2026, 12, 7)  # the Monday in its place


def plan(**values: Any) -> Plan:
    usual = {"weekdays": frozenset({0}), "first": dt.date(2026, 11, 30), "last": None, "count": 3, "skip": True}
    return Plan(**{**usual, "start": NINE, "end": NOON, **values})


def test_a_holiday_is_passed_over_or_shown() -> None:
    known = holidays()
    assert [one.day for one in days(plan(), known)] == [
        dt.date(2026, 11, 30),
        dt.date(2026, 12, 14),
        dt.date(2026, 12, 21),
    ]
    assert [one.day for one in passed_over(plan(), known)] == [FATHERS_DAY]
    assert [one.day for one in passed_over(plan(count=None, last=FATHERS_DAY), known)] == [FATHERS_DAY]
    assert passed_over(plan(skip=False), known) == passed_over(plan(count=1), known) == []
    shown = days(plan(skip=False), known)
    assert [(one.day.day, bool(one.holiday)) for one in shown] == [(30, False), (7, True), (14, False)]
    assert len(days(plan(count=None, last=dt.date(2029, 1, 1), weekdays=frozenset(range(7))), {})) == MOST
    assert days(plan(count=None, last=dt.date(2026, 11, 29)), {}) == []


def test_the_citys_holidays_say_where_they_are_from() -> None:
    with (Path(settings.CITY) / "holidays.csv").open(encoding="utf-8", newline="") as file:
        found = parse(csv.DictReader(file))
    assert FATHERS_DAY in found
    assert {day.year for day in found} == {2026, 2027, 2028}
    assert all(one.source for one in found.values())
    assert not any(one.verified for one in found.values())  # until somebody has read the announcement


GOOD = {"day": "2026-12-07", "th": "ก", "en": "a", "source": "s", "verified": "no"}


@pytest.mark.parametrize("row", [{}, {**GOOD, "day": "7/12/2569"}, {**GOOD, "th": ""}, {**GOOD, "source": ""}])
def test_a_wrong_line_of_holidays_is_named(row: dict[str, str]) -> None:
    with pytest.raises(HolidaysError, match="line 2"):
        parse([row])


def test_sessions_by_rule_are_made_once_and_never_over_another(
    school: School, django_capture_on_commit_callbacks: Any
) -> None:
    wanted = [dt.date(2027, 1, 11), dt.date(2027, 1, 18)]
    with django_capture_on_commit_callbacks(execute=True):
        assert len(_planned(school, wanted)) == 2
        assert _planned(school, wanted) == []
    assert Notice.objects.filter(kind="learning.planned").count() == 1
    school.course.refresh_from_db()
    assert (school.course.ends_on, len(school.sessions)) == (wanted[1], 6)
    lines = MeetingsField().clean(
        say_meetings(school.sessions)
    )  # whoever edits the course writes them back as they are
    stored = [(one.start, one.end, one.venue_id, one.note) for one in school.sessions]
    assert sorted((row.start, row.end, row.venue, row.note) for row in lines) == stored
    for hours in ((dt.time(10), dt.time(11)), (NOON, NINE)):
        with pytest.raises(LearningError):
            actions.plan_sessions(
                opportunity=school.course, days=wanted, start=hours[0], end=hours[1], by=school.teacher
            )
    with pytest.raises(LearningError):
        _planned(school, [])


def _planned(school: School, wanted: list[dt.date]) -> list[Session]:
    return actions.plan_sessions(opportunity=school.course, days=wanted, start=NINE, end=NOON, by=school.teacher)


def make_up(school: School, missed: Session, day: dt.date) -> Session:
    return actions.plan_make_up(missed=missed, day=day, start=NINE, end=NOON, by=school.teacher)


def test_a_session_called_off_is_made_up_for_everybody(school: School, django_capture_on_commit_callbacks: Any) -> None:
    """Forty are enrolled: each is told once of the call-off and once of the new day."""
    for number in range(3):
        person = school.city.pin(f"คนที่{number}")
        placed(school.city, school.course, person)
    last = school.sessions[3]
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            actions.cancel_session(session=last, reason="น้ำท่วม", by=school.teacher)
        extra = make_up(school, last, dt.date(2026, 12, 21))
    kinds = ["learning.called_off", "learning.make_up"]
    assert [Notice.objects.filter(kind=kind, user=school.learner).count() for kind in kinds] == [1, 1]
    names, more = timetable.without_account(school.teacher, school.course)
    assert (len(names), more) == (3, 0)
    assert timetable.makes_up_for(extra) == last
    with clock.at(FIRST + 30 * DAY):
        for session in [*school.sessions[:3], extra]:
            actions.mark(session=session, present=[school.place.pk], by=school.teacher)
        assert _progress(school) == (4, 4, 4)
    with pytest.raises(LearningError):
        make_up(school, extra, dt.date(2026, 12, 22))


def test_a_learners_own_make_up_counts_for_the_missed_one(
    school: School, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(LearningError):
        make_up(school, school.sessions[2], dt.date(2026, 12, 21))  # still to come
    with clock.at(AFTER):
        first, second = school.sessions[:2]
        actions.mark(session=first, present=[], by=school.teacher)
        actions.mark(session=second, present=[school.place.pk], by=school.teacher)
        with django_capture_on_commit_callbacks(execute=True):
            extra = make_up(school, first, dt.date(2026, 12, 21))
            make_up(school, second, dt.date(2026, 12, 22))
        assert Notice.objects.filter(kind="learning.make_up").count() == 1  # nobody missed the second
        with pytest.raises(LearningError):
            make_up(school, first, dt.date(2026, 12, 8))
        assert _progress(school) == (1, 4, 4)
    with clock.at(FIRST + 30 * DAY):
        actions.mark(session=extra, present=[school.place.pk], by=school.teacher)
        assert _progress(school) == (2, 4, 4)


def _progress(school: School) -> tuple[int, int, int]:
    found = courses.progress_of(school.course, [school.place])[school.place.pk]
    return found.attended, found.held, found.planned


@pytest.fixture
def teacher(school: School) -> Client:
    client = Client()
    sign_in_fully(client, school.teacher)
    return client


def test_a_teacher_plans_by_the_screen(school: School, teacher: Client) -> None:
    where = f"/learning/{school.course.pk}/timetable/"
    rule = {
        "weekdays": ["0"],
        "first": "4 ม.ค. 2570",
        "count": "๒",
        "start": "13.00",
        "end": "๑๖:๐๐",
        "holidays": "skip",
    }
    page = teacher.post(where, rule).content.decode()
    assert page.count('name="day"') == 2
    assert len(school.sessions) == 4
    assert 'id="id_count_error"' in teacher.post(where, {**rule, "count": ""}).content.decode()
    assert teacher.post(where, {**rule, "end": "25:00"}).content.decode().count("เขียนเวลาแบบ 09:00") >= 1
    teacher.post(where, {**rule, "save": "1", "day": ["2027-01-11", "2027-01-12"]})
    assert [one.start for one in school.sessions[4:]] == [dt.datetime(2027, 1, 11, 6, tzinfo=dt.UTC)]


def test_the_page_names_the_holidays_that_are_passed_over(school: School, teacher: Client) -> None:
    where, rule = f"/learning/{school.course.pk}/timetable/", {"weekdays": ["0", "2"], "first": "7 ธ.ค. 2569"}
    rule |= {"count": "2", "start": "09:00", "end": "12:00", "holidays": "skip"}
    page = teacher.post(where, rule).content.decode()
    assert "ข้ามวันหยุด 1 วัน" in page
    assert f"จันทร์ 7 ธ.ค. 2569 ({holidays()[FATHERS_DAY].th})" in page
    assert "ข้ามวันหยุด" not in teacher.post(where, {**rule, "holidays": "ask"}).content.decode()
    none = {**rule, "weekdays": ["0"], "count": "", "last": "8 ธ.ค. 2569"}
    assert "ข้ามวันหยุด 1 วัน" in teacher.post(where, none).content.decode()


def test_the_sheet_names_learners_and_its_picture_opens_this_session(school: School, teacher: Client) -> None:
    session = school.sessions[0]
    page = teacher.get(f"/learning/sessions/{session.pk}/sheet/").content.decode()
    assert "สมหญิง ใจดี" in page
    assert "<svg" in page
    outsider = Client()
    sign_in_fully(outsider, school.city.stranger)
    assert outsider.get(f"/learning/sessions/{session.pk}/sheet/").status_code in {403, 404}
    with clock.at(DURING + DAY):
        wrong = teacher.get(f"/learning/sessions/{session.pk}/").content.decode()
        assert f"/learning/sessions/{school.sessions[1].pk}/" in wrong  # today's session is another one


def test_a_make_up_is_planned_by_the_screen(school: School, teacher: Client) -> None:
    missed = school.sessions[0]
    where = f"/learning/sessions/{missed.pk}/make-up/"
    with clock.at(FIRST + HOURS + HOURS):
        assert where in teacher.get(f"/learning/sessions/{missed.pk}/").content.decode()
        assert teacher.post(where, {"day": "1 ม.ค. 2569", "start": "09:00", "end": "12:00"}).status_code == 200
        teacher.post(where, {"day": "21 ธ.ค. 2569", "start": "09:00", "end": "12:00"})
    assert MakeUp.objects.get().missed == missed


def off_and_made_up(school: School) -> tuple[Session, Session]:
    last = school.sessions[3]
    actions.cancel_session(session=last, reason="น้ำท่วม", by=school.teacher)
    return last, make_up(school, last, dt.date(2026, 12, 21))


@pytest.mark.parametrize("kept", [False, True])
def test_what_was_planned_in_its_place_falls_out_when_a_session_is_brought_back(
    school: School, client: Client, kept: bool
) -> None:
    last, extra = off_and_made_up(school)
    sign_in_fully(client, school.teacher)
    page = client.get(f"/learning/sessions/{last.pk}/").content.decode()
    assert f'name="keep" value="{extra.pk}"' in page
    assert f'name="planned" value="{extra.pk}"' in page
    sent = {"planned": str(extra.pk), **({"keep": str(extra.pk)} if kept else {})}
    assert client.post(f"/learning/sessions/{last.pk}/reinstate/", sent).status_code == 302
    assert CalledOff.objects.filter(session=extra).exists() is not kept
    assert Notice.objects.filter(kind="learning.called_off", user=school.learner).count() == (1 if kept else 2)


def test_what_was_planned_since_the_page_was_drawn_stays(school: School, client: Client) -> None:
    last, extra = off_and_made_up(school)
    later = make_up(school, last, dt.date(2026, 12, 22))
    sign_in_fully(client, school.teacher)
    assert client.post(f"/learning/sessions/{last.pk}/reinstate/", {"planned": str(extra.pk)}).status_code == 302
    assert list(CalledOff.objects.values_list("session", flat=True)) == [extra.pk]
    assert timetable.stands_instead(last) == [later]


def test_what_makes_up_for_it_and_has_begun_is_not_called_off(school: School, client: Client) -> None:
    """Also by a page that was drawn before it began."""
    last, extra = off_and_made_up(school)
    with clock.at(extra.start + dt.timedelta(minutes=1)):
        sign_in_fully(client, school.teacher)
        assert 'name="planned"' not in client.get(f"/learning/sessions/{last.pk}/").content.decode()
        assert client.post(f"/learning/sessions/{last.pk}/reinstate/", {"planned": str(extra.pk)}).status_code == 302
    assert not CalledOff.objects.exists()


def test_whoever_no_notice_reaches_stands_in_a_list_to_ring(school: School, client: Client) -> None:
    """Where a session falls out, comes back, or another is planned in its place."""
    person = school.city.pin("ไม่มีบัญชี")
    placed(school.city, school.course, person)
    sign_in_fully(client, school.teacher)
    url = f"/learning/sessions/{school.sessions[3].pk}/"
    list_of = '<section class="alert">'
    assert list_of not in client.get(url).content.decode()
    sent = {"reason": "น้ำท่วม", "day": "21 ธ.ค. 2569", "start": "09:00", "end": "12:00"}
    for step in ("call-off", "make-up", "reinstate"):
        answer = client.post(f"{url}{step}/", sent, follow=True)
        text = answer.content.decode()
        assert list_of in text, step
        assert person.given in text[text.index(list_of) : text.index("</section>", text.index(list_of))], step


def test_a_make_up_on_a_holiday_says_so_first(school: School, client: Client) -> None:
    last = school.sessions[3]
    actions.cancel_session(session=last, reason="น้ำท่วม", by=school.teacher)
    sign_in_fully(client, school.teacher)
    url = f"/learning/sessions/{last.pk}/make-up/"
    day = min(day for day in holidays() if day > dt.date(2026, 12, 14))
    sent = {"day": f"{day.day}/{day.month}/{day.year + 543}", "start": "09:00", "end": "12:00"}
    page = client.post(url, sent).content.decode()
    assert holidays()[day].th in page
    assert timetable.made_up_on(last) == []
    assert f'name="despite" value="{day.isoformat()}"' in page
    assert client.post(url, {**sent, "despite": day.isoformat()}).status_code == 302
    assert len(timetable.made_up_on(last)) == 1
