"""An opportunity in a round of another office ceases: it is out of the round at once, whoever listed it is told, and
nobody can list it anew."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import AFTER, DRAWN, DURING, City, make_member
from tests.signing import sign_in_fully

from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS, say
from okat.city.partners import actions as partners
from okat.city.partners import queries as network
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.rounds import actions
from okat.city.rounds.actions._handover import GIVEN, OPEN, PLACES
from okat.city.rounds.models import Application, Place, Result, Round
from okat.city.rounds.rules import Answer, RoundError

Ending = Callable[[City, Opportunity], None]


def text(answer: Any) -> str:
    return re.sub("<[^>]+>", "", answer.content.decode())


def close(city: City, offer: Opportunity) -> None:
    catalogue.close(opportunity=offer, reason="เต็มแล้ว", by=city.officer, version=offer.version)


def cancel(city: City, offer: Opportunity) -> None:
    catalogue.cancel(opportunity=offer, reason="ครูป่วย", by=city.officer, version=offer.version)


def end_row(city: City, _offer: Opportunity) -> None:
    partners.settle(partner=city.school, key=OPEN, to=None, by=city.lead)


def end_places(city: City, _offer: Opportunity) -> None:
    partners.settle(partner=city.school, key=PLACES, to=None, by=city.lead)


ENDINGS = (close, cancel, end_places)


def heir(city: City) -> Partner:
    made = Partner.objects.create(code="heir", th="โรงเรียนใหม่", en="New school", kind="provincial", area=city.area)
    make_member(made, Role.MANAGER, "head")
    return made


@pytest.fixture
def listed(city: City) -> tuple[Round, list[Opportunity], list[Application]]:
    offers = city.offers({"title_th": "ทอผ้า", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
    for offer in offers[1:]:
        Opportunity.objects.filter(pk=offer.pk).update(provider=city.team)
    made = city.opened(offers)
    return made, offers, city.applied(made, dict.fromkeys(city.pin(2), offers))


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_out_at_once_and_who_listed_it_is_told(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]], ending: Ending, client: Client
) -> None:
    made, (gone, stays), rows = listed
    person = rows[0].person
    assert person is not None
    user = city.account(person, "me")
    with clock.at(DURING):
        ending(city, gone)
        assert Place.objects.get(opportunity=gone).off
        notice = Notice.objects.get(user=user, kind="rounds.place_out")
        assert notice.params["place"] == "ทอผ้า"
        assert notice.params["until"] == made.counts_on.isoformat()
        client.force_login(user, backend="okat.city.partners.queries.Accounts")
        client.cookies["okat_language"] = "en"
        page = client.get(reverse("rounds:apply", args=[made.pk])).content.decode()
        assert "“ทอผ้า” is not to be had any more and is out of this round" in page
        assert "out of the round" in client.get(reverse("rounds:why", args=[rows[0].pk])).content.decode()
        with pytest.raises(RoundError) as error:
            actions.apply(round=made, person=person, opportunities=[gone.pk, stays.pk], by=user)
        assert error.value.code == "place_out"
        assert "ทอผ้า" in str(error.value)
        actions.apply(round=made, person=person, opportunities=[stays.pk], by=user)
    assert city.decided(made).figures["opportunities"] == 1


@pytest.mark.parametrize("ending", [cancel, end_places])
def test_whose_only_wish_it_was_is_told_that_nothing_is_left(city: City, ending: Ending, client: Client) -> None:
    """Also where several go at once: of none of them is it said that the others stay."""
    offers = city.offers(*({"title_th": name, "capacity": 1} for name in ("ทอผ้า", "ขนมไทย", "ปั้นดิน")))
    gone = offers[:1] if ending is cancel else offers[:2]
    for offer in offers[len(gone) :]:
        Opportunity.objects.filter(pk=offer.pk).update(provider=city.team)
    made, (one, two) = city.opened(offers), city.pin(2)
    city.applied(made, {one: gone, two: offers})
    users = [city.account(person, name) for person, name in ((one, "one"), (two, "two"))]
    with clock.at(DURING):
        ending(city, offers[0])
        told = Notice.objects.filter(kind__startswith="rounds.place_")
        assert {row.kind for row in told.filter(user=users[0])} == {"rounds.place_out_last"}
        assert {row.kind for row in told.filter(user=users[1])} == {"rounds.place_out"}
        assert told.count() == 2 * len(gone)
        said = say("rounds.place_out_last", told[0].params)
        assert "ยังอยู่" not in said
        client.cookies["okat_language"] = "th"
        for user, stays in zip(users, (False, True), strict=True):
            client.force_login(user, backend="okat.city.partners.queries.Accounts")
            page = text(client.get(reverse("rounds:apply", args=[made.pk])))
            assert ("อย่างอื่นที่เลือกไว้ยังอยู่" in page, "ในรายการไม่เหลืออย่างอื่น" in page) == (stays, not stays)


def test_what_would_end_places_of_a_round_is_ended_once_these_are_settled(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]], client: Client
) -> None:
    """The row of the opportunities took them out of the round, where they had a row of their own to be handed over."""
    _made, (gone, _stays), _rows = listed
    with clock.at(DURING):
        sign_in_fully(client, city.lead)
        where = reverse("partners:leave", args=["school"])
        page = client.get(where).content.decode()
        ended = re.findall(r'name="key" value="([^"]+)"><button class="btn quiet">', page)
        assert PLACES in ended
        assert OPEN not in ended
        assert "ให้สิ้นสุดได้เมื่อจัดการเรื่องนี้แล้ว เพราะจะสิ้นสุดไปด้วยกัน: โอกาสที่อยู่ในรอบซึ่งยังไม่จบ" in text(client.get(where))
        with pytest.raises(partners.LeavingError, match="first"):
            end_row(city, gone)
        refused = client.post(reverse("partners:settle", args=["school"]), {"key": OPEN}, follow=True)
        assert "จัดการเรื่องนี้ก่อน: โอกาสที่อยู่ในรอบซึ่งยังไม่จบ" in text(refused)
        assert not Place.objects.get(opportunity=gone).off
        partners.settle(partner=city.school, key=PLACES, to=heir(city), by=city.lead)
        assert Opportunity.objects.get(pk=gone.pk).provider.code == "heir"
        assert not Place.objects.get(opportunity=gone).off


def test_after_the_last_day_nobody_is_told_to_choose_again(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]]
) -> None:
    made, (gone, _stays), rows = listed
    assert rows[0].person is not None
    user = city.account(rows[0].person, "me")
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
        end_places(city, gone)
    notice = Notice.objects.get(user=user, kind="rounds.place_gone")
    assert "until" not in notice.params
    assert not KINDS[notice.kind].binding
    assert not Notice.objects.filter(kind="rounds.place_out").exists()


def test_a_round_that_is_only_planned_loses_it_and_says_nothing(city: City) -> None:
    (offer,) = city.offers({"capacity": 1})
    with clock.at(DURING):
        made = city.draft()
        actions.add_places(round=made, opportunities=[offer], by=city.lead)
        close(city, offer)
    assert not Place.objects.filter(round=made).exists()


def test_a_round_that_has_closed_goes_on_with_what_takes_nobody_new(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]]
) -> None:
    made, (gone, _stays), _rows = listed
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
        close(city, gone)
    assert not Place.objects.get(opportunity=gone).off
    with clock.at(DRAWN):
        city.draw(made)
        assert actions.run_round(round=made, by=city.lead).figures["opportunities"] == 2


def test_the_page_of_an_office_that_leaves_names_it_and_it_cannot_leave_before(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]], client: Client
) -> None:
    made, (gone, _stays), _rows = listed
    with clock.at(DURING):
        sign_in_fully(client, city.lead)
        page = text(client.get(reverse("partners:leave", args=["school"])))
        assert f"ทอผ้า ({made.title_th})" in page
        with pytest.raises(partners.LeavingError, match="held"):
            partners.leave_network(partner=city.school, reason="closed", by=city.lead)
        end_places(city, gone)
        assert PLACES not in {held.key for held in network.held_by(city.school)}
        gone.refresh_from_db()
        assert gone.status == "published"  # only the round's places ended


def test_whoever_takes_over_provides_it_in_the_round(
    city: City, listed: tuple[Round, list[Opportunity], list[Application]]
) -> None:
    made, (offer, _stays), rows = listed
    new = heir(city)
    with clock.at(DURING):
        partners.settle(partner=city.school, key=PLACES, to=new, by=city.lead)
    offer.refresh_from_db()
    assert offer.provider == new
    assert not Notice.objects.filter(kind="rounds.place_out").exists()
    assert city.decided(made).figures["opportunities"] == 2
    assert Application.objects.filter(pk__in=[row.pk for row in rows], withdrawn_at=None).count() == 2


def test_after_the_decision_an_offer_ends_and_what_was_accepted_is_taken_over(city: City) -> None:
    offers = city.offers({"title_th": "ทอผ้า", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
    made = city.opened(offers)
    rows = city.applied(made, {person: [offers[n]] for n, person in enumerate(city.pin(2))})
    city.published(made)
    with clock.at(DRAWN):
        actions.accept_place(application=rows[0], by=city.system)
        assert {held.key for held in network.held_by(city.school)} >= {PLACES, GIVEN}
        end_places(city, offers[1])
        assert Result.objects.get(application=rows[1]).answer == Answer.CANCELLED
        assert Result.objects.get(application=rows[0]).answer == Answer.ACCEPTED
        with pytest.raises(partners.LeavingError, match="cannot"):
            partners.settle(partner=city.school, key=GIVEN, to=None, by=city.lead)
        partners.settle(partner=city.school, key=GIVEN, to=heir(city), by=city.lead)
    assert GIVEN not in {held.key for held in network.held_by(city.school)}


@pytest.mark.parametrize("first", [PLACES, GIVEN])
def test_what_somebody_accepted_goes_where_that_was_asked_and_the_rest_where_the_rest_was(
    city: City, first: str
) -> None:
    """An opportunity that stands in another round as well goes whole, with what was accepted."""
    offers = city.offers({"title_th": "ทอผ้า", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
    made = city.opened(offers)
    city.opened(offers[:1])
    rows = city.applied(made, {person: [offers[n]] for n, person in enumerate(city.pin(2))})
    city.published(made)
    accepted, offered = offers
    new, whose = heir(city), {PLACES: offered, GIVEN: accepted}
    with clock.at(DRAWN):
        actions.accept_place(application=rows[0], by=city.system)
        partners.settle(partner=city.school, key=first, to=new, by=city.lead)
        for key, offer in whose.items():
            offer.refresh_from_db()
            assert offer.provider == (new if key == first else city.school)
        (second,) = set(whose) - {first}
        assert second in {held.key for held in network.held_by(city.school)}
        partners.settle(partner=city.school, key=second, to=new, by=city.lead)
    assert not {PLACES, GIVEN} & {held.key for held in network.held_by(city.school)}
    assert set(Opportunity.objects.values_list("provider", flat=True)) == {new.pk}


def test_ending_a_row_says_nothing_of_leaving_until_it_has_left(city: City, client: Client) -> None:
    (offer,) = city.offers({"title_th": "ทอผ้า"})
    url = reverse("catalogue:open", args=[offer.pk])
    client.cookies["okat_language"] = "th"
    with clock.at(DURING):
        end_row(city, offer)
        page = text(client.get(url))
        assert "ผู้จัดไม่รับคนเพิ่มแล้ว" in page
        assert "ออกจากเครือข่าย" not in page
        Partner.objects.filter(pk=city.school.pk).update(left_on=DURING.date())
        assert "ออกจากเครือข่ายเมื่อ" in text(client.get(url))
        Opportunity.objects.filter(pk=offer.pk).update(provider=heir(city))
        assert "ออกจากเครือข่าย" not in text(client.get(url))
