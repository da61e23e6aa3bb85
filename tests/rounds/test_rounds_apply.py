"""Entering an application without JavaScript: buttons move, add and take out; only sending stores."""

import uuid
from typing import Any

import pytest
from django.test import Client
from tests.read_aloud import words_on
from tests.rounds.conftest import AFTER, DURING, City
from tests.signing import sign_in_fully

from okat.city.catalogue.actions import add_wish
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.people.actions import withdraw_consent
from okat.city.people.models import Consent, Person
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Round
from okat.city.rounds.rules import RoundError
from okat.city.rounds.rules.policy import Policy

SOURCE = {"text": "ข้อกำหนดของผู้จัด", "ref": "ประกาศรับสมัคร", "verified": True}
OLDER_ONLY = {"age": "birth_date", "op": ">=", "years": 60, "source": SOURCE}


def text(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def offers(city: City) -> list[Opportunity]:
    return city.offers(*({"title_th": f"วิชา {letter}", "capacity": 2} for letter in "กขค"))


def order(page: str, offers: list[Opportunity]) -> list[int]:
    found = [page.find(f'name="choice" value="{each.pk}"') for each in offers]
    return [index for at, index in sorted((at, index) for index, at in enumerate(found) if at >= 0)]


def stored(made: Round, person: Person) -> list[str]:
    row = queries.application_of(made, person)
    return [choice.place.opportunity.title_th for choice in queries.choices_of(row)] if row else []


def test_a_resident_orders_a_list_agrees_and_applies_once(
    client: Client, city: City, offers: list[Opportunity]
) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1, consent=False)
    client.force_login(city.account(person, "me"), backend="okat.city.partners.queries.Accounts")
    url, keys = f"/rounds/{made.pk}/apply/", [str(each.pk) for each in offers]
    with clock.at(DURING):
        assert order(text(client.get(url)), offers) == []
        page = text(client.post(url, {"move": f"add:{keys[2]}"}))
        assert order(page, offers) == [2]
        page = text(client.post(url, {"choice": [keys[2], keys[0]], "move": f"up:{keys[0]}"}))
        assert order(page, offers) == [0, 2]
        page = text(client.post(url, {"choice": [keys[0], keys[2]], "move": f"down:{keys[0]}"}))
        assert order(page, offers) == [2, 0]
        page = text(client.post(url, {"choice": keys, "move": f"out:{keys[1]}"}))
        assert order(page, offers) == [0, 2]
        assert not Application.objects.exists()
        page = text(client.post(url, {"choice": keys, "save": "1"}))
        assert "id_agreed_error" in page  # nobody's record is used without agreement
        assert order(page, offers) == [0, 1, 2]
        sent = {"choice": [keys[1], keys[0], keys[0], "x"], "save": "1", "agreed": "on", "once": str(uuid.uuid4())}
        sent |= words_on(client, url)
        for _ in range(2):
            answer = client.post(url, sent)
        row = Application.objects.get()
        assert answer.headers["Location"] == f"/rounds/why/{row.pk}/"
        assert stored(made, person) == ["วิชา ข", "วิชา ก"]
        assert order(text(client.get(url)), offers) == [1, 0]
        assert client.get(f"/rounds/why/{row.pk}/").status_code == 200
        client.post(f"/rounds/why/{row.pk}/withdraw/", {"once": str(uuid.uuid4()), "sure": "1"})
        assert stored(made, person) == []


