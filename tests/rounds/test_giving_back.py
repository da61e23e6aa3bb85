"""A place that is given back is held for the grace time, can be taken back in it, and goes on when it ends."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from tests.rounds.conftest import BANGKOK, DRAWN, DURING, City

from okat.city.catalogue.models import Opportunity, Session
from okat.city.core import clock
from okat.city.people.models import Person
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer, RoundError, Status, held_until
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import tick

HOURS = dt.timedelta(hours=1)


class Held:
    """Two courses of one place, three people, grace of a day."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.a, self.b = city.offers({"title_th": "ทอผ้า", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
        self.round: Round = city.opened([self.a, self.b], Policy())
        self.rows = city.applied(self.round, {person: [self.a, self.b] for person in city.pin(3)})
        city.published(self.round)

    def holder(self, offer: Opportunity) -> Application:
        return Application.objects.get(round=self.round, result__place__opportunity=offer)

    def answers(self) -> list[str]:
        return sorted(Result.objects.filter(application__round=self.round).values_list("answer", flat=True))

    def version(self) -> int:
        latest = queries.latest(self.round)
        assert latest is not None
        return latest.version


@pytest.fixture
def held(city: City) -> Held:
    return Held(city)


def test_it_is_held_and_goes_on_when_the_time_ends_never_before(held: Held) -> None:
    row = held.holder(held.a)
    with clock.at(DRAWN):
        result = actions.decline_place(application=row, by=held.city.system)
        actions.decline_place(application=row, by=held.city.system)
    assert result.answer == Answer.RETURNING
    assert result.held_until == DRAWN + 24 * HOURS
    with clock.at(DRAWN + 23 * HOURS):
        tick(0)
    assert held.version() == 1
    assert held.holder(held.a) == row
    assert queries.free_of(held.round) == dict.fromkeys(queries.free_of(held.round), 0)
    with clock.at(DRAWN + 24 * HOURS):
        for _run in range(2):
            tick(0)
    assert held.version() == 2
    assert held.answers() == [Answer.DECLINED, Answer.OFFERED, Answer.OFFERED]
    assert held.holder(held.a) != row


def test_what_was_due_while_nothing_ran_is_made_good_in_one_version(held: Held) -> None:
    for hour, offer in ((0, held.a), (5, held.b)):
        with clock.at(DRAWN + hour * HOURS):
            actions.decline_place(application=held.holder(offer), by=held.city.system)
    with clock.at(DRAWN + dt.timedelta(days=6)):
        tick(0)
        tick(0)
    assert held.version() == 2
    assert held.answers() == [Answer.DECLINED, Answer.OFFERED, Answer.OFFERED]  # who waited for a got it


@pytest.mark.parametrize("accepted", [False, True])
def test_inside_the_time_it_can_be_taken_back(held: Held, accepted: bool) -> None:
    row = held.holder(held.a)
    with clock.at(DRAWN):
        if accepted:
            actions.accept_place(application=row, by=held.city.system)
        actions.decline_place(application=row, by=held.city.system)
    with clock.at(DRAWN + 23 * HOURS):
        for _twice in range(2):
            result = actions.take_back(application=row, by=held.city.system)
    assert result.answer == (Answer.ACCEPTED if accepted else Answer.OFFERED)
    assert (result.held_until, result.was) == (None, "")
    with clock.at(DRAWN + 48 * HOURS):
        tick(0)
    assert held.version() == 1
    held.a.refresh_from_db()
    assert held.a.seats_taken == accepted


def test_an_accepted_place_counts_until_the_time_ends(held: Held) -> None:
    row = held.holder(held.a)
    with clock.at(DRAWN):
        actions.accept_place(application=row, by=held.city.system)
        actions.decline_place(application=row, by=held.city.system)
    held.a.refresh_from_db()
    assert held.a.seats_taken == 1
    with clock.at(DRAWN + 24 * HOURS):
        tick(0)
    held.a.refresh_from_db()
    assert held.a.seats_taken == 0


def test_after_the_time_it_is_gone_even_if_nothing_has_run(held: Held) -> None:
    row = held.holder(held.a)
    with clock.at(DRAWN):
        actions.decline_place(application=row, by=held.city.system)
    with clock.at(DRAWN + 24 * HOURS), pytest.raises(RoundError) as error:
        actions.take_back(application=row, by=held.city.system)
    assert error.value.code == "passed_on"
    with clock.at(DRAWN + 24 * HOURS), pytest.raises(RoundError):
        actions.accept_place(application=row, by=held.city.system)


def test_an_offer_taken_back_after_its_last_day_may_be_answered_that_day(held: Held) -> None:
    row = held.holder(held.a)
    last = dt.datetime.combine(row.result.answer_by, dt.time(23), tzinfo=BANGKOK)
    with clock.at(last):
        actions.decline_place(application=row, by=held.city.system)
    with clock.at(last + 10 * HOURS):
        actions.take_back(application=row, by=held.city.system)
        assert actions.accept_place(application=row, by=held.city.system).answer == Answer.ACCEPTED


