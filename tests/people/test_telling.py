"""Every person is told by the way that reaches them: account, confirmed telephone, or a slip that somebody brings."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests.people.conftest import City
from tests.post_office import opened
from tests.signing import make_user, sign_in_fully

from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import KINDS as LETTERS
from okat.city.core.outbox import sending
from okat.city.core.registries import ERASE, TASKS
from okat.city.notices.actions import set_preference
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS, MailWish
from okat.city.partners.models import Venue
from okat.city.people import actions
from okat.city.people.models import Person, PhoneCheck, Slip
from okat.city.people.queries import telling
from okat.city.people.rules import PeopleError, Status
from okat.config.standin import PostOffice

BANGKOK = dt.timezone(dt.timedelta(hours=7))
NOON, NIGHT = (dt.datetime(2026, 11, 30, hour, tzinfo=BANGKOK) for hour in (12, 23))
UNTIL = dt.date(2026, 12, 5)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def tell(*people: Person, kind: str = "rounds.offered") -> int:
    fresh = Person.objects.filter(pk__in=[p.pk for p in people]).select_related("user")
    params = {"title": "ทอผ้าสำหรับคนตาบอด", "title_en": "x"}
    return actions.tell(people=fresh, kind=kind, params=params, url="/rounds/mine/", until=UNTIL, by=None)


def linked(city: City, email: str = "") -> Person:
    person = city.pin()
    return actions.link_account(person=person, user=make_user(email=email), by=city.teacher)


def test_an_account_with_an_address_gets_a_notice_and_a_letter_and_no_paper(city: City) -> None:
    assert tell(linked(city, "a@example.org")) == 1
    assert Notice.objects.get().params["until"] == "2026-12-05"
    assert Letter.objects.get().kind == "notices.new"
    assert Slip.objects.count() == 0


def test_an_account_that_nothing_reaches_gets_a_notice_and_a_slip(city: City) -> None:
    person = linked(city)
    tell(person)
    assert Notice.objects.count() == 1
    assert Slip.objects.get().person == person


def test_what_binds_reaches_also_whoever_wants_no_letters(city: City) -> None:
    person = linked(city, "a@example.org")
    assert person.user is not None
    set_preference(mail=MailWish.NEVER, quiet_from=None, quiet_until=None, by=person.user)
    tell(person, kind="rounds.waiting")
    assert (Notice.objects.count(), Slip.objects.count(), Letter.objects.count()) == (1, 0, 0)
    tell(person)
    assert (Notice.objects.count(), Slip.objects.count(), Letter.objects.count()) == (2, 1, 0)


def test_many_are_told_in_as_many_statements_as_two(city: City, office: PostOffice) -> None:
    """A round tells thousands while it is held."""

    def count(people: list[Person]) -> int:
        with CaptureQueriesContext(connection) as asked:
            tell(*people)
        return len(asked)

    def reached(number: int) -> list[Person]:
        found = [city.pin(phone=f"08{n:08d}") for n in range(number * 100, number * 101)]
        for person in found:
            actions.ring_phone(person=person, by=city.teacher, partner=city.education)
        return found

    two, nine = reached(2), reached(9)
    with clock.at(NOON):
        assert count(two) == count(nine)
    letters = Letter.objects.filter(kind="people.told").select_related("key")
    assert {row.params["person"] for row in letters} == {str(person.pk) for person in (*two, *nine)}
    assert len({row.key_id for row in letters}) == 11


def test_without_an_account_a_confirmed_telephone_gets_an_sms_by_day(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher, partner=city.education)
    check = PhoneCheck.objects.get()
    assert (check.how, check.by, check.phone) == ("rang", city.teacher, "0812345678")
    with clock.at(NIGHT):
        tell(person)
        assert sending.send_due() == 0
    with clock.at(NIGHT + dt.timedelta(hours=9)):
        assert sending.send_due() == 1
    ((number, text),) = office.sms
    assert number == "66812345678"
    assert "มีที่ว่างเสนอให้คุณ" in text
    assert "5 ธ.ค. 2569" in text
    assert "สำนักงานศึกษาธิการจังหวัด" in text
    for private in ("สมหญิง", "ใจดี", "ทอผ้า", "ตาบอด"):
        assert private not in text
    row = Letter.objects.get()
    assert (row.state, row.cost % 35, row.sealed, row.params) == ("sent", 0, None, {})
    assert Slip.objects.count() == 0


def test_a_changed_number_counts_no_more_and_paper_goes_instead(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher)
    person = actions.update_person(person=person, version=1, changes={"phone": "0898765432"}, by=city.teacher)
    tell(person)
    assert (Letter.objects.count(), Slip.objects.count()) == (0, 1)


def test_an_sms_that_cannot_be_sent_becomes_a_slip(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher)
    with clock.at(NOON):
        tell(person)
        office.faults.append((400, {}, {"error": {"code": 1, "name": "ERROR_MSISDN"}}))
        sending.send_due()
    slip = Slip.objects.get()
    assert (slip.person, slip.kind, slip.until) == (person, "rounds.offered", UNTIL)
    assert Letter.objects.get().fault == "bad_number"


def test_a_message_whose_words_break_becomes_a_slip_on_the_teams_today(
    city: City, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher)

    def breaks(_letter: Letter) -> None:
        raise KeyError("word")

    monkeypatch.setitem(LETTERS._items, "people.told", replace(LETTERS["people.told"], words=breaks))
    tell(person)
    for hours in range(24):
        with clock.at(NOON + dt.timedelta(hours=3 * hours)):
            sending.send_due()
    assert Letter.objects.get().state == "failed"
    slip = Slip.objects.get()
    assert (slip.person, slip.kind, slip.until) == (person, "rounds.offered", UNTIL)
    assert office.sms == []


def test_a_letter_that_no_channel_takes_becomes_a_slip_for_what_binds(city: City, office: PostOffice) -> None:
    person = linked(city, "gone@example.org")
    with clock.at(NOON):
        tell(person)
        tell(person, kind="rounds.waiting")
        office.smtp = "550 nobody here"
        sending.send_due()
    slip = Slip.objects.get()
    assert (slip.person, slip.kind, slip.until) == (person, "rounds.offered", UNTIL)


def test_a_code_by_sms_confirms_the_telephone_and_wrong_digits_run_out(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    actions.send_phone_code(person=person, by=city.teacher)
    assert "0812345678" not in str(Letter.objects.values().get())
    sending.send_due()
    code = office.sms[0][1].split()[0]
    assert not telling.phones_of([person.pk])
    assert not actions.confirm_phone(person=person, code="x", by=city.teacher)
    assert actions.confirm_phone(person=person, code=f" {code[:3]} {code[3:]}", by=city.teacher)
    assert telling.phones_of([person.pk]) == {person.pk: "0812345678"}
    assert not actions.confirm_phone(person=person, code=code, by=city.teacher)  # once
    actions.send_phone_code(person=person, by=city.teacher)
    sending.send_due()
    code = office.sms[1][1].split()[0]
    for _ in range(5):
        actions.confirm_phone(person=person, code="x", by=city.teacher)
    assert not actions.confirm_phone(person=person, code=code, by=city.teacher)


def test_no_telephone_no_check(city: City) -> None:
    with pytest.raises(PeopleError):
        actions.ring_phone(person=city.pin(), by=city.teacher)


def test_slips_stand_on_the_teams_today_until_somebody_brought_them(city: City, client: Client) -> None:
    one, other = city.pin(), city.pin("มาลี", "ดีใจ")
    opening = {"mon": [["08:30", "16:30"]]}
    Venue.objects.create(partner=city.education, th="ก ห้องว่าง", area=city.sila)
    Venue.objects.create(partner=city.education, th="อาคารหนึ่ง", area=city.sila, address="9 ถนนกลาง", opening=opening)
    tell(one, other)
    tell(one)  # newer news of the kind is on the slip that lies there
    assert Slip.objects.count() == 2
    (task,) = [task for task in TASKS["people"](city.teacher) if task.key == "slips"]
    assert (task.count, task.due) == (2, UNTIL)
    assert not [task for task in TASKS["people"](city.officer) if task.key == "slips"]
    sign_in_fully(client, city.teacher)
    page = client.get("/people/slips/?lang=th").content.decode()
    assert "สมหญิง" in page
    assert "มีที่ว่างเสนอให้คุณ" in page
    assert "ทอผ้า" not in page
    assert client.post("/people/slips/print/", {}).headers["Location"] == "/people/slips/"
    slips = list(Slip.objects.all())
    sheet = client.post("/people/slips/print/", {"slip": [str(slip.pk) for slip in slips]}).headers["Location"]
    paper = client.get(sheet).content.decode()
    assert "มาลี" in paper
    assert "5 ธ.ค. 2569" in paper
    assert "อาคารหนึ่ง, 9 ถนนกลาง" in paper  # for whoever cannot ring
    assert "08:30–16:30" in paper
    assert "ทอผ้า" not in paper
    slip = slips[0]
    for _ in range(2):
        client.post(f"/people/slips/{slip.pk}/told/", {"given": "1"})
    slip.refresh_from_db()
    assert (slip.how, slip.told_by, slip.printed_by) == ("given", city.teacher, city.teacher)
    (task,) = [task for task in TASKS["people"](city.teacher) if task.key == "slips"]
    assert task.count == 1
    other_client = Client()
    sign_in_fully(other_client, city.officer)
    assert other_client.post(f"/people/slips/{slips[1].pk}/told/", {}).status_code in {403, 404}


def test_a_wrong_tap_is_taken_back_while_the_message_holds(city: City, client: Client) -> None:
    one, other = city.pin(), city.pin("มาลี", "ดีใจ")
    about = uuid4()

    def post(to: str) -> str:
        return client.post(to, {"given": "1"}, follow=True).content.decode()

    def waits() -> int:
        return sum(task.count or 0 for task in TASKS["people"](city.teacher) if task.key == "slips")

    until = clock.today() + dt.timedelta(days=5)
    actions.tell(people=[one, other], kind="rounds.offered", until=until, about=about, by=None)
    sign_in_fully(client, city.teacher)
    slip, second = Slip.objects.get(person=one), Slip.objects.get(person=other)
    back = f"/people/slips/{slip.pk}/not-told/"
    assert back in post(f"/people/slips/{slip.pk}/told/")
    assert waits() == 1
    strange = Client()
    sign_in_fully(strange, city.officer)
    assert strange.post(back).status_code in {403, 404}
    assert waits() == 1
    assert back not in post(back)
    slip.refresh_from_db()
    assert (waits(), slip.told_at, slip.told_by, slip.how) == (2, None, None, "")
    assert client.post(back).status_code == 404
    post(f"/people/slips/{slip.pk}/told/")
    tell(one)  # about something else
    actions.tell(people=[one], kind="rounds.offered", until=until, about=about, by=None)
    post(back)
    assert (waits(), Slip.objects.filter(person=one, about=str(about), told_at=None).count()) == (3, 1)
    post(f"/people/slips/{second.pk}/told/")
    actions.drop_slips(people=[other.pk], app="rounds", about=about, by=city.teacher)
    assert client.post(f"/people/slips/{second.pk}/not-told/").status_code == 404
    post(f"/people/slips/{Slip.objects.get(person=one, about='').pk}/told/")
    with clock.at(clock.now() + dt.timedelta(days=8)):
        assert not telling.lately_for(city.teacher).exists()


def test_who_answered_needs_no_slip_and_the_dead_get_none(city: City) -> None:
    one, other = city.pin(), city.pin("มาลี", "ดีใจ")
    actions.set_status(person=other, status=Status.DIED, by=city.teacher)
    assert tell(one, other) == 1
    actions.end_slips(people=[one], app="rounds", about=one.pk, by=city.teacher)
    assert not telling.slips_for(city.teacher).exists()


def test_erasing_takes_checks_and_slips_and_unsent_messages_along(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher)
    tell(city.pin("มาลี", "ดีใจ"), person)
    ERASE["people"](person.pk)
    assert PhoneCheck.objects.count() == 0
    with clock.at(clock.now() + dt.timedelta(days=1)):
        sending.send_due()
    assert office.sms == []
    assert Letter.objects.get().state == "dropped"


def test_without_sms_a_confirmed_telephone_is_paper(city: City) -> None:
    person = city.pin(phone="0812345678")
    actions.ring_phone(person=person, by=city.teacher)
    with override_settings(SMS_URL=""):
        tell(person)
    assert Slip.objects.count() == 1


def test_what_a_slip_says_of_each_kind_has_no_place_for_anything_of_the_persons_own() -> None:
    """No kind's plain words are filled in; they cannot hold a name, a title or a reason."""
    assert [key for key, kind in KINDS if "%" in str(kind.plain)] == []


def test_a_telephone_is_confirmed_on_its_page(city: City, client: Client, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    sign_in_fully(client, city.teacher)
    assert f"/people/{person.pk}/phone/" in client.get(f"/people/{person.pk}/").content.decode()
    page = f"/people/{person.pk}/phone/"
    assert client.get(page).status_code == 200
    client.post(page, {"send": "1"})
    sending.send_due()
    assert client.post(page, {"code": "000"}).headers["Location"] == page
    code = office.sms[0][1].split()[0]
    assert client.post(page, {"code": code}).headers["Location"] == f"/people/{person.pk}/"
    assert f"/people/{person.pk}/phone/" not in client.get(f"/people/{person.pk}/").content.decode()
