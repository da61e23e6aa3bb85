"""How many ask in a round: exact for the office that runs it while they ask, in whole tens for its other readers; and
once it is decided as the headline says it to everybody."""

import re

import pytest
from django.test import Client
from tests.read_aloud import shown
from tests.rounds.conftest import DRAWN, DURING, City
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.rounds.models import Round

LIST = "/rounds/manage/"


def read(user: User, url: str) -> str:
    client = Client()
    sign_in_fully(client, user)
    return re.sub(r"\s+", " ", shown(client.get(url).content.decode()))


def told(user: User, made: Round) -> tuple[str, str]:
    """The column of the list and the headline of the round."""
    with clock.at(DURING):
        row = re.search(r'data-label="คนขอ"[^>]*><span>([^<]*)<', raw(user, LIST))
        head = re.search(r"<h1[^>]*>(.*?)</h1>", raw(user, f"{LIST}{made.pk}/"), re.S)
    assert row is not None
    assert head is not None
    return row[1], " ".join(shown(head[1]).split())


def raw(user: User, url: str) -> str:
    client = Client()
    sign_in_fully(client, user)
    return client.get(url).content.decode()


@pytest.mark.parametrize(("asked", "column"), [(1, "ไม่ถึงสิบ"), (9, "ไม่ถึงสิบ"), (10, "10+"), (13, "10+")])
def test_while_people_ask_only_who_runs_it_reads_how_many(city: City, asked: int, column: str) -> None:
    offers = city.offers({"capacity": 4})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(asked), offers))
    assert told(city.lead, made) == (str(asked), f"{asked} คนขอ 4 ที่")
    head = "มีคนขอไม่ถึงสิบคน จาก 4 ที่" if asked < 10 else "10+ คนขอ 4 ที่"
    assert told(city.auditor, made) == (column, head)


def test_a_round_that_nobody_asks_in_looks_like_one_of_a_few(city: City) -> None:
    pages = []
    offers = city.offers({"capacity": 4})
    made = city.opened(offers)
    for asked in (0, 1):
        if asked:
            city.applied(made, dict.fromkeys(city.pin(1), offers))
        pages.append(told(city.auditor, made))
    assert pages[0] == pages[1]


def test_once_decided_the_list_hides_what_the_headline_hides(city: City) -> None:
    offers = city.offers({"capacity": 2})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(3), offers))
    city.published(made)
    with clock.at(DRAWN):
        for user in (city.lead, city.auditor):
            listed = read(user, LIST)
            assert "ไม่ถึงสิบ" in listed
            assert not re.search(r"\b3\b", listed.partition("<table")[2].partition("</table")[0])
        answers = read(city.auditor, f"{LIST}{made.pk}/").partition("คำตอบ")[2][:400]
    assert "ไม่ถึงสิบ" in answers
