"""Whoever waited when a round ended reads everywhere that no place came, and nowhere that they wait on."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.rules import Role
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import ANSWER_LABELS, WAITED_OUT, Answer, Status, answer_words
from okat.city.rounds.rules.policy import Policy

WAITS = ("รายการรอ", "คุณรอ", "รอต่อ")
OVER = "จบรอบแล้ว ไม่มีที่ว่างมาถึง"


@pytest.mark.parametrize("stage", Status)
@pytest.mark.parametrize("answer", Answer)
def test_only_waiting_ends_with_the_round(answer: Answer, stage: Status) -> None:
    over = stage is Status.FINISHED and answer is Answer.WAITING
    assert answer_words(answer, stage) == (WAITED_OUT if over else ANSWER_LABELS[answer])


def pages(city: City, me: User, worker: User, waiting: Application, round_: Round) -> dict[str, str]:
    """What the person reads of it, and the worker, and whoever runs the round."""
    found = {}
    for user, urls in {
        me: [reverse("rounds:mine"), reverse("rounds:why", args=[waiting.pk]), reverse("people:mine")],
        city.lead: [reverse("rounds:manage", args=[round_.pk])],
        worker: [reverse("rounds:why", args=[waiting.pk]), reverse("people:person", args=[waiting.person_id])],
    }.items():
        client = Client()
        sign_in_fully(client, user)
        for url in urls:
            answer = client.get(url)
            assert answer.status_code == 200, url
            found[f"{user} {url}"] = re.sub("<[^>]+>|\u2060|\u200b", "", answer.content.decode())
    return found


def test_no_page_says_that_they_wait_on(city: City) -> None:
    with clock.at(DRAWN):
        (offer,) = city.offers({"title_th": "ทอผ้า", "capacity": 1})
        worker = make_member(city.school, Role.MANAGER, "worker")
        round_ = city.opened([offer], Policy())
        city.applied(round_, {person: [offer] for person in city.pin(2)})
        city.published(round_)
        waiting = Application.objects.get(round=round_, result__answer=Answer.WAITING)
        assert waiting.person is not None
        me = city.account(waiting.person, "me")
        before = pages(city, me, worker, waiting, round_)
        assert all(any(word in page for word in WAITS) for page in before.values()), before.keys()
        actions.accept_place(
            application=Application.objects.get(round=round_, result__answer=Answer.OFFERED), by=city.system
        )
        actions.finish_round(round=Round.objects.get(pk=round_.pk), by=city.lead)
        assert Result.objects.get(application=waiting).answer == Answer.WAITING
        after = pages(city, me, worker, waiting, round_)
    for url, page in after.items():
        assert not any(word in page for word in WAITS), url
    lacking = {url: " ".join(page.split())[:900] for url, page in after.items() if OVER not in page}
    assert not lacking, "\n".join(map(str, lacking.items()))
