"""Nothing ends at one tap: each address that ends something says first what follows, and then does it."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.thing import Thing
from tests.access.walk import Address, addresses
from tests.learning.making import course_of
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

import okat.city
from okat.city.catalogue.models import Opportunity
from okat.city.core import access
from okat.city.core.ending import asks
from okat.city.core.models import AuditEntry
from okat.city.learning.models import Enrolment
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.actions import run_import
from okat.city.people.models import ImportBatch

CITY = Path(okat.city.__file__).parent
# What these beginnings of an action's name mean: something ends.
ENDS = (
    "withdraw",
    "leave_",
    "end_",
    "close_",
    "decline",
    "drop_",
    "remove_",
    "stop_",
    "take_back",
    "revoke",
    "undo_",
    "recall",
)
# Actions that end something without the shared page, and what asks instead.
OTHERWISE = {
    "close_need": "a need is closed with its own choice of met or gone, and noted anew by the same button",
    "close_round": "a step of a round, which its page names with what follows",
    "decline": "a form of its own with the reason; something else is proposed afterwards",
    "decline_invitation": "a page of its own that says who invites to what; the office invites again",
    "decline_place": "held for the round's grace time, in which the same page takes it back",
    "drop_addresses": "the password is asked again first, and the address is given anew",
    "drop_second_factor": "the second factor is asked again first",
    "drop_wish": "the same list adds it again",
    "end_absence": "being back is said by whoever was away, and being away again by the same page",
    "end_goal": "a shared goal is met or dropped by its own two buttons, and planned anew",
    "end_sessions": "signing in again undoes it",
    "leave_network": "a page of its own that lists what is left to settle",
    "recall": "a referral that nobody has received is sent again by the same form",
    "recall_invitation": "an invitation is sent again by the button beside it",
    "recall_link": "a question that nobody has answered is asked again by the same form",
    "revoke": "a page of its own that asks for the reason",
    "stop_seeking": "the same list asks for it again",
    "take_back": "brings a declined place back; of a pledge, the shared page asks",
    "undo_merge": "brings back what was, and the pair can be joined again",
    "withdraw": "an application to a round; the person applies again while it is open",
}
# A sending that the address takes for one that ends something, where not every one is.
LOOKS = ("people.read", "people.look", "accounts.sign_in")
SENT: dict[str, dict[str, str]] = {"learning:place": {"do": "leave"}}


def endings() -> dict[str, set[str]]:
    """Each file of views, with the actions that end something which it calls."""
    found = {}
    for file in sorted(CITY.glob("*/views/*.py")) + sorted(CITY.glob("*/views.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        called = {
            node.attr for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "actions"
        }  # fmt: skip
        if ending := {name for name in called if name.startswith(ENDS)}:
            found[str(file.relative_to(CITY))] = ending
    return found


def test_every_view_that_ends_something_asks_first_or_says_what_asks_instead() -> None:
    """A new action of such a name that a view calls needs the shared page, or a line above with its reason."""
    forgotten = []
    for file, called in endings().items():
        marked = "@asks_first(" in (CITY / file).read_text(encoding="utf-8")
        forgotten += [f"{file}: {name}" for name in called if name not in OTHERWISE and not marked]
    assert forgotten == []
    assert set(OTHERWISE) <= {name for called in endings().values() for name in called}


def asking() -> list[Address]:
    return [address for address in addresses() if asks(address.view)]


def test_these_addresses_ask() -> None:
    assert {address.name for address in asking()} >= {
        "people:mine-withdraw", "people:withdraw", "people:import-undo", "people:import-drop", "learning:place",
        "learning:withdraw-link", "learning:withdraw-recognition", "learning:remove-material", "partners:member-end",
        "catalogue:lookout-stop", "catalogue:pledge-back", "jobs:slot-close",
    }  # fmt: skip


def imported(city: SmallCity) -> Thing:
    """A file that is in, so that it can be taken back."""
    thing = makers()["people:import-undo"](city)
    run_import(batch=ImportBatch.objects.get(pk=thing.arguments["pk"]), by=city.users[Role.OFFICER])
    return thing


def seated(city: SmallCity) -> Thing:
    """A course in which the resident has a place of their own."""
    place = course_of(city)
    Enrolment.objects.filter(pk=place.pk).update(standing="active", seated=True, ended_at=None)
    Opportunity.objects.filter(pk=place.opportunity_id).update(seats_taken=1)
    return Thing({"pk": place.opportunity_id}, owner=city.resident)


# Objects in a state in which something is there to end, where the walk's own are not.
READY = {"people:import-undo": imported, "learning:place": seated}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(address.name for address in asking()))
def test_the_first_sending_changes_nothing_and_the_page_says_what_follows(name: str) -> None:
    city = small_city.build()
    address = next(one for one in asking() if one.name == name)
    thing = READY.get(name, makers()[name])(city)
    url, sent = reverse(name, kwargs=thing.arguments), SENT.get(name, {})
    client, page, before = opened(city, address, thing, url, sent)
    shown = page.content.decode()
    assert 'name="sure" value="1"' in shown
    assert "สิ่งที่จะเกิดขึ้น" in shown
    assert shown.count("<li>") >= 1
    assert written() == before
    assert client.post(url, {**sent, "sure": "1"}).status_code == 302
    assert written() != before


def written() -> list[str]:
    """What the audit trail holds but for looks at a record."""
    return list(AuditEntry.objects.exclude(verb__in=LOOKS).order_by("pk").values_list("verb", flat=True))


def opened(
    city: SmallCity, address: Address, thing: Thing, url: str, sent: dict[str, str]
) -> tuple[Client, Any, list[str]]:
    """The first reader whom the address shows its question."""
    mark = access.of(address.view)
    assert mark is not None
    staff = [user for role, user in city.users.items() if PERMISSIONS[role] & set(mark.permissions)]
    for user in [thing.owner] if thing.owner else staff or [city.resident]:
        client = Client()
        sign_in_fully(client, user)
        before = written()
        page = client.post(url, sent)
        if page.status_code == 200:
            return client, page, before
    raise AssertionError(address.name)
