"""An opportunity is cancelled after a round gave places in it: who held one is released, told, offered what is free
elsewhere; the case comes back with the reason; the new outcome proves itself."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.rounds.conftest import CLOSES, DRAWN, City
from tests.rounds.test_rounds_between import proven, taken

from okat.city.cases.models import Case, Transition
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import CatalogueError
from okat.city.core import clock
from okat.city.notices.models import Notice
from okat.city.people.actions import set_status
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Decision, Place, Result, Round
from okat.city.rounds.rules import Answer, Status

REASON = "ครูป่วย <b>หาคนแทนไม่ได้</b>"


def cancel(city: City, offer: Opportunity) -> None:
    with clock.at(DRAWN):
        offer.refresh_from_db()
        catalogue.cancel(opportunity=offer, reason=REASON, by=city.officer, version=offer.version)


def held(row: Application) -> tuple[Opportunity | None, str]:
    result = Result.objects.select_related("place__opportunity").get(application=row)
    return (result.place.opportunity if result.place else None, result.answer)


@pytest.fixture
def three(city: City) -> tuple[Round, list[Opportunity], list[Application]]:
    """Two sit in `weaving`; `cooking` has one free place; one sits in `music`, which is full."""
    weaving, cooking, music = city.offers(
        {"title_th": "ทอผ้า", "capacity": 2},
        {"title_th": "ทำอาหาร", "capacity": 1},
        {"title_th": "หมอลำ", "capacity": 1},
    )
    made = city.opened([weaving, cooking, music])
    one, two, three = city.pin(3)
    rows = city.applied(made, {one: [weaving, music, cooking], two: [weaving, music], three: [music]})
    city.published(made)
    assert [held(row)[0] for row in rows] == [weaving, weaving, music]
    return made, [weaving, cooking, music], rows


def test_who_held_a_place_is_released_and_offered_what_is_free(
    city: City, three: tuple[Round, list[Opportunity], list[Application]], tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    made, (weaving, cooking, music), (one, two, third) = three
    accounts = [city.account(row.person, f"held{n}") for n, row in enumerate((one, two, third)) if row.person]
    with clock.at(DRAWN):
        for row in (one, third):
            actions.accept_place(application=row, by=city.system)
    assert (taken(weaving), taken(music)) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        cancel(city, weaving)
    assert held(one) == (cooking, Answer.OFFERED)
    assert held(two) == (None, Answer.CANCELLED)
    assert held(third) == (music, Answer.ACCEPTED)  # nobody else moves
    assert (taken(weaving), taken(music)) == (0, 1)
    assert proven(made, tmp_path)
    told = dict(Notice.objects.filter(kind__startswith="rounds.cancelled").values_list("user", "kind"))
    assert told == {accounts[0].pk: "rounds.cancelled_instead", accounts[1].pk: "rounds.cancelled_ends"}
    assert REASON in str(Notice.objects.get(kind="rounds.cancelled_ends").params)
    case = Case.objects.get(reference=one.pk)
    assert case.state == "returned"
    assert Transition.objects.filter(case=case, reason="cancelled", verb="return").count() == 1
    assert Case.objects.get(reference=third.pk).state == "accepted"
    assert Place.objects.get(opportunity=weaving).off == "cancelled"


def test_cancelled_twice_is_cancelled_once(
    city: City, three: tuple[Round, list[Opportunity], list[Application]], tmp_path: Path
) -> None:
    made, (weaving, _cooking, _music), rows = three
    cancel(city, weaving)
    versions, before = Decision.objects.count(), [held(row) for row in rows]
    with pytest.raises(CatalogueError):
        cancel(city, weaving)
    assert actions.cancel_places(opportunity=weaving, by=city.system) == 0
    assert (Decision.objects.count(), [held(row) for row in rows]) == (versions, before)
    with clock.at(DRAWN):
        actions.decline_place(application=rows[2], by=city.system)  # and the waiting lists go on as before
    assert [held(row)[0] for row in rows[1:]] == [None, None]
    assert proven(made, tmp_path)


def test_who_waits_for_something_dearer_waits_on(city: City, tmp_path: Path) -> None:
    dear, plain = city.offers({"capacity": 1}, {"capacity": 2})
    made = city.opened([dear, plain])
    one, two = city.applied(made, {key: [dear, plain] for key in city.pin(2)})
    city.published(made)
    first, second = sorted((one, two), key=lambda row: held(row)[0] != dear)
    with clock.at(DRAWN):
        actions.accept_place(application=second, by=city.system, keep_waiting=True)
    cancel(city, plain)
    assert held(second) == (None, Answer.WAITING)
    with clock.at(DRAWN):
        actions.decline_place(application=first, by=city.system)
    assert held(second) == (dear, Answer.OFFERED)
    assert proven(made, tmp_path)


def test_who_had_left_the_lists_or_died_does_not_come_back_to_them(city: City, tmp_path: Path) -> None:
    dear, plain = city.offers({"capacity": 1}, {"capacity": 3})
    made = city.opened([dear, plain])
    rows = city.applied(made, {key: [dear, plain] for key in city.pin(3)})
    city.published(made)
    _first, second, third = sorted(rows, key=lambda row: held(row)[0] != dear)
    assert third.person is not None
    with clock.at(DRAWN):
        actions.accept_place(application=second, by=city.system)
        set_status(person=third.person, status=PersonStatus.DIED, by=city.system)
    cancel(city, plain)
    assert held(second) == (None, Answer.CANCELLED)
    assert held(third)[1] == Answer.LEFT
    assert proven(made, tmp_path)


def test_before_the_decision_the_place_falls_out(city: City) -> None:
    gone, stays = city.offers({"capacity": 1}, {"capacity": 1})
    made = city.opened([gone, stays])
    city.applied(made, {key: [gone, stays] for key in city.pin(2)})
    with clock.at(CLOSES.replace(hour=17)):
        actions.close_round(round=made, by=city.system)
    cancel(city, gone)  # after applications closed, before the draw
    with clock.at(DRAWN):
        city.draw(made)
        assert actions.run_round(round=made, by=city.lead).figures["opportunities"] == 1


def test_between_deciding_and_publishing_nobody_is_told_too_early(
    city: City, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    gone, stays = city.offers({"capacity": 1}, {"capacity": 1})
    made = city.opened([gone, stays])
    (row,) = city.applied(made, {key: [gone, stays] for key in city.pin(1)})
    city.decided(made)
    with django_capture_on_commit_callbacks(execute=True):
        cancel(city, gone)
    assert not Notice.objects.filter(kind__startswith="rounds.").exists()
    with clock.at(DRAWN):
        actions.publish_round(round=made, by=city.lead)
    assert held(row) == (stays, Answer.OFFERED)
    assert Result.objects.get(application=row).answer_by is not None
    made.refresh_from_db()
    assert proven(made, tmp_path)


def test_a_finished_round_takes_answers_again(city: City) -> None:
    gone, stays = city.offers({"capacity": 1}, {"capacity": 1})
    made = city.opened([gone, stays])
    (row,) = city.applied(made, {key: [gone, stays] for key in city.pin(1)})
    city.published(made)
    with clock.at(DRAWN):
        actions.accept_place(application=row, by=city.system)
        actions.finish_round(round=made, by=city.lead)
    cancel(city, gone)
    made.refresh_from_db()
    assert made.stage is Status.PUBLISHED
    assert held(row) == (stays, Answer.OFFERED)


def test_a_new_name_of_the_same_seat_asks_nobody_anew(city: City, tmp_path: Path) -> None:
    offers = city.offers({"capacity": 2, "reserves": ({"group": "older", "seats": 1},)}, {"capacity": 1})
    made = city.opened(offers)
    old, young, other = city.pin(3)
    city.older(old, young)
    rows = city.applied(made, {old: [offers[0]], young: [offers[0]], other: [offers[1], offers[0]]})
    city.published(made)
    reserved = Application.objects.get(result__seat_class="older")
    opened = next(row for row in rows[:2] if row.pk != reserved.pk)
    with clock.at(DRAWN):
        actions.accept_place(application=opened, by=city.system)
        actions.decline_place(application=reserved, by=city.system)
    assert Result.objects.get(application=opened).seat_class == "older"
    assert held(opened) == (offers[0], Answer.ACCEPTED)
    assert taken(offers[0]) == 1
    assert proven(made, tmp_path)


def test_the_page_says_why_in_both_languages(
    city: City, three: tuple[Round, list[Opportunity], list[Application]]
) -> None:
    made, (weaving, _cooking, _music), (one, two, _third) = three
    assert one.person is not None
    assert two.person is not None
    clients = []
    for row, login in ((one, "one"), (two, "two")):
        assert row.person is not None
        clients.append(Client())
        clients[-1].force_login(city.account(row.person, login))
    cancel(city, weaving)
    clients[1].cookies["okat_language"] = "en"
    with clock.at(DRAWN):
        page = clients[0].get(f"/rounds/why/{one.pk}/").content.decode()
        english = clients[1].get(f"/rounds/why/{two.pk}/").content.decode()
    assert "งดจัด" in page
    assert "เสนอให้แทน" in page
    assert "<b>หาคนแทนไม่ได้" not in page
    assert "does not take place" in english
    assert "None of the other places" in english
    assert queries.answers(made)[Answer.CANCELLED] == 1
