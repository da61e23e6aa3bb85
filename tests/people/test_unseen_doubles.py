"""Whoever types guesses learns nothing of records that they may not see: not by the answer, not by saving, not by the
trail. That two records are much alike is noticed all the same, by those who may decide about both."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.people.test_person_screens import FILLED, page_of
from tests.read_aloud import words_on
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.core.models import AuditEntry
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, link_account, merge, pin_household, pin_person
from okat.city.people.actions.rows import HouseRow
from okat.city.people.models import MergeProposal, Person
from okat.city.people.queries import accesses_of
from okat.city.people.rules import How, PeopleError, Purpose
from okat.thai.partial import PartialDate

ALIKE, PIN, QUEUE, DOUBLES = (reverse(f"people:{name}") for name in ("alike", "pin", "queue", "doubles"))
HIDDEN = {
    "given": "มาลี", "family": "ศรีสุข", "sex": "f", "birth": "6 ธ.ค. 2503", "phone": "081-234-5678",
    "pin": "1100100000010",
}  # fmt: skip
# Each guess beside one that is surely wrong; all that can be typed alone, and with the name.
GUESSES = [
    ({"birth": "6 ธ.ค. 2503"}, {"birth": "9 ม.ค. 2540"}),
    ({"birth": "2503"}, {"birth": "2540"}),
    ({"birth": "ธ.ค. 2503"}, {"birth": "ม.ค. 2540"}),
    ({"phone": "081-234-5678"}, {"phone": "081-999-9999"}),
    ({"pin": "1100100000010"}, {"pin": "1101700203451"}),
    (HIDDEN, {**HIDDEN, "given": "บุญส่ง", "family": "ไกลบ้าน", "birth": "2540", "phone": "", "pin": ""}),
]
FRESH = re.compile(r'value="[^"]{20,}"|nonce="[^"]+"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{17}')


@pytest.fixture
def hidden(city: City) -> Person:
    return city.pin("มาลี", "ศรีสุข", birth=PartialDate(1960, 12, 6), phone="0812345678", pin="1100100000010")


@pytest.fixture
def guesser(city: City, client: Client) -> Client:
    """Pins for another office, in the same place."""
    sign_in_fully(client, member(city.social, Role.FIELD_WORKER, "guesser", city.ban_ped, city.sila))
    return client


def said(client: Client, data: dict[str, str]) -> str:
    """All of the answer to what is typed so far."""
    return client.post(ALIKE, data).content.decode()


@pytest.mark.parametrize(("right", "wrong"), GUESSES)
def test_a_right_guess_is_answered_like_a_wrong_one(
    guesser: Client, hidden: Person, right: dict[str, str], wrong: dict[str, str]
) -> None:
    for name in ({}, {"given": "มาลี"}, {"given": "มาลี", "family": "ศรีสุข"}):
        assert said(guesser, {**name, **right}) == said(guesser, {**name, **wrong})
    assert not AuditEntry.objects.filter(verb="people.suggested").exists()


def entry(client: Client, **more: Any) -> dict[str, Any]:
    ids = {"id": str(uuid.uuid4()), "once": str(uuid.uuid4()), "noted": "2026-11-22T10:00:00.000Z"}
    return {**FILLED, **words_on(client, PIN), **ids, **more}


def pinned(client: Client, url: str, **more: Any) -> Person:
    sent = entry(client, **more)
    client.post(url, sent)
    client.get(reverse("people:search"))  # reads the word that it is saved
    return Person.objects.get(pk=sent["id"])


@pytest.mark.parametrize("url", [PIN, QUEUE])
@pytest.mark.parametrize("number", ["", "1100100000010"])
def test_saving_asks_nothing_and_shows_nothing_of_it(guesser: Client, hidden: Person, url: str, number: str) -> None:
    double = pinned(guesser, url, pin=number)
    stranger = pinned(guesser, url, given="บุญส่ง", family="ไกลบ้าน", birth="2540", phone="", pin="")
    pages = [
        FRESH.sub("", guesser.get(page_of(one, name)).content.decode()).replace(one.full_name, "")
        for name in ("trail", "same") for one in (double, stranger)
    ]  # fmt: skip
    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert MergeProposal.objects.get().source == ("pin" if number else "alike")


def test_a_household_asks_nothing_either(guesser: Client, hidden: Person) -> None:
    house = reverse("people:pin-household")
    members = {"m0-given": "มาลี", "m0-family": "ศรีสุข", "m0-sex": "f", "m0-birth": "6 ธ.ค. 2503", "m0-role": "head"}
    sent = {**words_on(guesser, house), "lines": "1", "where": "บ้านเป็ด", "care": "on", "how": "signature", **members}
    page = guesser.post(house, {**sent, "once": str(uuid.uuid4()), "m0-phone": "081-234-5678"})
    assert page.status_code == 302
    assert Person.objects.count() == 2


def decider(city: City) -> User:
    """Works for both offices."""
    user = member(city.education, Role.MANAGER, "both")
    Membership.objects.create(partner=city.social, user=user, role=Role.MANAGER, began_on=dt.date(2026, 1, 1))
    return user


def test_whoever_may_decide_about_both_finds_the_pair(guesser: Client, hidden: Person, city: City) -> None:
    double = pinned(guesser, PIN)
    boss = Client()
    sign_in_fully(boss, decider(city))
    listed = boss.get(DOUBLES).content.decode()
    assert "คล้ายกันมาก พบตอนบันทึก" in listed
    pair = MergeProposal.objects.get()
    assert {pair.left, pair.right} == {hidden, double}
    typed_it = User.objects.get(login="guesser")
    with pytest.raises(PeopleError, match="ตัดสิน"):  # what they typed made it much alike
        merge(proposal=pair, keep=hidden, by=typed_it)
    merge(proposal=pair, keep=hidden, by=User.objects.get(login="both"))


def test_what_a_worker_sees_is_asked_before_and_not_put_up(city: City, hidden: Person) -> None:
    """And who lives in one house and comes in together is no pair of doubles."""
    pin_person(row=city.row("มาลี", "ศรีสุข", birth=PartialDate(1960, 12, 6)), partner=city.education, by=city.teacher)
    care = (ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),)
    twins = [city.row(name, "แก้วใส", consents=care, phone="0899999999") for name in ("แดง", "แดง")]
    pin_household(rows=twins, house=HouseRow(house="12"), partner=city.social, by=city.officer)
    assert not MergeProposal.objects.exists()


def test_whoever_is_out_of_sight_takes_no_place_in_the_list(guesser: Client, city: City) -> None:
    for _turn in range(7):
        city.pin("มาลี", "ศรีสุข", birth=PartialDate(1960, 12, 6), phone="0812345678")
    care = (ConsentRow(Purpose.CARE, city.social, How.SIGNATURE),)
    row = city.row("มาลี", "ศรีสุข", birth=PartialDate(1961), consents=care)
    mine = pin_person(row=row, partner=city.social, by=User.objects.get(login="guesser"))
    shown = guesser.post(ALIKE, {**HIDDEN, "pin": ""}).content.decode()
    assert page_of(mine) in shown
    assert shown.count("<li>") == 1


def test_each_that_is_very_likely_is_put_up_however_many_there_are(guesser: Client, city: City) -> None:
    there = {city.pin("มาลี", "ศรีสุข", birth=PartialDate(1960, 12, 6), phone="0812345678").pk for _turn in range(7)}
    mine = pinned(guesser, PIN)
    put_up = MergeProposal.objects.values_list("left", "right")
    assert {pk for pair in put_up for pk in pair} == {*there, mine.pk}
    assert len(put_up) == 7


def test_each_who_is_shown_sees_the_look(city: City, client: Client, hidden: Person) -> None:
    me = make_user("me", name="มาลี ศรีสุข")
    link_account(person=hidden, user=me, by=city.teacher)
    sign_in_fully(client, city.teacher)
    assert page_of(hidden) in client.post(ALIKE, HIDDEN).content.decode()
    assert [(look.by, look.verb) for look in accesses_of(hidden)] == [("kru", "people.suggested")]
    mine = Client()
    sign_in_fully(mine, me)
    page = mine.get(reverse("people:mine")).content.decode()
    assert "kru" in page
    assert "แสดงให้คนที่พิมพ์ข้อมูลคล้ายกันเห็น" in page