def test_what_was_wished_for_among_what_fits_is_where_the_list_begins(client: Client, city: City) -> None:
    offers = city.offers(
        *({"title_th": f"วิชา {letter}", "capacity": 2} for letter in "กขค"),
        {"title_th": "ไม่ได้อยู่ในรอบ", "capacity": 2},
        {"title_th": "เฉพาะผู้สูงอายุ", "capacity": 2, "rule": OLDER_ONLY},
    )
    made = city.opened([*offers[:3], offers[4]], policy=Policy(most_choices=2))
    (person,) = city.pin(1, consent=False)
    city.younger(person)
    client.force_login(city.account(person, "me"), backend="okat.city.partners.queries.Accounts")
    for offer in (offers[3], offers[4], offers[2], offers[0], offers[1]):
        add_wish(person=person, opportunity=offer, by=city.system)
    url = f"/rounds/{made.pk}/apply/"
    with clock.at(DURING):
        page = text(client.get(url))
        assert order(page, offers) == [2, 0]  # in their order, what fits, as many as may be listed
        assert "รายการที่คุณเลือกไว้" in page
        assert not Application.objects.exists()
        sent = {"choice": [str(offers[1].pk)], "save": "1", "agreed": "on", "once": str(uuid.uuid4())}
        client.post(url, sent | words_on(client, url))
        page = text(client.get(url))
        assert order(page, offers) == [1]  # what was sent counts from then on
        assert "รายการที่คุณเลือกไว้" not in page
    assert stored(made, person) == ["วิชา ข"]


def test_a_worker_finds_the_person_first_and_the_look_is_written_down(
    client: Client, city: City, offers: list[Opportunity]
) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1, consent=False)
    sign_in_fully(client, city.officer)
    url = f"/rounds/{made.pk}/apply/"
    with clock.at(DURING):
        assert f"?person={person.pk}" in text(client.get(url, {"q": person.family}))
        here = f"{url}?person={person.pk}"
        assert client.get(here).status_code == 200
        assert AuditEntry.objects.filter(verb="people.read", actor=city.officer).exists()
        sent = {"choice": [str(offers[0].pk)], "save": "1", "agreed": "on", "how": "witness"}
        sent |= words_on(client, here)
        assert "id_witness_error" in text(client.post(here, sent))
        assert client.post(here, {**sent, "witness": "อสม. ศรี"}).status_code == 302
    assert stored(made, person) == ["วิชา ก"]
    assert Application.objects.get().entered_by == city.officer
    sign_in_fully(client, city.lead)
    assert client.get(f"{url}?person={person.pk}").status_code == 404  # nobody of whom one has no grant
    assert client.get(f"{url}?person=me").status_code == 404


def test_a_closed_round_takes_nothing(client: Client, city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1)
    client.force_login(city.account(person, "me"), backend="okat.city.partners.queries.Accounts")
    with clock.at(AFTER):
        page = client.post(f"/rounds/{made.pk}/apply/", {"choice": [str(offers[0].pk)], "save": "1"})
    assert page.status_code == 200
    assert 'class="alert no"' in text(page)
    assert not Application.objects.exists()


def test_who_has_no_record_is_told_where_to_turn(client: Client, city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    (person,) = city.pin(1)
    user = city.account(person, "me")
    Person.objects.update(user=None)
    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    page = text(client.get(f"/rounds/{made.pk}/apply/"))
    assert 'class="empty"' in page
    assert 'name="q"' not in page.split("<main")[1].split("</main>")[0]


def test_a_place_whose_own_rule_says_no_takes_nobody(city: City) -> None:
    source = {"text": "อายุ 60 ปี", "ref": "ทดสอบ", "verified": True}
    rule = {"age": "birth_date", "op": ">=", "years": 60, "source": source}
    (offer,) = city.offers({"capacity": 1, "rule": rule})
    made = city.opened([offer])
    young, old, unknown = city.pin(3)
    city.older(old)
    city.younger(young)
    with clock.at(DURING):
        with pytest.raises(RoundError) as error:
            actions.apply(round=made, person=young, opportunities=[offer.pk], by=city.officer)
        assert error.value.code == "not_eligible"
        for person in (old, unknown):  # what is not known refuses nobody
            assert actions.apply(round=made, person=person, opportunities=[offer.pk], by=city.officer).pk


def test_withdrawing_the_agreement_takes_the_application_back(city: City, offers: list[Opportunity]) -> None:
    made = city.opened(offers)
    people = city.pin(2)
    city.applied(made, dict.fromkeys(people, offers))
    with clock.at(DURING):
        consent = Consent.objects.get(person=people[0], purpose="round", withdrawn_at=None)
        withdraw_consent(consent=consent, by=city.officer)
    assert queries.standing_applications(made).count() == 1
    assert Application.objects.get(person=people[0]).withdrawn_why == "consent"
