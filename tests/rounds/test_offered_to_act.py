"""The page of an application offers its reader only what that reader may do: at each of its stands, to the person, to
whoever enters applications for them, and to whoever may look and not act."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, DURING, City, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.rules import Emergency
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules.policy import Policy

STANDS = ("open", "offered", "accepted", "returning", "waiting", "withdrawn")
# What one may begin there.
DEEDS = ("rounds:answer", "rounds:appeal", "rounds:withdraw", "rounds:slip")


def standing(city: City, stand: str) -> Application:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers, policy=Policy(grace_hours=48))
    rows = city.applied(made, dict.fromkeys(city.pin(2), offers))
    if stand == "withdrawn":
        with clock.at(DURING):
            actions.withdraw(application=rows[0], by=city.system)
    if stand in {"open", "withdrawn"}:
        return rows[0]
    city.published(made)
    held = Result.objects.get(application__round=made, place__isnull=False).application
    if stand == "waiting":
        return next(row for row in rows if row.pk != held.pk)
    with clock.at(DRAWN):
        if stand == "accepted":
            actions.accept_place(application=held, by=city.system)
        if stand == "returning":
            actions.decline_place(application=held, by=city.system)
    return held


def offered(user: User, row: Application) -> set[str]:
    client = Client()
    sign_in_fully(client, user)
    page = client.get(reverse("rounds:why", args=[row.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    assert row.receipt in text
    found = {name for name in DEEDS if f'"{reverse(name, args=[row.pk])}' in text}
    return found | ({"rounds:apply"} if f'"{reverse("rounds:apply", args=[row.round_id])}' in text else set())


@pytest.mark.parametrize("stand", STANDS)
def test_an_emergency_reader_is_offered_nothing_to_begin(city: City, stand: str) -> None:
    row = standing(city, stand)
    person = row.person
    assert person is not None
    with clock.at(DURING if stand in {"open", "withdrawn"} else DRAWN):
        account = city.account(person, "owner")
        reader = make_member(city.team, Role.FIELD_WORKER, "reader")
        people.break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.team, by=reader)
        assert offered(reader, row) == set()
        if stand != "waiting":
            assert offered(account, row), stand  # who may act is offered it
