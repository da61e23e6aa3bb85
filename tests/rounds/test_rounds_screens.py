"""The screens of the people who run a round, from planning to publishing, and what they refuse."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rounds.conftest import AFTER, BEFORE, DRAWN, DURING, OPENS, City
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Appeal, Decision, Place, PolicyLook, Round
from okat.city.rounds.rules import Status
from okat.city.rounds.rules.policy import Policy, variants

HOSTILE = '<script>alert("x")</script>'
ROUND = {
    "family": "learn", "title_th": "รอบที่เรียน พ.ย. 2569", "title_en": "Learning round", "opens": "1 พ.ย. 2569",
    "closes": "๑๕/๑๑/๒๕๖๙", "draw_th": "สลากกินแบ่งรัฐบาล รางวัลที่ 1", "draw_on": "16/11/2569",
}  # fmt: skip


def text(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def lead(city: City) -> Client:
    client = Client()
    sign_in_fully(client, city.lead)
    return client


def step(client: Client, made: Round, verb: str, **values: str) -> Any:
    return client.post(f"/rounds/manage/{made.pk}/step/", {"verb": verb, "once": str(uuid.uuid4()), **values})


def test_a_coordinator_takes_a_round_from_planning_to_published(city: City, lead: Client) -> None:
    offers = city.offers({"title_th": "ทอผ้าไหม", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 2})
    with clock.at(BEFORE):
        sent = {**ROUND, "partner": str(city.team.pk), "auditors": [str(city.auditor.pk)], "once": str(uuid.uuid4())}
        for _ in range(2):  # the same form sent twice makes one round
            answer = lead.post("/rounds/manage/new/", sent)
        made = Round.objects.get()
        page = f"/rounds/manage/{made.pk}/"
        assert answer.headers["Location"] == page
        assert f"{page}places/" in text(lead.get(page))  # says what is missing, and offers no step
        assert 'value="freeze"' not in text(lead.get(page))
        assert "ทอผ้าไหม" in text(lead.get(f"{page}places/?q=ทอผ้า"))
        lead.post(f"{page}places/", {"add": [str(o.pk) for o in offers], "once": str(uuid.uuid4())})
        assert Place.objects.count() == 2
        rules = {**Policy(score=3).as_dict(), "once": str(uuid.uuid4())}
        rules = {name: value for name, value in rules.items() if value is not False}
        assert lead.post(f"{page}rules/", rules).status_code == 302
        assert 'value="freeze"' in text(lead.get(page))
        step(lead, made, "freeze")
        assert lead.get(f"{page}rules/").status_code == 404
    made.refresh_from_db()
    assert made.rules["score"] == 3
    assert made.rules["version"] == 2
    assert made.auditors.get() == city.auditor
    assert made.opens_at is not None
    with clock.at(OPENS):
        step(lead, made, "open")
    people = city.pin(6)
    city.applied(made, dict.fromkeys(people, offers))
    with clock.at(DURING):
        assert "6" in text(lead.get(page))
        assert "closes" not in Round.objects.get().status
    with clock.at(AFTER + dt.timedelta(hours=9)):
        step(lead, made, "close")
    with clock.at(DRAWN):
        wrong = lead.post(f"{page}draw/", {"result": "เจ็ดสามศูนย์"})
        assert wrong.status_code == 200
        assert "เจ็ดสามศูนย์" in text(wrong)  # nothing typed is lost
        assert 'id="id_result_error"' in text(wrong)
        lead.post(f"{page}draw/", {"result": "๗๓๐๒๐๙", "once": str(uuid.uuid4())})
        actions.enter_draw(round=made, result="730209", by=city.second)
        for _ in range(2):
            step(lead, made, "run")
        assert Decision.objects.count() == 1
        shown = text(lead.get(page))
        assert "3" in shown
        assert lead.get(f"/rounds/{made.pk}/cutoffs.csv").status_code == 200
        assert Client().get(f"/rounds/{made.pk}/cutoffs.csv").status_code == 404  # not published yet
        step(lead, made, "publish")
    assert Round.objects.get().status == Status.PUBLISHED
    assert Client().get(f"/rounds/{made.pk}/cutoffs.csv").status_code == 200
    assert lead.get(f"{page}shares.csv").status_code == 200
    assert f'href="{page}"' in text(lead.get("/rounds/manage/"))


def test_dates_in_a_wrong_order_are_said_beside_the_field(city: City, lead: Client) -> None:
    sent = {**ROUND, "partner": str(city.team.pk), "closes": "31 ต.ค. 2569", "title_th": HOSTILE}
    page = text(lead.post("/rounds/manage/new/", sent))
    assert 'id="id_closes_error"' in page
    assert HOSTILE not in page
    assert "31 ต.ค. 2569" in page
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("score", "101"), ("most_choices", "0"), ("near_km", "x"), ("decline", "")]
)
def test_a_rule_out_of_range_is_said_beside_the_field(city: City, lead: Client, field: str, value: str) -> None:
    with clock.at(BEFORE):
        made = city.draft()
        sent = {name: each for name, each in Policy().as_dict().items() if each is not False} | {field: value}
        page = text(lead.post(f"/rounds/manage/{made.pk}/rules/", sent))
    assert f"id_{field}_error" in page
    assert Round.objects.get().rules["version"] == 1


def test_a_step_that_is_not_the_next_is_refused_in_words(city: City, lead: Client) -> None:
    made = city.opened(city.offers({"capacity": 1}))
    with clock.at(DURING):
        answer = lead.post(f"/rounds/manage/{made.pk}/step/", {"verb": "publish"}, follow=True)
        assert 'class="alert no"' in text(answer)
        lead.post(f"/rounds/manage/{made.pk}/step/", {"verb": "delete"})
    assert Round.objects.get().status == Status.OPEN


def test_others_see_neither_the_list_nor_the_rounds_of_another_team(client: Client, city: City) -> None:
    made = city.opened(city.offers({"capacity": 1}))
    sign_in_fully(client, city.officer)
    assert client.get("/rounds/manage/").status_code == 403
    assert client.get(f"/rounds/manage/{made.pk}/").status_code == 403
    sign_in_fully(client, city.auditor)
    assert client.get(f"/rounds/manage/{made.pk}/").status_code == 200  # named in it
    assert 'name="verb"' not in text(client.get(f"/rounds/manage/{made.pk}/"))
    assert step(client, made, "close").status_code == 403
    made.auditors.clear()
    assert client.get(f"/rounds/manage/{made.pk}/").status_code == 404


def test_places_are_taken_out_while_the_round_is_planned(city: City, lead: Client) -> None:
    (offer,) = city.offers({"title_th": HOSTILE, "capacity": 1})
    with clock.at(BEFORE):
        made = city.draft()
        actions.add_places(round=made, opportunities=[offer], by=city.lead)
        page = f"/rounds/manage/{made.pk}/places/"
        assert HOSTILE not in text(lead.get(page))
        lead.post(page, {"out": str(Place.objects.get().pk)})
        assert not Place.objects.exists()
        assert 'class="alert no"' in text(lead.post(page, {"add": [str(uuid.uuid4())]}))


def test_policies_are_compared_on_made_up_people_then_the_last_round_and_own_looks_are_logged(
    city: City, lead: Client
) -> None:
    offers = city.offers({"title_th": "ก", "capacity": 20}, {"title_th": "ข", "capacity": 9})
    last = city.opened(offers)
    page = f"/rounds/manage/{last.pk}/compare/"
    assert len(re.findall(r'<tr role="row"><th scope="row"', text(lead.get(page)))) >= 3
    city.applied(last, dict.fromkeys(city.pin(30), offers))
    with clock.at(DURING):
        assert not PolicyLook.objects.exists()  # made-up people are no look
        assert lead.post(page).status_code == 200
        assert PolicyLook.objects.count() == len(variants(Policy()))
    city.decided(last)
    made = city.opened(offers)
    assert last.title_th in text(lead.get(f"/rounds/manage/{made.pk}/compare/"))
    assert lead.get(f"/rounds/manage/{made.pk}/compare/?data=synthetic").status_code == 200
    assert PolicyLook.objects.filter(round=made).count() == 0
    decision = queries.latest(last)
    assert decision is not None
    assert len(decision.figures) > 3


def test_a_review_is_answered_by_another_and_told(city: City, lead: Client) -> None:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    rows = city.applied(made, dict.fromkeys(city.pin(3), offers))
    city.published(made)
    asked = actions.appeal(application=rows[0], reason=HOSTILE, by=city.officer)
    url = f"/rounds/appeals/{asked.pk}/"
    assert rows[0].receipt in text(lead.get("/rounds/appeals/"))
    assert "alert(" not in text(lead.get(url))  # who ran the round has no duty to read it
    answer = {"verdict": "upheld", "next_step": "extra_place", "answer": "คะแนนตกไป", "once": str(uuid.uuid4())}
    assert "คะแนนตกไป" in text(lead.post(url, answer))  # who ran the round may not; what was typed stays
    other = Client()
    sign_in_fully(other, city.second)
    page = text(other.get(url))
    assert HOSTILE not in page
    assert "alert(&quot;x&quot;)" in page
    assert "id_next_step_error" in text(other.post(url, {**answer, "next_step": ""}))
    for _ in range(2):
        assert other.post(url, answer).status_code == 302
    assert Appeal.objects.get().status == "upheld"
    assert rows[0].receipt in text(other.get("/rounds/appeals/"))


def test_lists_ask_the_database_the_same_number_of_times(city: City, lead: Client) -> None:
    offers = city.offers({"capacity": 1})
    counts = []
    for size in (1, 4):
        for _ in range(size):
            city.opened(offers)
        with CaptureQueriesContext(connection) as seen:
            assert lead.get("/rounds/manage/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_desk_says_what_waits(city: City, lead: Client) -> None:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    rows = city.applied(made, dict.fromkeys(city.pin(2), offers))
    city.decided(made)
    (waits,) = queries.tasks(city.lead)
    assert waits.url == f"/rounds/manage/{made.pk}/"
    with clock.at(DRAWN):
        actions.publish_round(round=made, by=city.lead)
    holder = next(row for row in rows if queries.result_of(row).place)  # type: ignore[union-attr]
    assert holder.person is not None
    resident = city.account(holder.person, "me")
    (offer,) = queries.tasks(resident)
    assert offer.due == made.answer_by or offer.due is not None
    assert offer.url == f"/rounds/why/{holder.pk}/"
    assert [line.title for line in queries.found(city.lead, "รอบที่เรียน")] == [made.title_th]
    shown = queries.panel(city.officer, holder.person)
    assert shown is not None
    assert shown.lines[0].url == f"/rounds/why/{holder.pk}/"
    taken = queries.export(holder.person.pk)["applications"]
    assert taken[0]["receipt"] == holder.receipt
    assert Opportunity.objects.filter(pk=offers[0].pk).exists()
    assert User.objects.filter(pk=resident.pk).exists()
