"""A place of a round is checked again when it is taken; the day on which ages count is published; offers to people
without an account stand on the team's Today."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from tests.rounds.conftest import CLOSES, DRAWN, DURING, City, _groups
from tests.rounds.test_rounds_between import holder_of, proven
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock
from okat.city.people.actions import come_back, set_status
from okat.city.people.models import Person
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer, RoundError

SOURCE = {"text": "ข้อกำหนดของผู้จัด", "ref": "ประกาศรับสมัคร", "verified": True}
YOUNG = {"age": "birth_date", "op": "<=", "years": 25, "source": SOURCE}
DAY = dt.timedelta(days=1)


def offered(city: City, **row: object) -> tuple[Opportunity, Application]:
    (offer,) = city.offers({"capacity": 1, **row})
    made = city.opened([offer])
    city.applied(made, {person: [offer] for person in city.pin(2)})
    city.published(made)
    return offer, holder_of(offer)


def refused(row: Application) -> str:
    with clock.at(DRAWN), pytest.raises(RoundError) as found:
        actions.accept_place(application=row, by=system_user())
    return found.value.code


def test_no_place_is_taken_in_what_is_over_or_not_given_any_more(city: City) -> None:
    offer, row = offered(city, sessions=(SessionRow(DRAWN + DAY, DRAWN + DAY + dt.timedelta(hours=3)),))
    offer.sessions.update(start=DRAWN - DAY, end=DRAWN - DAY + dt.timedelta(hours=3))
    assert refused(row) == "over"
    offer.sessions.update(start=DRAWN + DAY, end=DRAWN + 2 * DAY)
    type(offer.provider).objects.filter(pk=offer.provider_id).update(left_on=DRAWN.date())
    assert refused(row) == "gone"
    with clock.at(DRAWN), pytest.raises(RoundError) as many:
        actions.accept_many(round=row.round, applications=[row], by=city.system)
    assert many.value.code == "gone"
    assert Result.objects.get(application=row).answer == Answer.OFFERED


def test_ages_count_on_the_last_day_to_apply_whenever_somebody_applies_or_answers(city: City, client: Client) -> None:
    (offer,) = city.offers({"capacity": 2, "rule": YOUNG})
    made = city.opened([offer])
    on_time, too_old = city.pin(2)
    last = CLOSES.date()
    _groups[on_time.pk] = {"birth_date": dt.date(last.year - 26, last.month, last.day) + DAY}  # 26 the day after
    _groups[too_old.pk] = {"birth_date": dt.date(last.year - 26, last.month, last.day)}  # 26 on the last day
    assert made.counts_on == last
    with pytest.raises(RoundError):  # still 25 on the day of applying
        city.applied(made, {too_old: [offer]})
    (row,) = city.applied(made, {on_time: [offer]})
    city.published(made)
    with clock.at(DRAWN):  # 26 by now: what was promised holds
        actions.accept_place(application=row, by=city.system)
    page = client.get(f"/rounds/{made.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "นับอายุ" in page or "Ages and conditions" in page


def test_what_was_put_right_meanwhile_is_asked_again(city: City) -> None:
    (offer,) = city.offers({"capacity": 1, "rule": YOUNG})
    made = city.opened([offer])
    (person,) = city.pin(1)
    city.younger(person)
    _groups[person.pk] = {"birth_date": dt.date(2005, 1, 1)}
    (row,) = city.applied(made, {person: [offer]})
    city.published(made)
    city.older(person)  # the year of birth was wrong
    assert refused(row) == "not_eligible"
    with clock.at(DRAWN):
        actions.decline_place(application=row, by=city.system)


def test_many_who_wait_for_a_word_are_one_line_and_a_list_to_work_through(city: City, client: Client) -> None:
    (offer,) = city.offers({"capacity": 5})
    made = city.opened([offer])
    people = city.pin(5)
    city.applied(made, {person: [offer] for person in people})
    city.published(made)
    with clock.at(DRAWN):
        (line,) = [task for task in queries.tasks(city.officer) if task.key == "tell"]
        assert line.count == 5
        assert not [task for task in queries.tasks(city.lead) if task.key == "tell"]
        sign_in_fully(client, city.officer)
        page = client.get(line.url).content.decode()
        assert all(person.full_name in page for person in people)
        row = Application.objects.get(person=people[0])
        assert f"/rounds/why/{row.pk}/" in page
        client.post(f"/rounds/why/{row.pk}/answer/", {"answer": "accept"})
        assert Result.objects.get(application=row).answer == Answer.ACCEPTED
        assert queries.to_tell(city.officer).count() == 4


def test_who_left_the_city_gives_the_offer_on_and_who_comes_back_is_told_what_is_gone(
    city: City, tmp_path: Path
) -> None:
    offer, row = offered(city)
    (other,) = Application.objects.filter(round=row.round).exclude(pk=row.pk)
    assert row.person is not None
    with clock.at(DRAWN):
        set_status(person=row.person, status=PersonStatus.MOVED, begun=False, by=city.system)
        assert holder_of(offer) == other
        assert proven(row.round, tmp_path)
        (told,) = come_back(person=Person.objects.get(pk=row.person.pk), by=city.system)
    assert row.round.title_th in told


def test_a_list_that_is_still_open_counts_again_after_a_wrong_word(city: City) -> None:
    (offer,) = city.offers({"capacity": 1})
    made = city.opened([offer])
    (person,) = city.pin(1)
    (row,) = city.applied(made, {person: [offer]})
    with clock.at(DURING):
        set_status(person=person, status=PersonStatus.DIED, by=city.system)
        assert Application.objects.get(pk=row.pk).withdrawn_at is not None
        assert come_back(person=Person.objects.get(pk=person.pk), by=city.system) == []
        assert Application.objects.get(pk=row.pk).withdrawn_at is None
