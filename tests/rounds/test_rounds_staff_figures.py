"""What whoever runs a round reads of what became of people in it: what everybody reads. A version that concerns few is
for its named auditors alone, and leaves no trace in any number of another page."""

import re

from django.test import Client
from django.urls import reverse
from tests.access.walk import Address, addresses
from tests.read_aloud import shown
from tests.rounds.conftest import DRAWN, City, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.rules import Role
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer

# What changes all the same when one person gives a place back, and why.
CHANGES = {
    "rounds:public": "free places are public, and so is each version's root",
    "rounds:cutoffs-csv": "free places are public",
}
ROUND = {"pk"}


def of_round(address: Address) -> bool:
    return address.name.startswith("rounds:") and set(address.arguments) <= ROUND


def pages(user: User, made: Round) -> dict[str, str]:
    """All that the user reads of the round; marks of one answer left out."""
    client, found = Client(), {}
    sign_in_fully(client, user)
    with clock.at(DRAWN):
        for address in filter(of_round, addresses()):
            url = reverse(address.name, kwargs=dict.fromkeys(address.arguments, made.pk))
            got = client.get(url)
            if got.status_code != 200 or got.streaming:
                continue
            text = got.content.decode(errors="replace")
            found[address.name] = " ".join(shown(text).split()) if "text/html" in got["Content-Type"] else text
    return found


def test_one_who_gives_back_a_place_changes_no_number_that_staff_read(city: City) -> None:
    offers = city.offers({"capacity": 40})
    made = city.opened(offers)
    rows: list[Application] = city.applied(made, dict.fromkeys(city.pin(35), offers))
    city.published(made)
    lead, other = city.lead, make_member(city.team, Role.OFFICER, "runs-too")
    readers = {"lead": lead, "second": city.second, "officer": other}
    before = {name: pages(user, made) for name, user in readers.items()}
    assert {"rounds:list", "rounds:manage", "rounds:shares-csv", "rounds:bundle", *CHANGES} <= set(before["lead"])
    audited = pages(city.auditor, made)["rounds:manage"]
    assert "ได้ที่ 35 คน" in audited
    with clock.at(DRAWN):
        actions.decline_place(application=rows[0], by=city.system)
    assert Result.objects.filter(answer=Answer.DECLINED).count() == 1
    newest, last = queries.latest(made), queries.latest_public(made)
    assert newest is not None
    assert last is not None
    assert newest.version > last.version
    assert newest.figures["placed"] != last.figures["placed"]
    for name, user in readers.items():
        after = pages(user, made)
        moved = {page for page, text in before[name].items() if after[page] != text}
        assert moved <= set(CHANGES), (name, moved)
    assert "ได้ที่ 34 คน" in pages(city.auditor, made)["rounds:manage"]  # the named auditor reads the newest


def test_the_headline_says_no_total_that_the_public_is_not_told(city: City) -> None:
    """Nobody is told that two of thirty went without: then neither is who runs it, who would subtract."""
    offers = city.offers({"capacity": 28})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(30), offers))
    city.published(made)
    last = queries.latest_public(made)
    assert last is not None
    assert last.shown is not None
    hidden = [key for key in ("applicants", "placed") if last.shown[key] is None]
    assert hidden
    head = re.search(r"<h1[^>]*>(.*?)</h1>", _raw(city.lead, made), re.S)
    assert head is not None
    told = set(re.findall(r"\d+", shown(head[1])))
    assert not told & {str(last.figures[key]) for key in hidden if last.figures[key] != last.figures["places"]}


def _raw(user: User, made: Round) -> str:
    client = Client()
    sign_in_fully(client, user)
    with clock.at(DRAWN):
        return client.get(reverse("rounds:manage", args=[made.pk])).content.decode()
