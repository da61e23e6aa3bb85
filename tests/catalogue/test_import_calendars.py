"""Partners' calendars: a course for each series, or meetings onto a course that is here; known again by UID."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, weaving
from tests.files.exchange.test_calendar_files import HOUR, calendar, event
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules import Status
from okat.city.core import clock
from okat.city.core.ids import new_id
from okat.city.learning.actions import cancel_session, enrol, mark
from okat.city.learning.models import CalledOff, Enrolment
from okat.city.partners.models import Partner
from okat.city.people.actions import (
    ConsentRow,
    NotReadyError,
    PinRow,
    pin_person,
    run_import,
    set_columns,
    undo_import,
    upload,
)
from okat.city.people.models import ImportBatch
from okat.city.people.queries.importing import IMPORTERS
from okat.city.people.queries.imports import check
from okat.city.people.rules import How, Purpose

HOURS = dt.timedelta(hours=2)
WEEKLY = (*HOUR, "RRULE:FREQ=WEEKLY;COUNT=3", "LOCATION:ศาลากลางบ้าน")
SECOND = "RECURRENCE-ID;TZID=Asia/Bangkok:20261214T090000"


def moved(*more: str) -> str:
    times = ("DTSTART;TZID=Asia/Bangkok:20261215T130000", "DTEND;TZID=Asia/Bangkok:20261215T160000")
    return event(SECOND, *times, "LOCATION:ศาลากลางบ้าน", *more)


def imported(city: SmallCity, data: bytes, into: str = "") -> ImportBatch:
    partner = Partner.objects.select_related("area").get(code="nfe")
    batch = upload(kind="opportunities", partner=partner, filename="ปฏิทิน.ics", data=data, by=city.officer)
    if into:
        set_columns(batch=batch, choices={"into": into}, by=city.officer)
    return run_import(batch=batch, by=city.officer)


def test_a_series_is_a_course_and_an_event_an_event(city: SmallCity) -> None:
    fair = event("DTSTART;VALUE=DATE:20261205", uid="fair", summary="ตลาดนัดชุมชน")
    done = imported(city, calendar(event(*WEEKLY), event(*HOUR, uid="one", summary="เวทีเมือง"), fair))
    assert (done.rows, done.imported) == (3, 3)
    course = Opportunity.objects.get(row_key="ical:a@school.example")
    assert (course.kind, course.hours, course.place_note) == ("interest", 9, "ศาลากลางบ้าน")
    assert [(s.start.date().day, s.uid) for s in course.sessions.all()] == [
        (day, f"a@school.example/2026-12-{day:02d}T02:00:00+00:00") for day in (7, 14, 21)
    ]
    assert Opportunity.objects.get(row_key="ical:one").kind == "event"
    market = Opportunity.objects.get(row_key="ical:fair")
    assert (market.starts_on, market.ends_on, market.sessions.count()) == (dt.date(2026, 12, 5),) * 2 + (0,)
    again = imported(city, calendar(event(*WEEKLY), event(*HOUR, uid="one", summary="เวทีเมือง"), fair))
    assert (again.imported, again.known, Opportunity.objects.count()) == (0, 3, 3)


def test_a_moved_meeting_stays_the_same_one_and_a_cancelled_one_is_called_off(city: SmallCity) -> None:
    imported(city, calendar(event(*WEEKLY)))
    before = dict(Session.objects.values_list("uid", "pk"))
    second = imported(city, calendar(event(*WEEKLY), moved()))
    assert dict(Session.objects.values_list("uid", "pk")) == before
    there = Session.objects.get(uid="a@school.example/2026-12-14T02:00:00+00:00")
    assert there.start == dt.datetime(2026, 12, 15, 6, tzinfo=dt.UTC)
    undo_import(batch=second, by=city.officer)
    there.refresh_from_db()
    assert there.start == dt.datetime(2026, 12, 14, 2, tzinfo=dt.UTC)
    imported(city, calendar(event(*WEEKLY), moved("STATUS:CANCELLED")))
    off = CalledOff.objects.get()
    assert (off.session_id, off.reason) == (there.pk, "ผู้จัดแจ้งว่างดนัดนี้")
    assert Session.objects.count() == 3
    assert imported(city, calendar(event(*WEEKLY), moved("STATUS:CANCELLED"))).imported == 0
    imported(city, calendar(event(*WEEKLY, "STATUS:CANCELLED")))
    assert Opportunity.objects.get().status == Status.CANCELLED
    again = imported(city, calendar(event(*WEEKLY, "STATUS:CANCELLED")))
    assert (again.imported, again.known) == (0, 1)


def test_a_cancelled_event_that_was_never_here_is_told_as_that(city: SmallCity) -> None:
    done = imported(city, calendar(event(*WEEKLY, "STATUS:CANCELLED")))
    assert (done.imported, done.known, Opportunity.objects.count()) == (0, 0, 0)
    assert [out["en"] for out in done.left if "out" in out] == ["it is cancelled and was never here: it does not go in"]


def joins(city: SmallCity, meeting: Session) -> None:
    """Somebody takes part, with what the file said."""
    partner = meeting.opportunity.provider
    agreed = ConsentRow(Purpose.CARE, partner, How.SIGNATURE)
    row = PinRow(area=meeting.opportunity.area, given="สมหญิง", consents=(agreed,))
    enrol(
        person=pin_person(row=row, partner=partner, by=city.officer),
        opportunity=meeting.opportunity,
        case=None,
        by=city.officer,
    )


def is_called_off(city: SmallCity, meeting: Session) -> None:
    cancel_session(session=meeting, reason="ครูป่วย", by=city.officer)


@pytest.mark.parametrize(("since", "why"), [(joins, "มีผู้เรียน"), (is_called_off, "มีนัดที่แก้หลังจากนั้น")])
def test_what_somebody_works_with_stays_as_the_second_file_left_it(
    city: SmallCity, client: Client, since: Callable[[SmallCity, Session], None], why: str
) -> None:
    imported(city, calendar(event(*WEEKLY)))
    second = imported(city, calendar(event(*WEEKLY), moved()))
    there = Session.objects.get(uid="a@school.example/2026-12-14T02:00:00+00:00")
    since(city, there)
    sign_in_fully(client, city.officer)
    page = client.get(reverse("people:import-batch", args=[second.pk]), headers={"accept-language": "th"})
    assert why in page.content.decode()
    assert undo_import(batch=second, by=city.officer) == (0, 1)
    there.refresh_from_db()
    assert there.start == dt.datetime(2026, 12, 15, 6, tzinfo=dt.UTC)
    assert Session.objects.count() == 3


HELD = "a@school.example/2026-12-14T02:00:00+00:00"


def moved_by_hand(there: Session) -> None:
    Session.objects.filter(pk=there.pk).update(start=there.start - HOURS, end=there.end - HOURS)


@pytest.mark.parametrize("names_it", [True, False])
@pytest.mark.parametrize("since", [None, moved_by_hand])
def test_a_meeting_that_a_file_had_to_leave_is_not_said_to_be_changed_since(
    city: SmallCity, names_it: bool, since: Callable[[Session], None] | None
) -> None:
    """Who was there is noted: a second file that moves the meeting, or drops it, leaves it as it stands."""
    imported(city, calendar(event(*WEEKLY)))
    there = Session.objects.get(uid=HELD)
    joins(city, there)
    with clock.at(there.end):
        mark(session=there, present=[Enrolment.objects.get().pk], by=city.officer)
        other = (moved(),) if names_it else ()
        weekly = WEEKLY if names_it else (*WEEKLY, "EXDATE;TZID=Asia/Bangkok:20261214T090000")
        second = imported(city, calendar(event(*weekly), *other))
        assert Session.objects.get(uid=HELD).start == there.start
        if since is not None:
            since(there)
        assert undo_import(batch=second, by=city.officer) == ((1, 0) if since is None else (0, 1))
    assert Session.objects.count() == 3
    assert (Session.objects.get(uid=HELD).start == there.start) is (since is None)


def test_what_an_import_did_to_many_is_looked_through_at_once(city: SmallCity) -> None:
    """As many statements for ten courses as for two."""
    counts = []
    for some in (2, 10):
        names = [f"{some}-{n}" for n in range(some)]
        imported(city, calendar(*(event(*WEEKLY, uid=name, summary=f"วิชา {name}") for name in names)))
        later = tuple(line.replace("T090000", "T093000") for line in WEEKLY)
        second = imported(city, calendar(*(event(*later, uid=name, summary=f"วิชา {name}") for name in names)))
        with CaptureQueriesContext(connection) as told:
            assert len(IMPORTERS["opportunities"].undone(second, system_user()).goes) == some
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_meetings_onto_a_course_that_is_here(city: SmallCity) -> None:
    (pk,) = publish_many(rows=[weaving(provider="nfe", key="course")], by=city.system).ids
    course = Opportunity.objects.get(pk=pk)
    by_hand = Session.objects.create(
        opportunity=course, start=course.created_at, end=course.created_at + dt.timedelta(1)
    )
    title = course.title_th
    first = imported(city, calendar(event(*WEEKLY)), into=str(pk))
    assert (first.imported, Opportunity.objects.count(), course.sessions.count()) == (1, 1, 4)
    assert imported(city, calendar(event(*WEEKLY)), into=str(pk)).known == 1
    address = f"URL:https://okat.example/catalogue/{pk}/"
    other = event(*HOUR, "RRULE:FREQ=DAILY;COUNT=2", address, uid="other", summary="ทบทวน")
    second = imported(city, calendar(other))  # its own address says where it belongs
    assert course.sessions.count() == 6
    assert undo_import(batch=second, by=city.officer) == (1, 0)
    assert undo_import(batch=first, by=city.officer) == (1, 0)
    assert list(course.sessions.all()) == [by_hand]
    course.refresh_from_db()
    assert (course.title_th, course.timetable) == (title, [])


def test_nobody_writes_into_another_partners_course(city: SmallCity) -> None:
    (pk,) = publish_many(rows=[weaving(provider="commerce", key="theirs")], by=city.system).ids
    with pytest.raises(NotReadyError):
        imported(city, calendar(event(*WEEKLY)), into=str(pk))
    assert not Session.objects.exists()


def test_on_the_screen(city: SmallCity, client: Client) -> None:
    (pk,) = publish_many(rows=[weaving(provider="nfe", key="course")], by=city.system).ids
    sign_in_fully(client, city.officer)

    def send(data: bytes) -> ImportBatch:
        form = {"file": SimpleUploadedFile("ปฏิทิน.ics", data), "once": str(new_id())}
        client.post("/people/import/opportunities/", form)
        return ImportBatch.objects.order_by("-at", "-pk")[0]

    batch = send(calendar(event(*WEEKLY)))
    page = reverse("people:import-batch", args=[batch.pk])
    shown = client.get(page).content.decode()
    assert "ฝึกทอผ้า" in shown
    assert "7 ธ.ค. 2569 09:00" in shown
    answer = client.post(
        reverse("people:import-columns", args=[batch.pk]), {"into": str(new_id()), "once": str(new_id())}
    )
    assert ImportBatch.objects.get(pk=batch.pk).mapping == {}
    answer = client.post(reverse("people:import-columns", args=[batch.pk]), {"into": str(pk), "once": str(new_id())})
    assert answer.status_code == 302
    client.post(reverse("people:import-run", args=[batch.pk]), {"once": str(new_id())})
    assert Session.objects.filter(opportunity=pk).count() == 3
    wrong = send(calendar(event(*HOUR, "RRULE:FREQ=SECONDLY")))
    shown = client.get(reverse("people:import-batch", args=[wrong.pk])).content.decode()
    assert "ทำซ้ำถี่กว่าวันละครั้ง" in shown
    assert reverse("people:import-run", args=[wrong.pk]) not in shown
    assert client.get(reverse("people:import-mend", args=[wrong.pk])).status_code == 404
    listed = client.get(reverse("people:import-errors", args=[wrong.pk])).content.decode("utf-8-sig")
    assert "RRULE" in listed


def was_held(city: SmallCity, first: Session) -> None:
    """There is a list of who came."""
    partner = first.opportunity.provider
    agreed = ConsentRow(Purpose.CARE, partner, How.SIGNATURE)
    person = pin_person(
        row=PinRow(area=first.opportunity.area, given="สมหญิง", consents=(agreed,)), partner=partner, by=city.officer
    )
    made = enrol(person=person, opportunity=first.opportunity, case=None, by=city.officer)
    with clock.at(first.end):
        mark(session=first, present=[made.pk], by=city.officer)


@pytest.mark.parametrize("way", ["own", "onto"])
@pytest.mark.parametrize("change", ["moved", "dropped"])
def test_what_was_held_stays_and_the_file_is_told_so(city: SmallCity, client: Client, way: str, change: str) -> None:
    """In the preview, in what was done, by row, with how to mend it; a file that says nothing of it is told nothing."""
    into = ""
    if way == "onto":
        (pk,) = publish_many(rows=[weaving(provider="nfe", key="course")], by=city.system).ids
        into = str(pk)
    imported(city, calendar(event(*WEEKLY)), into=into)
    course = Opportunity.objects.get(sessions__uid__startswith="a@school.example", sessions__start__day=7)
    first = course.sessions.order_by("start")[0]
    was_held(city, first)
    sign_in_fully(client, city.officer)
    if change == "moved":
        away = ("DTSTART;TZID=Asia/Bangkok:20270115T130000", "DTEND;TZID=Asia/Bangkok:20270115T160000")
        other = event("RECURRENCE-ID;TZID=Asia/Bangkok:20261207T090000", *away)
        file = calendar(event(*WEEKLY), other)
    else:
        file = calendar(event(*WEEKLY, "EXDATE;TZID=Asia/Bangkok:20261207T090000"))
    with clock.at(first.end + dt.timedelta(days=1)):
        batch = upload(kind="opportunities", partner=course.provider, filename="ปฏิทิน.ics", data=file, by=city.officer)
        if into:
            set_columns(batch=batch, choices={"into": into}, by=city.officer)
        page = reverse("people:import-batch", args=[batch.pk])
        told = "07/12/2569 09:00-12:00"
        shown = client.get(page).content.decode()
        assert told in shown
        assert ("15/01/2570" in shown) == (change == "moved")
        assert ("UID" if change == "moved" else "งดนัด") in shown
        done = run_import(batch=batch, by=city.officer)
        assert [(line["row"] > 0, told in line["th"], told in line["en"]) for line in done.left] == [(True, True, True)]
        assert told in client.get(page).content.decode()
        first.refresh_from_db()
        assert (first.start.day, first.start.month) == (7, 12)
        again = imported(city, calendar(event(*WEEKLY, "SUMMARY:ทอผ้าขั้นสูง")), into=into)
        assert again.left == []


def test_nothing_of_an_event_is_cut_untold(city: SmallCity) -> None:
    long = "ก" * 300 + "ฮ"
    partner = Partner.objects.select_related("area").get(code="nfe")
    more = (f"LOCATION:{long}", f"CONTACT:{long}", f"URL:https://a.example/{'x' * 500}y")
    data = calendar(event(*HOUR, *more, summary=long))
    found = check(data, "a.ics", "opportunities", partner)
    (row,) = found.ready
    assert [w.field for w in found.warnings if w.code == "kept_whole"] == ["place", "contact", "url", "name"]
    assert row.about_th.count(long) == 3
    assert "xy" in row.about_th


def test_a_calendar_that_cancels_says_that_it_is_cancelled(city: SmallCity) -> None:
    imported(city, calendar(event(*WEEKLY)))
    imported(city, calendar(event(*WEEKLY, "STATUS:CANCELLED")))
    assert Opportunity.objects.get().end_reason == "ผู้จัดแจ้งว่ายกเลิกแล้ว"


def test_a_shorter_series_names_the_meetings_that_it_drops(city: SmallCity) -> None:
    imported(city, calendar(event(*WEEKLY)))
    shorter = calendar(event(*HOUR, "RRULE:FREQ=WEEKLY;COUNT=2", "LOCATION:ศาลากลางบ้าน"))
    partner = Partner.objects.select_related("area").get(code="nfe")
    told = [
        each for each in check(shorter, "a.ics", "opportunities", partner).warnings if each.code == "meeting_dropped"
    ]
    assert len(told) == 1
    assert "21/12/2569" in told[0].message("th")
    imported(city, shorter)
    assert Session.objects.count() == 2


def test_two_events_put_onto_one_course_are_two_rows(city: SmallCity) -> None:
    (made,) = publish_many(rows=[weaving()], by=city.officer).ids
    both = calendar(event(*HOUR, uid="b1"), event(*(line.replace("1207", "1208") for line in HOUR), uid="b2"))
    done = imported(city, both, into=str(made))
    assert (done.rows, done.imported, done.known) == (2, 2, 0)
    again = imported(city, both, into=str(made))
    assert (again.rows, again.imported, again.known) == (2, 0, 2)
