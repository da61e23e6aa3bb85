"""What an office that follows a case says of a life reaches whoever holds the record."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import NOON, City, asked_after
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.core import clock
from okat.city.people import actions as people
from okat.city.people.models import LifeEvent, Person
from okat.city.people.queries import desk
from okat.city.people.rules import Status


def declined(city: City) -> Case:
    """A case for which the school is responsible; the town registered the person and keeps the record."""
    city.consent(city.school)
    case = actions.hand_over(case=city.accepted(), to=city.school, by=city.worker)
    city.consent(city.hospital)
    case = actions.refer(case=case, to=city.hospital, by=city.officer).case
    return actions.return_referral(case=case, reason="unreachable", by=city.nurse)


def lines(user: User) -> list[str]:
    return [task.title for task in desk.tasks(User.objects.get(pk=user.pk)) if task.key.startswith("said:")]


@pytest.mark.parametrize(("outcome", "words"), [("died", "เสียชีวิต"), ("moved", "ย้ายออก")])
def test_it_stands_on_the_holders_today_and_on_nobody_elses(city: City, outcome: str, words: str) -> None:
    actions.record_follow_up(case=declined(city), outcome=outcome, by=city.officer)
    (line,) = lines(city.worker)
    assert words in line
    assert "สมหญิง" in line
    for other in (city.officer, city.nurse, city.stranger, city.resident):
        assert lines(other) == []
    assert Person.objects.get(pk=city.person.pk).status == Status.ACTIVE  # nothing has ended by it


def test_noting_it_answers_and_so_does_that_it_is_not_so(city: City) -> None:
    case = declined(city)
    actions.record_follow_up(case=case, outcome="died", by=city.officer)
    client, url = Client(), f"{reverse('people:changed', args=[city.person.pk])}?kind=died"
    sign_in_fully(client, city.worker)
    page = client.get(url).content.decode()
    assert city.school.th in page
    assert 'value="not_so"' in page
    assert client.post(url, {"do": "not_so", "once": ""}).status_code == 302
    assert lines(city.worker) == []
    assert 'value="not_so"' not in client.get(url).content.decode()
    actions.record_follow_up(case=case, outcome="died", by=city.officer)  # they stand by it
    assert len(lines(city.worker)) == 1
    people.set_status(person=city.person, status=Status.DIED, by=city.worker)
    assert lines(city.worker) == []
    assert not LifeEvent.objects.filter(kind="say_died", mended_at=None).exists()


def test_an_outcome_that_is_put_right_asks_nobody_any_more(city: City) -> None:
    case = declined(city)
    actions.record_follow_up(case=case, outcome="died", by=city.officer)
    actions.record_follow_up(case=case, outcome="not_wanted", by=city.officer)
    assert lines(city.worker) == []


def test_a_list_of_outcomes_and_leaving_say_it_too(city: City) -> None:
    with clock.at(NOON):
        case = actions.leave(case=city.active(), reason="moved", by=city.officer)
        assert len(lines(city.worker)) == 1
        people.not_so(person=city.person, by=city.worker)
    with clock.at(asked_after(30)):
        actions.record_many(outcomes={case.pk: "died"}, by=city.manager)
        assert len(lines(city.worker)) == 1
    with clock.at(asked_after(90)):
        actions.record_many(outcomes={case.pk: "better"}, by=city.manager)
        assert lines(city.worker) == []


def test_a_list_of_people_who_left_says_who_moved_away(city: City) -> None:
    case = city.accepted()
    for verb, reason in ((Verb.REFER, ""), (Verb.RECEIVE, ""), (Verb.START, ""), (Verb.LEAVE, "moved")):
        assert lines(city.worker) == []
        actions.move_many(cases=[case], verb=verb, by=city.manager, reason=reason)
    assert len(lines(city.worker)) == 1


@pytest.mark.parametrize("many", [False, True])
def test_who_is_there_after_all_did_not_move(city: City, many: bool) -> None:
    with clock.at(NOON):
        case = actions.leave(case=city.active(), reason="moved", by=city.officer)
        assert len(lines(city.worker)) == 1
    with clock.at(asked_after(30)):
        if many:
            actions.record_many(outcomes={case.pk: "working"}, by=city.manager)
        else:
            actions.record_follow_up(case=case, outcome="working", by=city.worker)
        assert lines(city.worker) == []
