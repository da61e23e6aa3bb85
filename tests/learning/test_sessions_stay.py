"""Whatever is edited of a timetable: a meeting stays the one that it was, with everything that points to it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import DAY, DURING, FIRST, HOURS, School
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many, write
from okat.city.catalogue.forms import OpportunityForm
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.read import row_of
from okat.city.catalogue.queries.sessions import counted_on
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.meetings import nearest
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock
from okat.city.core.ids import new_id
from okat.city.learning import actions
from okat.city.learning.models import Attendance, Material, Turn
from okat.city.learning.queries import courses
from okat.city.learning.rules.after import Made
from okat.city.learning.rules.completing import lacking
from okat.city.notices.models import Notice

pytestmark = pytest.mark.django_db
NOW = FIRST + 10 * DAY
MINUTES = dt.timedelta(minutes=5)


def pointing() -> dict[str, set[tuple[Any, Any]]]:
    """Every row of every app that names a meeting: its own number, and the meeting's."""
    found = {}
    for relation in Session._meta.get_fields(include_hidden=True):
        field: Any = getattr(relation, "field", None)
        if relation.auto_created and field is not None and field.concrete and not field.many_to_many:
            rows = field.model._base_manager.values_list("pk", field.attname)
            found[str(field)] = set(rows)
    return found


@pytest.fixture
def full(school: School) -> School:
    """The first was attended and is required; the second called off and made up; a material hangs on the third."""
    first, second, third, _fourth = school.sessions
    actions.set_rule(opportunity=school.course, share=80, months=None, required=[first, second], by=school.teacher)
    actions.mark(session=first, present=[school.place.pk], by=school.teacher)
    with clock.at(FIRST + DAY):
        actions.cancel_session(session=second, reason="น้ำท่วม", by=school.teacher)
        actions.plan_make_up(
            missed=second, day=dt.date(2026, 12, 21), start=dt.time(9), end=dt.time(12), by=school.teacher
        )
    Material.objects.create(
        opportunity=school.course, session=third, title="สไลด์", made=Made.TEXT, text="อ่าน", at=clock.now()
    )
    Notice.objects.all().delete()
    return school


def test_the_world_of_this_test_names_a_meeting_in_every_way(full: School) -> None:
    """A new kind of row that names meetings has to be made here too, or nothing would hold that it stays."""
    assert all(pointing().values()), [name for name, rows in pointing().items() if not rows]
    assert counted_on(one.pk for one in full.sessions) == {one.pk for one in full.sessions} - {full.sessions[3].pk}


Edit = Callable[[list[str]], list[str]]
EDITS: dict[str, Edit] = {
    "nothing": lambda lines: lines,
    "hours": lambda lines: [line.replace("09:00-12:00", "09:05-12:05") for line in lines],
    "days": lambda lines: [line.replace(" ธ.ค.", " ม.ค.", 1).replace("2569", "2570") for line in lines[1:]],
    "notes": lambda lines: [f"{line} หมายเหตุ" for line in lines],
    "order": lambda lines: lines[::-1],
    "a week later, all": lambda lines: [line.replace("2569", "2570") for line in lines[1:]],
    "all at once": lambda lines: [line.replace("09:00-12:00", "08:30-11:00") + " ใหม่" for line in lines][::-1],
    "with one more": lambda lines: [*lines, "30 ธ.ค. 2569 09:00-12:00"],
    "numbers gone": lambda lines: [line.partition(") ")[2].replace("09:00", "09:10") for line in lines],
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_the_form_keeps_all_that_names_a_meeting(full: School, edit: str) -> None:
    client, before = Client(), pointing()
    sign_in_fully(client, full.teacher)
    lines = shown(full)
    new = EDITS[edit](lines)
    if len(new) < len(lines):
        new = [lines[0], *new]  # what was held stays on its day
    answer = client.post(reverse("catalogue:edit", args=[full.course.pk]), said(full, new))
    assert answer.status_code == 302, answer.context["form"].errors
    assert pointing() == before
    wanted = {line.partition(") ")[2] or line for line in new}
    assert {line.partition(") ")[2] for line in shown(full)} == wanted


@pytest.mark.parametrize("place", range(3))
def test_what_something_rests_on_is_not_taken_out(full: School, place: int) -> None:
    client, before = Client(), pointing()
    sign_in_fully(client, full.teacher)
    lines = shown(full)
    answer = client.post(
        reverse("catalogue:edit", args=[full.course.pk]), said(full, lines[:place] + lines[place + 1 :])
    )
    assert answer.status_code == 200
    assert "ไม่ได้จัดนัดนี้" in answer.content.decode()  # what to do instead
    assert pointing() == before
    held = [lines[0].replace("7 ธ.ค.", "28 ธ.ค."), *lines[1:]]
    assert client.post(reverse("catalogue:edit", args=[full.course.pk]), said(full, held)).status_code == 200
    assert pointing() == before


def shown(school: School) -> list[str]:
    course = Opportunity.objects.get(pk=school.course.pk)
    return str(OpportunityForm(partner=course.provider, opportunity=course)["sessions"].value()).splitlines()


def said(school: School, lines: list[str]) -> dict[str, Any]:
    """What a browser sends for the form as it is drawn, with other lines for the meetings."""
    course = Opportunity.objects.get(pk=school.course.pk)
    form = OpportunityForm(partner=course.provider, opportunity=course)
    sent = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in sent.items() if value is not None and value is not False}
    return {**values, "sessions": "\n".join(lines), "once": str(new_id())}


