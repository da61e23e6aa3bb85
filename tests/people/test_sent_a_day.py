"""What somebody's click sends to a telephone or an address goes there a few times a day at most."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City
from tests.post_office import PostOffice, opened
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import KINDS
from okat.city.core.refusals import TooOftenError
from okat.city.partners.actions import invite_again, invite_member
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.models import Person, PhoneCheck
from okat.city.people.rules import PeopleError

# Letters to a bare address without a number of their own, each with what bounds it.
BOUNDED = {
    "accounts.changed": "tells what was done with the password at hand, and may never be kept back",
    "accounts.confirm": "the account's own four, and eight of all others (accounts.views.addresses, test_addresses)",
    "accounts.line": "LINE itself gave a one-time code",
    "accounts.reset": "three an account in half an hour; a most for the day would let strangers keep its owner out",
    "people.told": "says what an office did for the person; nothing that one may press again",
}
SOURCE = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"


def test_each_letter_to_a_bare_address_has_its_most() -> None:
    """Every statement that posts one: `post` and `post_each` with an address of somebody."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in {"post", "post_each"}:
                given = {one.arg: one.value for one in call.keywords}
                if "kind" in given and given.keys() & {"address", "to"}:
                    found.add(ast.literal_eval(given["kind"]))
    bounded = {name for name, kind in KINDS if kind.a_day is not None}
    assert found == bounded | BOUNDED.keys()
    assert not bounded & BOUNDED.keys()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def page(person: Person) -> str:
    return reverse("people:phone", args=[person.pk])


@pytest.mark.django_db
def test_a_telephone_gets_four_codes_a_day_from_whatever_records(
    client: Client, city: City, office: PostOffice
) -> None:
    one, other = city.pin(phone="0812345678"), city.pin(phone="0812345678")
    sign_in_fully(client, city.teacher)
    sent = [client.post(page(person), {"send": "1"}) for person in (one, other) * 8]
    assert [answer.status_code for answer in sent] == [302] * 4 + [429] * 12
    assert "โทรไปแทน" in sent[-1].content.decode()
    assert int(sent[-1].headers["Retry-After"]) > 0
    assert Letter.objects.filter(kind="people.code").count() == 4
    assert client.post(page(one), {"rang": "1"}).status_code == 302  # the way that stays open
    assert PhoneCheck.objects.get(person=one).confirmed_at
    with clock.at(clock.now() + dt.timedelta(days=1)):
        actions.send_phone_code(person=other, by=city.teacher)


@pytest.mark.django_db
def test_wrong_digits_count_over_all_codes_of_a_day(city: City, office: PostOffice) -> None:
    person = city.pin(phone="0812345678")
    for _code in range(2):
        actions.send_phone_code(person=person, by=city.teacher)
        for _guess in range(5):
            assert not actions.confirm_phone(person=person, code="x", by=city.teacher)
    actions.send_phone_code(person=person, by=city.teacher)
    with pytest.raises(PeopleError) as refused:
        actions.confirm_phone(person=person, code="x", by=city.teacher)
    assert refused.value.code == "tries"


@pytest.mark.django_db
def test_an_address_gets_six_invitations_a_day(city: City, office: PostOffice) -> None:
    asked = invite_member(
        partner=city.education, name="ครู", email="new@example.org", role=Role.OFFICER, by=system_user()
    )
    for _again in range(5):
        invite_again(invitation=asked, by=system_user())
    with pytest.raises(TooOftenError):
        invite_again(invitation=asked, by=system_user())
    assert Letter.objects.filter(kind="partners.invitation").count() == 6
