"""Whoever is still in a line of a round sees it, whatever became of a place there, and can leave it; what is ended
beside it says that the turn stays."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City, make_member
from tests.rounds.test_cancelled_after_leaving import Two, made
from tests.rounds.test_rounds_between import proven
from tests.rounds.test_rounds_cancelled import cancel, held
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.partners.rules import Role
from okat.city.people.models import Consent
from okat.city.people.rules import Purpose
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer, RoundError
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import expire, tick

DAY = dt.timedelta(days=1)
LATER = DRAWN + 20 * DAY  # every hold and every day to answer is over
State = Callable[[Two], None]


def offered(_two: Two) -> None:
    pass


def offer_let_lapse(_two: Two) -> None:
    with clock.at(DRAWN + 10 * DAY):
        expire(0)


def accepted(_two: Two) -> None:
    pass


def returning(two: Two) -> None:
    actions.decline_place(application=two.first, by=two.city.system)


def declined(two: Two) -> None:
    returning(two)
    with clock.at(DRAWN + 2 * DAY):
        tick(0)


def about_to_pass_on(two: Two) -> None:
    two.leave()


def left_early(two: Two) -> None:
    two.leave()
    tick(0)


def left_early_and_over(two: Two) -> None:
    two.over()
    two.leave()


def cancelled(two: Two) -> None:
    cancel(two.city, two.plain)


ANSWERED: dict[State, Answer] = {
    accepted: Answer.ACCEPTED, returning: Answer.RETURNING, declined: Answer.DECLINED,
    about_to_pass_on: Answer.STOPPED, left_early: Answer.STOPPED, left_early_and_over: Answer.STOPPED,
    cancelled: Answer.OFFERED,
}  # fmt: skip
UNANSWERED: dict[State, Answer] = {
    offered: Answer.OFFERED, returning: Answer.RETURNING, declined: Answer.DECLINED, offer_let_lapse: Answer.EXPIRED,
}  # fmt: skip
STATES = [
    *((state, answer, keep, True) for state, answer in ANSWERED.items() for keep in (True, False)),
    *((state, answer, True, False) for state, answer in UNANSWERED.items()),
]


def reached(city: City, state: State, keep: bool, accept: bool) -> tuple[Two, User]:
    two = made(city, keep=keep, policy=Policy(), accepted=accept)
    assert two.first.person is not None
    me = city.account(two.first.person, "me")
    with clock.at(DRAWN):
        state(two)
    return two, me


def reader(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def page_of(client: Client, row: Application) -> str:
    return re.sub(r"\s+", " ", client.get(reverse("rounds:why", args=[row.pk])).content.decode())


def stop(client: Client, row: Application) -> str:
    """Press the button, and that one is sure; what the page between says."""
    url = reverse("rounds:answer", args=[row.pk])
    asked = re.sub("<[^>]+>", "", client.post(url, {"answer": "stop"}).content.decode())
    assert client.post(url, {"answer": "stop", "sure": "1"}).status_code == 302
    return asked


def said_before_withdrawing(row: Application) -> str:
    consent = Consent.objects.get(person=row.person_id, purpose=Purpose.ROUND, withdrawn_at=None)
    return " ".join(str(one) for _app, says in CONSENT_FOLLOWS for one in says(consent, True))


@pytest.mark.parametrize(("state", "answer", "keep", "accept"), STATES)
def test_who_is_in_a_line_sees_it_everywhere(
    city: City, state: State, answer: Answer, keep: bool, accept: bool
) -> None:
    two, me = reached(city, state, keep, accept)
    with clock.at(DRAWN):
        assert Result.objects.get(application=two.first).stands == answer
        page, said = page_of(reader(me), two.first), said_before_withdrawing(two.first)
        assert ('value="stop"' in page, f"You wait for “{two.dear.title_th}”" in page) == (keep, keep)
        assert ("คิวรอ “" in said and two.dear.title_th in said, "เลิกรอ" in said) == (keep, keep), said
        if state is not cancelled:  # of which place it is told
            assert two.plain.title_th in page.partition("<h1>")[2].partition("</h1>")[0]
            assert two.plain.title_th in reader(me).get(reverse("rounds:mine")).content.decode()
        two.dear_comes_free()
    with clock.at(LATER):
        tick(0)
    assert (held(two.first)[0] == two.dear) is keep  # the page said what holds


@pytest.mark.parametrize(("state", "answer", "keep", "accept"), [one for one in STATES if one[2]])
def test_whoever_is_in_a_line_can_leave_it(
    city: City, tmp_path: Path, state: State, answer: Answer, keep: bool, accept: bool
) -> None:
    two, me = reached(city, state, keep, accept)
    client, before = reader(me), held(two.first)
    with clock.at(DRAWN):
        asked = stop(client, two.first)
        assert f"A place that comes free for “{two.dear.title_th}” is not offered any more." in asked
        assert (" stays as it is." in asked) is (answer in {Answer.OFFERED, Answer.ACCEPTED})
        assert held(two.first) == before
        page = page_of(client, two.first)
        assert 'value="stop"' not in page
        assert "You are number" not in page
        assert "คิวรอ “" not in said_before_withdrawing(two.first)
        assert client.post(reverse("rounds:answer", args=[two.first.pk]), {"answer": "stop"}).status_code == 302
        two.dear_comes_free()
    for when in (LATER, LATER + DAY):
        with clock.at(when):
            expire(0)
            tick(0)
    assert held(two.first)[0] != two.dear
    assert held(two.lucky)[0] is None
    assert proven(two.round, tmp_path)


def test_who_never_had_a_place_leaves_the_round(city: City, tmp_path: Path) -> None:
    """A worker says so for a person without an account, once or twice, and nobody comes back by an old page."""
    two = made(city)
    worker = reader(make_member(city.school, Role.MANAGER, "worker"))
    with clock.at(DRAWN):
        assert f"waits for “{two.plain.title_th}”" in page_of(worker, two.waits)
        stop(worker, two.waits)
        actions.stop_waiting(application=two.waits, by=city.system)
        assert held(two.waits) == (None, Answer.LEFT)
        assert "Left the round" in page_of(worker, two.waits)
        actions.decline_place(application=two.first, by=city.system)
        two.dear_comes_free()
    assert held(two.waits) == (None, Answer.LEFT)
    assert held(two.first)[0] is None
    assert proven(two.round, tmp_path)


def test_who_stopped_before_the_answer_waits_for_nothing_after_it(city: City) -> None:
    two, me = reached(city, offered, True, False)
    with clock.at(DRAWN):
        stop(reader(me), two.first)
        actions.accept_place(application=two.first, by=me, keep_waiting=True)
        assert not Result.objects.get(application=two.first).keeps_waiting


@pytest.mark.parametrize("keep", [False, True])
def test_what_ends_a_place_names_the_turn(city: City, keep: bool) -> None:
    """The page before giving it back, and the case in which it is noted as left early."""
    two, me = reached(city, accepted, keep, True)
    with clock.at(DRAWN):
        url = reverse("rounds:answer", args=[two.first.pk])
        asked = re.sub("<[^>]+>", "", reader(me).post(url, {"answer": "decline"}).content.decode())
        case = Case.objects.get(reference=two.first.pk)
        officer = reader(make_member(city.school, Role.MANAGER, "worker"))
        page = re.sub("<[^>]+>", "", officer.get(reverse("cases:case", args=[case.pk])).content.decode())
    turn = f"the wait for “{two.dear.title_th}” goes on"
    assert (turn in asked, turn in page) == (keep, keep)


def test_in_a_finished_round_nobody_waits(city: City) -> None:
    two, me = reached(city, accepted, True, True)
    with clock.at(DRAWN):
        two.finish()
        assert 'value="stop"' not in page_of(reader(me), two.first)
        with pytest.raises(RoundError, match="ไม่มีที่ที่รออยู่แล้ว"):
            actions.stop_waiting(application=two.first, by=me)


def test_nobody_stops_for_others(city: City) -> None:
    two = made(city, keep=True)
    with clock.at(DRAWN), pytest.raises(RoundError):
        actions.stop_waiting(application=two.first, by=make_member(city.team, Role.MANAGER, "stranger"))