def test_by_import_too(full: School) -> None:
    """A table names other hours, without a name for each meeting; and one that forgets what was held."""
    course = Opportunity.objects.get(pk=full.course.pk)
    course.row_key = "key"
    course.save()
    before, rows = pointing(), row_of(course).sessions
    for change in (
        lambda: tuple(SessionRow(one.start + MINUTES, one.end + MINUTES, one.venue, "ใหม่") for one in rows)[::-1],
        lambda: (SessionRow(NOW + 90 * DAY, NOW + 90 * DAY + HOURS),),
    ):
        row = row_of(Opportunity.objects.get(pk=course.pk))
        publish_many(rows=[row.__class__(**{**fields(row), "sessions": change(), "key": "key"})], by=system_user())
        assert pointing() == before


def fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def test_whoever_takes_part_hears_the_old_and_the_new_time(school: School) -> None:
    row, last = row_of(school.course), school.sessions[3]
    later = SessionRow(last.start + 4 * DAY, last.end + 4 * DAY, known=last.pk)
    before = Notice.objects.count()
    write(row=with_sessions(row, [*row.sessions[:3], later]), opportunity=school.course, by=school.teacher)
    heard = Notice.objects.get(kind="learning.moved", user=school.learner)
    assert "10/12/2569 09:00-12:00 → 14/12/2569 09:00-12:00" in str(heard)
    assert heard.url == reverse("learning:place", args=[school.course.pk])
    write(row=with_sessions(row, row.sessions[:3]), opportunity=school.course, by=school.teacher)
    assert "14/12/2569" in str(Notice.objects.get(kind="learning.taken_out", user=school.learner))
    assert Notice.objects.count() == before + 2


def with_sessions(row: Any, rows: Any) -> Any:
    return row.__class__(**{**fields(row), "sessions": tuple(rows)})


def test_those_who_wait_and_those_without_an_account_are_not_forgotten(school: School) -> None:
    worker, person = school.city.worker, school.city.pin("รอ")
    Turn.objects.create(person=person, opportunity=school.course, entered_by=worker, asked_at=clock.now())
    actions.cancel_session(session=school.sessions[3], reason="ครูป่วย", by=school.teacher)
    assert "ครูป่วย" in str(Notice.objects.get(kind="learning.called_off_for", user=worker))