def test_no_place_is_held_in_the_last_three_days_before_the_first_session(held: Held) -> None:
    now, grace = DRAWN, 24 * HOURS
    for days, until in ((2, None), (3, None), (3.5, now + 12 * HOURS), (9, now + grace)):
        assert held_until(now, grace, now + dt.timedelta(days=days)) == until
    assert held_until(now, grace, None) == now + grace
    assert held_until(now, 0 * HOURS, None) is None
    start = DRAWN + dt.timedelta(days=2)
    Session.objects.create(opportunity=held.a, start=start, end=start + HOURS)
    with clock.at(DRAWN):
        result = actions.decline_place(application=held.holder(held.a), by=held.city.system)
    assert result.answer == Answer.DECLINED
    assert held.version() == 2


def test_a_round_ends_only_when_nothing_is_held(held: Held) -> None:
    with clock.at(DRAWN):
        actions.decline_place(application=held.holder(held.a), by=held.city.system)
        actions.accept_place(application=held.holder(held.b), by=held.city.system)
        with pytest.raises(RoundError) as error:
            actions.finish_round(round=held.round, by=held.city.lead)
    assert error.value.code == "returning"


def test_rules_from_before_have_no_grace_and_any_number_of_digits() -> None:
    old = {name: value for name, value in Policy().as_dict().items() if name not in {"grace_hours", "draw_digits"}}
    assert (Policy.from_dict(old).grace_hours, Policy.from_dict(old).draw_digits) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_giving_back_and_taking_back_at_once_has_one_outcome(held: Held) -> None:
    row = held.holder(held.a)
    with clock.at(DRAWN):
        actions.decline_place(application=row, by=held.city.system)

    def one(verb: str) -> str:
        try:
            with clock.at(DRAWN + 24 * HOURS - (HOURS if verb == "back" else 0 * HOURS)):
                if verb == "back":
                    return str(actions.take_back(application=row, by=held.city.system).answer)
                return str(actions.pass_on(round=held.round, by=held.city.system))
        except RoundError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(one, ["back", "on"]))
    assert done in ([Answer.OFFERED, "0"], ["passed_on", "1"])
    answer = Result.objects.get(application=row).answer
    assert answer == (Answer.OFFERED if done[1] == "0" else Answer.DECLINED)
    assert held.version() == (1 if done[1] == "0" else 2)


def test_the_pages_say_what_follows_first_without_any_script(held: Held, client: Client) -> None:
    row = held.holder(held.a)
    assert row.person is not None
    client.force_login(held.city.account(row.person, "me"), backend="okat.city.partners.queries.Accounts")
    client.cookies["okat_language"] = "en"
    url = f"/rounds/why/{row.pk}/"
    with clock.at(DRAWN):
        assert 'name="answer" value="decline"' in client.get(url).content.decode()
        page = client.post(f"{url}answer/", {"answer": "decline"}).content.decode()
        assert "“ทอผ้า” is held until 18 Nov 2026 at 09:00; then it goes to whoever is next" in page
        assert "Until 18 Nov 2026 at 09:00 it can be taken back." in page
        assert Result.objects.get(application=row).answer == Answer.OFFERED
        assert client.post(f"{url}answer/", {"answer": "decline", "sure": "1"}).status_code == 302
        page = client.get(url).content.decode()
        assert "Take the place back" in page
        assert client.post(f"{url}answer/", {"answer": "decline"}).status_code == 302  # given back: nothing to ask
        client.post(f"{url}answer/", {"answer": "back"})
    assert Result.objects.get(application=row).answer == Answer.OFFERED


def test_withdrawing_an_application_says_what_follows_first(city: City, client: Client) -> None:
    (offer,) = city.offers({"title_th": "ทอผ้า", "capacity": 1})
    made = city.opened([offer], Policy())
    (row,) = city.applied(made, {person: [offer] for person in city.pin(1)})
    assert row.person is not None
    client.force_login(city.account(row.person, "me"), backend="okat.city.partners.queries.Accounts")
    client.cookies["okat_language"] = "en"
    url = f"/rounds/why/{row.pk}/withdraw/"
    with clock.at(DURING):
        page = client.get(url).content.decode()
        assert "The application no longer counts for “ทอผ้า”" in page
        assert client.post(url).content.decode().count("The application no longer counts for “ทอผ้า”") == 1
        row.refresh_from_db()
        assert row.withdrawn_at is None
        assert "Apply again" not in client.get(f"/rounds/why/{row.pk}/").content.decode()
        client.post(url, {"sure": "1"})
        page = client.get(f"/rounds/why/{row.pk}/").content.decode()
        assert "Apply again, until" in page
        assert f'href="/rounds/{made.pk}/apply/"' in page
        for status in (PersonStatus.DIED, PersonStatus.ACTIVE):  # of somebody noted as dead it would be refused
            Person.objects.filter(pk=row.person.pk).update(status=status)
            page = client.get(f"/rounds/why/{row.pk}/").content.decode()
            assert ("Apply again, until" in page) is (status is PersonStatus.ACTIVE)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert made.stage is Status.OPEN
