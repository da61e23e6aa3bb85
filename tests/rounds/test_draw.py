"""The public draw: one person enters it, another confirms it, and every entry is kept."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from tests.rounds.conftest import AFTER, DRAWN, City
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.rounds import actions, queries
from okat.city.rounds.models import DrawEntry, Round
from okat.city.rounds.rules import RoundError, Status
from okat.files.container import members_of


@pytest.fixture
def closed(city: City) -> Round:
    (offer,) = city.offers({"capacity": 1})
    made = city.opened([offer])
    city.applied(made, {person: [offer] for person in city.pin(3)})
    with clock.at(AFTER):
        return actions.close_round(round=made, by=city.system)


def enter(made: Round, digits: str, by: User) -> Round:
    with clock.at(DRAWN):
        return actions.enter_draw(round=made, result=digits, by=by)


def refused(made: Round, digits: str, by: User) -> str:
    with pytest.raises(RoundError) as error:
        enter(made, digits, by)
    return error.value.code


def test_one_enters_and_another_confirms(city: City, closed: Round) -> None:
    one = enter(closed, "๐๓๐๒๐๙", city.lead)
    assert (one.status, one.seed, one.secret) == (Status.CLOSED, "", "")
    again = enter(closed, "030209", city.lead)
    assert again.stage is Status.CLOSED  # the same person confirms nothing
    assert DrawEntry.objects.count() == 1
    two = enter(closed, "030209", city.second)
    assert (two.status, two.draw_result) == (Status.DRAWN, "030209")
    assert two.seed


def test_entries_that_differ_decide_nothing_until_they_agree(city: City, closed: Round) -> None:
    enter(closed, "730209", city.lead)
    assert enter(closed, "730290", city.second).stage is Status.CLOSED
    assert enter(closed, "730209", city.second).stage is Status.DRAWN
    said = [(each.digits, each.by_id) for each in queries.draw_entries(closed)]
    assert said == [("730209", city.lead.pk), ("730290", city.second.pk), ("730209", city.second.pk)]


@pytest.mark.parametrize("order", ["xyx", "yxx", "xyyx"])
def test_two_of_three_are_enough_and_the_other_entry_is_kept(city: City, closed: Round, order: str) -> None:
    people = [city.lead, city.second, city.auditor]
    words = {"x": "730209", "y": "730290"}
    if order == "xyyx":  # the second thinks again
        people = [city.lead, city.second, city.second, city.second]
    rows = [enter(closed, words[each], by) for each, by in zip(order, people, strict=True)]
    assert [row.stage for row in rows[:-1]] == [Status.CLOSED] * (len(rows) - 1)
    assert (rows[-1].stage, rows[-1].draw_result) == (Status.DRAWN, "730209")
    assert {each.digits for each in queries.draw_entries(closed)} == set(words.values())


def test_a_third_who_doubts_opens_it_and_either_of_the_two_closes_it_again(city: City, closed: Round) -> None:
    enter(closed, "730209", city.lead)
    seed = enter(closed, "730209", city.second).seed
    assert enter(closed, "111111", city.auditor).stage is Status.CLOSED
    again = enter(closed, "730209", city.lead)
    assert (again.stage, again.seed) == (Status.DRAWN, seed)
    assert [each.digits for each in queries.draw_entries(closed)] == ["730209", "730209", "111111"]


def test_a_named_auditor_may_confirm_and_nobody_else(city: City, closed: Round) -> None:
    enter(closed, "730209", city.lead)
    assert refused(closed, "730209", city.officer) == "not_allowed"
    assert refused(closed, "730209", city.system) == "not_allowed"
    assert enter(closed, "730209", city.auditor).stage is Status.DRAWN


@pytest.mark.parametrize("digits", ["", "73020", "7302091", "73020x", "-73029", "73.209", "730 209", "٧٣٠٢٠٩"])
def test_another_form_than_the_rules_name_is_refused(city: City, closed: Round, digits: str) -> None:
    assert refused(closed, digits, city.lead) == "draw"
    assert not DrawEntry.objects.exists()


def test_not_before_its_day(city: City, closed: Round) -> None:
    with clock.at(AFTER), pytest.raises(RoundError) as error:
        actions.enter_draw(round=closed, result="730209", by=city.lead)
    assert error.value.code == "too_early"


def test_it_is_corrected_by_two_until_something_was_decided(city: City, closed: Round) -> None:
    for by in (city.lead, city.second):
        enter(closed, "111111", by)
    first = Round.objects.get(pk=closed.pk).seed
    opened = enter(closed, "730209", city.second)
    assert (opened.status, opened.seed) == (Status.CLOSED, "")
    with clock.at(DRAWN), pytest.raises(RoundError):
        actions.run_round(round=closed, by=city.lead)
    drawn = enter(closed, "730209", city.lead)
    assert drawn.stage is Status.DRAWN
    assert drawn.seed not in {"", first}
    with clock.at(DRAWN):
        decision = actions.run_round(round=closed, by=city.lead)
    assert refused(closed, "111111", city.lead) == "drawn"
    assert enter(closed, "730209", city.lead).stage is Status.DECIDED
    for data in (decision.public, queries.audit_of(closed, decision)):
        head = json.loads(members_of(bytes(data or b""))["decision.json"])
        assert [(each["digits"], each["person"]) for each in head["draw_entries"]] == [
            ("111111", 1), ("111111", 2), ("730209", 2), ("730209", 1),
        ]  # fmt: skip


def test_an_entry_is_never_changed_or_taken_away(city: City, closed: Round) -> None:
    enter(closed, "730209", city.lead)
    for change in (lambda: DrawEntry.objects.update(digits="1"), lambda: DrawEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert DrawEntry.objects.get().digits == "730209"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_join_it_once(city: City, closed: Round) -> None:
    def one(by: User) -> None:
        try:
            enter(closed, "730209", by)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, [city.lead, city.second]))
    row = Round.objects.get(pk=closed.pk)
    assert row.stage is Status.DRAWN
    assert DrawEntry.objects.count() == 2


def test_the_page_tells_who_is_next_and_hides_the_digits_from_the_confirmer(
    city: City, closed: Round, client: Client
) -> None:
    url = f"/rounds/manage/{closed.pk}/"
    client.cookies["okat_language"] = "en"
    with clock.at(DRAWN):
        sign_in_fully(client, city.lead)
        assert "cannot be" not in client.get(url).content.decode()
        client.post(f"{url}draw/", {"result": "๗๓๐๒๐๙"})
        assert "You have entered the draw" in client.get(url).content.decode()
        client.logout()
        client.cookies["okat_language"] = "en"
        sign_in_fully(client, city.second)
        page = client.get(url).content.decode()
        assert "Confirm it by writing the digits yourself" in page
        assert "730209" not in page
        short = client.post(f"{url}draw/", {"result": "73020"}).content.decode()
        assert "all 6 digits" in short
        client.post(f"{url}draw/", {"result": "730290"})
        page = client.get(url).content.decode()
        assert "Two people wrote different digits" in page
        client.post(f"{url}draw/", {"result": "730209"})
        assert 'value="run"' in client.get(url).content.decode()
