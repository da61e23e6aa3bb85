"""What is decided stands when the consent for rounds is withdrawn afterwards, and the page says so before."""

import pytest
from tests.rounds.conftest import DRAWN, City
from tests.rounds.test_giving_back import Held

from okat.city.core import clock
from okat.city.people.actions import withdraw_consent
from okat.city.people.models import Consent
from okat.city.people.rules import Purpose
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer
from okat.city.rounds.solve.staying import consent_follows


@pytest.fixture
def held(city: City) -> Held:
    return Held(city)


def consent_of(row: Application, purpose: Purpose = Purpose.ROUND) -> Consent:
    return Consent.objects.get(person=row.person_id, purpose=purpose, withdrawn_at=None)


def said(row: Application, purpose: Purpose = Purpose.ROUND) -> str:
    return " ".join(map(str, consent_follows(consent_of(row, purpose), False)))


def test_a_place_and_a_turn_stay_and_are_said_to(held: Held) -> None:
    holder = held.holder(held.a)
    waiting = next(row for row in held.rows if Result.objects.get(application=row).answer == Answer.WAITING)
    title = held.round.title_th
    assert f"ที่ที่ได้ใน “{title}” ยังอยู่เหมือนเดิม" in said(holder)
    assert f"คิวรอ “ทอผ้า”, “ขนมไทย” ใน “{title}” ยังอยู่" in said(waiting)
    before = held.answers()
    with clock.at(DRAWN):
        for row in (holder, waiting):
            withdraw_consent(consent=consent_of(row), by=held.city.system)
    assert held.answers() == before
    assert not Application.objects.filter(pk__in=[holder.pk, waiting.pk], withdrawn_at__isnull=False).exists()


def test_of_another_purpose_and_of_a_round_that_is_not_decided_nothing_of_it_is_said(held: Held, city: City) -> None:
    holder = held.holder(held.a)
    assert holder.person is not None
    assert "หมดไปทันที" in said(holder, Purpose.CARE)  # nobody else could speak for them
    city.account(holder.person, "me")
    assert said(holder, Purpose.CARE) == ""
    offers = city.offers({"title_th": "ช่างไม้", "capacity": 1})
    (row,) = city.applied(city.opened(offers), {city.pin(1)[0]: offers})
    assert "ยังอยู่" not in said(row)
    with clock.at(DRAWN):
        withdraw_consent(consent=consent_of(row), by=city.system)
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_result_that_is_not_out_yet_is_not_told_by_it(city: City) -> None:
    offers = city.offers({"title_th": "ช่างไม้", "capacity": 1})
    made = city.opened(offers)
    rows = city.applied(made, dict.fromkeys(city.pin(2), offers))
    city.decided(made)
    texts = {said(row) for row in rows}
    assert len(texts) == 1
    assert "ตัดสินแล้ว" in texts.pop()


def test_one_who_gave_the_place_back_hears_until_when_it_is_held_and_what_is_waited_for(held: Held) -> None:
    row, least = held.holder(held.a), held.holder(held.b)
    with clock.at(DRAWN):
        for each in (row, least):
            actions.decline_place(application=each, by=held.city.system)
    for each, turn in ((row, "ไม่มีคิวรออย่างอื่นแล้ว"), (least, "คิวรอ “ทอผ้า” ใน")):
        assert "ยังอยู่เหมือนเดิม" not in said(each)
        assert "ยังขอกลับได้จนถึง 18 พ.ย. 2569" in said(each)
        assert turn in said(each)
