"""Times for talks: opened by an office, booked without an account by one only, seen on Today, and forgotten."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from tests.catalogue import conftest as shelf
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.jobs import actions
from okat.city.jobs.models import Ask, Slot
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.talks import FORGET_DAYS, WAIT_DAYS, How
from okat.city.jobs.tasks import forget
from okat.city.partners.models import Partner

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)  # nine in the morning here
TOMORROW = NOW + dt.timedelta(days=1)


@pytest.fixture
def city() -> Iterator[shelf.SmallCity]:
    with clock.at(NOW):
        yield shelf.build()


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def opened(city: shelf.SmallCity, *starts: dt.datetime) -> list[Slot]:
    nfe = Partner.objects.get(code="nfe")
    actions.open_slots(partner=nfe, starts=starts, minutes=30, how=How.PHONE, by=city.officer)
    return list(Slot.objects.order_by("start"))


def test_an_office_opens_the_times_of_a_day_and_takes_free_ones_back(city: shelf.SmallCity) -> None:
    officer = entered(city.officer)
    sent = {"day": "2 ธ.ค. 2569", "times": "๙:๐๐ 9:30, 13.00", "minutes": "30", "how": "phone",
            "once": "0190b0b0-0000-7000-8000-000000000041"}  # fmt: skip
    for name, value in (("day", "1 ธ.ค. 2568"), ("times", "<b>เก้าโมง"), ("times", "9:00 9:10"), ("minutes", "0")):
        page = officer.post("/jobs/slots/", {**sent, name: value}).content.decode()
        assert f'id="id_{name}_error"' in page
        assert "<b>เก้าโมง" not in page
    assert not Slot.objects.exists()
    for _ in range(2):
        assert officer.post("/jobs/slots/", sent).status_code == 302
    assert [slot.start.hour for slot in Slot.objects.all()] == [2, 2, 6]  # UTC
    first = Slot.objects.all()[0]
    assert officer.post(f"/jobs/slots/{first.pk}/close/", {"sure": "1"}).status_code == 302
    assert Slot.objects.count() == 2
    other = entered(city.other)
    assert other.post(f"/jobs/slots/{Slot.objects.all()[0].pk}/close/").status_code == 404
    assert "No time is open" in other.get("/jobs/slots/").content.decode()


def test_a_young_person_books_a_time_and_the_adviser_sees_it_on_today(city: shelf.SmallCity, client: Client) -> None:
    client.cookies["okat_language"] = "en"
    early, late = opened(city, TOMORROW, TOMORROW + dt.timedelta(hours=1))
    sent = {
        "name": "<b>บอย</b>",
        "phone": "LINE: boy15",
        "slot": early.pk,
        "once": "0190b0b0-0000-7000-8000-00000000004a",
    }
    page = client.get("/jobs/youth/talk/").content.decode()
    assert "09:00" in page
    assert "10:00" in page
    for _ in range(2):  # the same form sent twice books once and says so twice
        assert client.post("/jobs/youth/talk/?occupation=cook", sent).status_code == 302
    ask = Ask.objects.get()
    assert (ask.slot, ask.to.code, ask.by, ask.name) == (early, "nfe", None, "<b>บอย</b>")
    assert "at 09:00. They call you" in client.get("/jobs/youth/").content.decode()
    second = Client()
    second.cookies["okat_language"] = "en"
    page = second.post("/jobs/youth/talk/", {**sent, "name": "แนน", "once": ""}).content.decode()
    assert "has just been taken" in page
    assert "แนน" in page  # kept
    assert "09:00" not in second.get("/jobs/youth/talk/").content.decode()
    officer = entered(city.officer)
    page = officer.get("/today/").content.decode()
    assert "Talk at 09:00 with &lt;b&gt;บอย" in page
    assert "LINE: boy15" in page
    assert "boy15" not in entered(city.other).get("/today/").content.decode()
    assert "Booked for" in officer.get(f"/jobs/asks/{ask.pk}/").content.decode()
    officer.post(f"/jobs/slots/{early.pk}/close/", {"sure": "1"})
    assert Slot.objects.count() == 2  # booked times stay
    assert late in Slot.objects.all()


def test_two_who_book_at_once_get_one_time(city: shelf.SmallCity) -> None:
    (slot,) = opened(city, TOMORROW)
    given = {"to": slot.partner, "slot": slot, "name": "ก", "phone": "1", "asker": None, "by": system_user()}
    actions.ask_to_talk(**given)  # type: ignore[arg-type]
    with pytest.raises(JobsError):
        actions.ask_to_talk(**given)  # type: ignore[arg-type]
    assert Ask.objects.count() == 1


def test_what_a_young_person_left_is_deleted_when_it_has_served(city: shelf.SmallCity) -> None:
    booked, free = opened(city, TOMORROW, TOMORROW + dt.timedelta(days=1))
    nfe, by = booked.partner, system_user()
    actions.ask_to_talk(to=nfe, slot=booked, name="ก", phone="1", asker=None, by=by)
    waits = actions.ask_to_talk(to=nfe, when="day", name="ข", phone="2", asker=None, by=by)
    answered = actions.ask_to_talk(to=nfe, when="day", name="ค", phone="3", asker=None, by=by)
    employer = actions.ask_for_candidates(employer=nfe, to=nfe, wanted=1, by=city.officer)
    actions.answer_ask(ask=answered, answer="โทรแล้ว", by=city.officer)
    with clock.at(NOW + dt.timedelta(days=FORGET_DAYS)):
        forget(timestamp=0)
        assert Ask.objects.count() == 4
    with clock.at(NOW + dt.timedelta(days=FORGET_DAYS + 1, hours=1)):
        forget(timestamp=0)
        assert list(Ask.objects.order_by("pk")) == [waits, employer]
        assert list(Slot.objects.all()) == [free]
    with clock.at(NOW + dt.timedelta(days=WAIT_DAYS, hours=1)):
        forget(timestamp=0)
    assert list(Ask.objects.all()) == [employer]


def test_the_same_address_cannot_book_without_end(city: shelf.SmallCity, client: Client) -> None:
    for _ in range(10):
        assert client.post("/jobs/youth/talk/", {"name": ""}).status_code == 200
    assert client.post("/jobs/youth/talk/", {"name": ""}).status_code == 429