def test_a_session_called_off_by_mistake_comes_back(school: School) -> None:
    last = school.sessions[3]
    client = Client()
    sign_in_fully(client, school.teacher)
    actions.cancel_session(session=last, reason="ครูป่วย", by=school.teacher)
    page = reverse("learning:session", args=[last.pk])
    assert reverse("learning:reinstate", args=[last.pk]) in client.get(page).content.decode()
    client.post(reverse("learning:reinstate", args=[last.pk]))
    assert "10/12/2569 09:00-12:00" in str(Notice.objects.get(kind="learning.reinstated", user=school.learner))
    assert courses.progress_of(school.course, [school.place])[school.place.pk].planned == 4
    actions.cancel_session(session=last, reason="ครูป่วย", by=school.teacher)
    made = actions.plan_sessions(
        opportunity=school.course, days=[last.start.date()], start=dt.time(9), end=dt.time(12), by=school.teacher
    )
    assert [one.start for one in made] == [last.start]
    client.post(reverse("learning:reinstate", args=[last.pk]))  # its hours are taken by now
    assert Session.objects.filter(called_off=None, start=last.start).get() == made[0]


def test_a_calendar_that_takes_its_call_off_back_brings_the_meeting_back(school: School) -> None:
    from okat.city.catalogue.actions._sessions import settle_off, sync_sessions

    rows = [SessionRow(FIRST + n * DAY, FIRST + n * DAY + HOURS, uid=f"a/{n}") for n in (20, 21)]
    sync_sessions({school.course: rows}, by=school.teacher)
    off = [rows[0], SessionRow(rows[1].start, rows[1].end, uid="a/21", off=True)]
    settle_off({school.course: off}, school.teacher)
    assert Session.objects.get(uid="a/21").called_off
    settle_off({school.course: rows}, school.teacher)
    assert not Session.objects.filter(called_off__isnull=False).exists()


def test_make_ups_of_one_required_session_count_once_and_it_stays_required(school: School) -> None:
    _first, _second, _third, last = school.sessions
    actions.set_rule(opportunity=school.course, share=50, months=None, required=[last], by=school.teacher)
    actions.cancel_session(session=last, reason="น้ำท่วม", by=school.teacher)
    extra = [
        actions.plan_make_up(
            missed=last, day=dt.date(2026, 12, day), start=dt.time(9), end=dt.time(12), by=school.teacher
        )
        for day in (21, 22)
    ]
    with clock.at(FIRST + 30 * DAY):
        for session in school.sessions[:3]:
            actions.mark(session=session, present=[school.place.pk], by=school.teacher)
        rule = courses.rule_of(courses.completion_of(school.course))
        done = courses.progress_of(school.course, [school.place])[school.place.pk]
        assert (done.attended, done.held, done.planned, done.minutes) == (3, 4, 4, 540)
        assert [lack.code for lack in lacking(rule, done)] == ["required"]
        for session in extra:
            actions.mark(session=session, present=[school.place.pk], by=school.teacher)
        done = courses.progress_of(school.course, [school.place])[school.place.pk]
        assert (done.attended, done.planned, done.minutes) == (4, 4, 720)
        assert lacking(rule, done) == ()


def test_the_nearest_pairing_is_the_cheapest(school: School) -> None:
    days = [FIRST + n * DAY for n in (0, 7, 14)]
    assert nearest([FIRST + 8 * DAY], days) == [(0, 1)]
    assert nearest(days, [FIRST + 8 * DAY, FIRST + 9 * DAY]) == [(1, 0), (2, 1)]
    assert nearest([], days) == []


def test_hours_of_a_held_session_keep_its_list(school: School) -> None:
    """Five minutes later in the form: who was there is still there."""
    first = school.sessions[0]
    actions.mark(session=first, present=[school.place.pk], by=school.teacher)
    client = Client()
    sign_in_fully(client, school.teacher)
    with clock.at(DURING):
        lines = [line.replace("09:00-12:00", "09:05-12:05") for line in shown(school)]
        assert client.post(reverse("catalogue:edit", args=[school.course.pk]), said(school, lines)).status_code == 302
    assert Attendance.objects.get().session == first
    assert Session.objects.get(pk=first.pk).start == FIRST + MINUTES


def test_a_form_cannot_move_what_was_held_into_the_future(school: School) -> None:
    first, row = school.sessions[0], row_of(school.course)
    actions.mark(session=first, present=[school.place.pk], by=school.teacher)
    future = SessionRow(NOW + 9 * DAY, NOW + 9 * DAY + HOURS, known=first.pk)
    with pytest.raises(CatalogueError):
        write(row=with_sessions(row, [future, *row.sessions[1:]]), opportunity=school.course, by=school.teacher)
