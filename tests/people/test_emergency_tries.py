"""Who tries out numbers on the page for emergencies learns nothing without a trace: what opens nothing is answered
alike, and noted for those who read the trail."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.people.test_unseen_doubles import FRESH
from tests.read_aloud import shown
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.partners.rules import Role
from okat.city.people.actions import break_glass, note_try
from okat.city.people.models import BreakGlass, Person
from okat.city.people.queries.search import tried
from okat.city.people.rules import Emergency

PAGE, LIST = reverse("people:emergency"), reverse("people:openings")
SENT = {"reason": "life", "note": "หมดสติที่ตลาด ต้องถามญาติ"}
SHARED, FREE = "081-234-5678", "089-999-9999"


@pytest.fixture
def worker(city: City) -> Client:
    client = Client()
    sign_in_fully(client, member(city.social, Role.FIELD_WORKER, "helper", city.ban_ped))
    return client


@pytest.fixture
def two(city: City) -> list[Person]:
    return [city.pin(name, phone="0812345678") for name in ("มาลี", "มานะ")]


def answer(client: Client, find: str) -> str:
    page = client.post(PAGE, {**SENT, "find": find})
    assert page.status_code == 200
    return FRESH.sub("", page.content.decode()).replace(find, "")


def test_a_number_of_several_is_answered_like_one_of_nobody(worker: Client, two: list[Person]) -> None:
    assert answer(worker, SHARED) == answer(worker, FREE)
    assert not BreakGlass.objects.exists()


def test_each_try_is_noted_under_a_keyed_value_and_listed_for_who_reads_the_trail(
    city: City, worker: Client, two: list[Person]
) -> None:
    for find in (SHARED, "๐๘๑ ๒๓๔ ๕๖๗๘", FREE):
        answer(worker, find)
    noted = list(AuditEntry.objects.filter(verb="people.emergency_try").order_by("id"))
    assert [entry.actor.login for entry in noted] == ["helper"] * 3  # type: ignore[union-attr]
    assert [entry.partner_code for entry in noted] == ["social"] * 3
    assert noted[0].subject_key == noted[1].subject_key != noted[2].subject_key  # however it was written
    kept = str(list(AuditEntry.objects.values()))
    assert not [number for number in ("0812345678", SHARED, FREE) if number in kept]
    auditor = Client()
    sign_in_fully(auditor, member(city.education, Role.AUDITOR, "auditor"))
    listed = shown(auditor.get(LIST).content.decode())
    assert listed.count("helper") == 2  # each number once
    assert listed.count("มีคนลองหมายเลขนี้ 2 ครั้ง") == 1
    with clock.at(clock.now() + dt.timedelta(days=200)):
        assert "helper" not in shown(auditor.get(LIST).content.decode())
    reviewer = Client()
    sign_in_fully(reviewer, member(city.social, Role.MANAGER, "boss"))
    assert "helper" not in shown(reviewer.get(LIST).content.decode())


def test_a_try_without_a_reason_looks_for_nobody(worker: Client, city: City) -> None:
    """Else a short reason would tell a number that is there from one that is not, and leave no trace."""
    city.pin("มาลี", phone="0812345678")
    pages = [
        FRESH.sub("", worker.post(PAGE, {**SENT, "note": "สั้น", "find": find}).content.decode()).replace(find, "")
        for find in (SHARED, FREE)
    ]
    assert pages[0] == pages[1]
    assert not AuditEntry.objects.filter(verb__in=("people.emergency_try", "people.break_glass")).exists()


def test_the_right_number_opens_and_is_no_try(worker: Client, city: City) -> None:
    person = city.pin("มาลี", phone="0812345678")
    opened = worker.post(PAGE, {**SENT, "find": SHARED})
    assert opened.headers["Location"] == reverse("people:person", args=[person.pk])
    assert BreakGlass.objects.get().person == person
    assert not AuditEntry.objects.filter(verb="people.emergency_try").exists()


def test_all_of_ninety_days_are_listed_however_many_came_after(city: City, worker: Client) -> None:
    """Nobody pushes out of sight, by many other numbers, what was tried before; and each is counted over all days."""
    other = member(city.social, Role.FIELD_WORKER, "other", city.ban_ped)
    with clock.at(clock.now() - dt.timedelta(days=80)):
        for by, find in ((other, FREE), (other, FREE), (other, SHARED)):
            note_try(key=tried(find), partner=city.social, by=by)
    helper = User.objects.get(login="helper")
    for number in range(120):
        note_try(key=tried(f"08{number:08}"), partner=city.social, by=helper)
    note_try(key=tried(FREE), partner=city.social, by=helper)
    auditor = Client()
    sign_in_fully(auditor, member(city.education, Role.AUDITOR, "auditor"))
    listed = [shown(auditor.get(LIST, {"tries": page}).content.decode()) for page in (1, 2, 3)]
    assert sum(page.count("helper") for page in listed) == 121
    assert [page.count("other") for page in listed] == [0, 0, 2]
    assert "มีคนลองหมายเลขนี้ 3 ครั้ง" in listed[0]
    assert "ในจำนวนนี้คนนี้ลอง 1 ครั้ง" in listed[0]
    assert "ในจำนวนนี้คนนี้ลอง 2 ครั้ง" in listed[2]


def test_every_report_is_listed(city: City, worker: Client) -> None:
    helper, person = User.objects.get(login="helper"), city.pin("มาลี", phone="0812345678")
    for _ in range(51):
        break_glass(person=person, reason=Emergency.LIFE, note=SENT["note"], partner=city.social, by=helper)
    auditor = Client()
    sign_in_fully(auditor, member(city.education, Role.AUDITOR, "auditor"))
    listed = [shown(auditor.get(LIST, {"reports": page}).content.decode()).count("helper") for page in (1, 2)]
    assert listed == [50, 1]


def test_a_review_that_is_sent_twice_is_kept_once_and_leads_to_the_list(city: City, worker: Client) -> None:
    """Once it is reviewed it waits for nobody's review, and its page is not there any more."""
    helper, person = User.objects.get(login="helper"), city.pin("มาลี", phone="0812345678")
    opened = break_glass(person=person, reason=Emergency.LIFE, note=SENT["note"], partner=city.social, by=helper)
    boss, url = Client(), reverse("people:opening", args=[opened.pk])
    sign_in_fully(boss, member(city.social, Role.MANAGER, "boss"))
    sent = {"finding": "justified", "note": "", "once": "0192f3a4-0000-7000-8000-0000000000ce"}
    assert [boss.post(url, sent).headers.get("Location") for _ in range(2)] == [LIST, LIST]
    assert boss.get(url).status_code == 404
