"""The queue of a phone: sent again and again, one person; what cannot go in says why and stays on the phone."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City
from tests.people.test_person_screens import FILLED, PIN
from tests.read_aloud import words_on
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.people.actions import pin_person
from okat.city.people.models import Person

QUEUE = reverse("people:queue")


@pytest.fixture
def kru(city: City, client: Client) -> Client:
    sign_in_fully(client, city.teacher)
    return client


def entry(**more: Any) -> dict[str, Any]:
    return {**FILLED, "id": str(uuid.uuid4()), "once": str(uuid.uuid4()), "noted": "2026-11-22T10:00:00.000Z", **more}


def sent(client: Client, fields: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(QUEUE, {**words_on(client, PIN), **fields})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_the_answer_was_lost_and_the_pin_is_sent_again(kru: Client) -> None:
    one = entry()
    first = sent(kru, one)
    assert first["state"] == "saved"
    assert sent(kru, one) == first
    assert sent(kru, {**one, "once": str(uuid.uuid4())}) == first
    person = Person.objects.get()
    assert str(person.pk) == one["id"]
    assert person.noted_at is not None


def test_a_clock_that_jumps_changes_nothing_but_the_note(kru: Client) -> None:
    assert sent(kru, entry(noted="1970-01-01T00:00:00Z"))["state"] == "saved"
    assert sent(kru, entry(given="สมใจ", phone="", noted="2999-01-01T00:00:00Z", sure="1"))["state"] == "saved"


def test_two_workers_pinned_the_same_person_while_away(kru: Client, city: City) -> None:
    city.pin("มาลี", "ศรีสุข", birth=None, phone="0812345678")
    assert sent(kru, entry()) == {"state": "asks"}
    assert Person.objects.count() == 1
    assert sent(kru, entry(sure="1"))["state"] == "saved"


def test_what_is_to_be_mended_is_named(kru: Client) -> None:
    assert sent(kru, entry(birth="31 ก.พ. 2530", care="")) == {"state": "wrong", "fields": ["birth", "care"]}
    assert not Person.objects.exists()


def test_a_pin_that_waited_while_the_words_changed_is_asked_again(kru: Client) -> None:
    assert sent(kru, entry(words="2560-1:0")) == {"state": "wrong", "fields": ["care"]}
    assert not Person.objects.exists()


def test_anothers_id_is_not_taken_over(kru: Client, city: City) -> None:
    person = pin_person(row=city.row(), partner=city.education, by=city.officer)
    assert sent(kru, entry(id=str(person.pk), sure="1")) == {"state": "wrong", "fields": ["id_taken"]}


def test_whoever_is_signed_out_is_led_to_sign_in(client: Client, city: City) -> None:
    assert client.post(QUEUE, entry()).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_pin_on_two_lines_at_once_is_one_person(city: City) -> None:
    one, answers = entry(), list[str]()

    def post(user: User) -> None:
        try:
            client = Client()
            sign_in_fully(client, user)
            answers.append(sent(client, {**one, "once": str(uuid.uuid4())})["state"])
        finally:
            connection.close()

    sign_in_fully(Client(), city.teacher)
    city.teacher.refresh_from_db()
    lines = [threading.Thread(target=post, args=(city.teacher,)) for _ in range(4)]
    for line in lines:
        line.start()
    for line in lines:
        line.join()
    assert answers == ["saved"] * 4
    assert Person.objects.count() == 1
