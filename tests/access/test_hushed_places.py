"""How many places are free where all who take part tell of a disability is told at no address, neither alone nor in a
sum: with other numbers of them each page, table, map and feed is the same, word for word."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import Address, addresses
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.solve import groups, hushed
from okat.city.core import clock, kept
from okat.city.core.models import RateCount
from okat.city.learning import actions as learning
from okat.city.partners import actions as partners
from okat.city.partners.models import Venue
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.thorough]
RULE = {"is": "disability_card", "source": {"text": "กฎ", "ref": "ทดสอบ", "verified": True}}
ALL, TAKEN, MORE = 900, 100, 613
LOOKING = 12
# What changes from one asking to the next: what keeps a form from being sent twice or by others.
FRESH = re.compile(
    r"""(?:value|nonce|content|data-[a-z-]+)="[^"]{20,}"|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22}|<updated>[^<]*"""
)
# How long this process runs; files that hold the moment of their making.
OF_THE_MOMENT = {"core:health", "people:import-template", "people:import-mend", "accounts:sign-out"}
APPS = ("catalogue:", "desk:", "cases:", "learning:", "rounds:", "jobs:", "core:", "api:")
TAILS = (
    "?need=work&as=csv", "?all=1&format=csv", "?need=work&usable=deaf", "?places=1&near=400101&minutes=60", "?q=ทอผ้า",
)  # fmt: skip
# Where how many are free of other kinds is told: here the walk finds something, so that it can fail.
TOLD = {
    "catalogue:search", "catalogue:csv", "catalogue:reach", "catalogue:points", "catalogue:by-area", "catalogue:open",
    "desk:gaps", "desk:gaps-csv", "desk:today", "learning:place",
}  # fmt: skip


@pytest.fixture
def city() -> SmallCity:
    made = small_city.build()
    Term(vocabulary="need", code="work", th="งาน", en="Work").save()
    for number in range(LOOKING):
        care = ConsentRow(Purpose.CARE, made.here, How.SIGNATURE)
        row = PinRow(area=made.here.area, given=f"คน{number}", needs=("work",), consents=(care,))
        people.pin_person(row=row, partner=made.here, by=made.users[Role.FIELD_WORKER])
    return made


@pytest.fixture
def things(city: SmallCity) -> dict[str, dict[str, Any]]:
    """Of each address with arguments those that its maker gives, made before there is anybody with all roles."""
    known = makers()
    return {a.name: known[a.name](city).arguments for a in addresses() if a.arguments}


@pytest.fixture
def reader(city: SmallCity, things: dict[str, dict[str, Any]]) -> User:
    """Every role at once; of a partner that runs none of these."""
    user = make_user("everybody", name="ทุกบทบาท")
    for role in Role:
        partners.add_member(partner=city.here, user=user, role=role, by=system_user())
    return user


def offered(city: SmallCity, *, sensitive: bool) -> list[Opportunity]:
    """At a venue, in an area, online; by the rule, and by places that are all kept for a group."""
    venue = Venue.objects.create(
        partner=city.there, th="ศูนย์ฝึก", en="Centre", area=city.here.area, lat=16.41, lon=102.81
    )  # fmt: skip
    telling = next(group.code for group in groups() if "disab" in group.code)
    by_rule: dict[str, Any] = {"rule": RULE if sensitive else None}
    whole: dict[str, Any] = {"reserves": ({"group": telling, "seats": ALL},) if sensitive else ()}
    places: list[dict[str, Any]] = [{**by_rule, "venue": venue.pk}, whole, {**by_rule, "online": True}]
    rows = [
        OpportunityRow(
            provider=city.there.code, area=city.here.area.code, kind="occupation", title_th=f"ทอผ้า {number}",
            needs=("work",), capacity=ALL, key=str(number), **more,
        )
        for number, more in enumerate(places)
    ]  # fmt: skip
    ids = publish_many(rows=rows, by=system_user()).ids
    made = list(Opportunity.objects.filter(pk__in=ids))
    for one in made:
        learning.set_first_come(opportunity=one, on=True, by=city.stranger)
    return made


def urls(address: Address, things: dict[str, dict[str, Any]], made: list[Opportunity]) -> Iterator[str]:
    """An offer's own addresses with each of those that were made."""
    who = f"?person={Person.objects.order_by('pk')[0].pk}"
    if not address.arguments:
        tails = (*TAILS, who) if address.name.startswith(APPS) else ()
        yield from (reverse(address.name) + tail for tail in ("", *tails))
        return
    asked = things[address.name]
    yield reverse(address.name, kwargs=asked)
    offers = [name for name, value in asked.items() if isinstance(value, UUID) and is_offer(value)]
    own = [reverse(address.name, kwargs={**asked, name: one.pk}) for name in offers for one in made]
    yield from (page + tail for page in own for tail in ("", who))
    if address.name == "desk:gaps-csv":
        yield reverse(address.name, kwargs={"name": "needs"})


def is_offer(key: UUID) -> bool:
    return Opportunity.objects.filter(pk=key).exists()


@contextmanager
def nothing_stays() -> Iterator[None]:
    """What a look leaves (a trail, a count, a session) is not there at the next."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def seen(client: Client, asked: list[str], made: list[Opportunity], taken: int) -> dict[str, str]:
    Opportunity.objects.filter(pk__in=[one.pk for one in made]).update(seats_taken=taken)
    kept.forget_all()
    RateCount.objects.all().delete()
    found = {}
    for url in asked:
        with nothing_stays():
            page: Any = client.get(url)
            data = b"".join(page.streaming_content) if getattr(page, "streaming", False) else page.content
        found[url] = FRESH.sub("", data.decode("utf-8", "replace"))
    return found


def changed(reader: User | None, things: dict[str, dict[str, Any]], made: list[Opportunity]) -> set[str]:
    """The addresses that say something else when other places are taken."""
    client = Client()
    if reader is not None:
        sign_in_fully(client, reader)
    with clock.at(clock.now()):
        asked = {
            url: address.name
            for address in addresses() if address.name not in OF_THE_MOMENT
            for url in urls(address, things, made)
        }  # fmt: skip
        before = seen(client, list(asked), made, TAKEN)
        after = seen(client, list(asked), made, MORE)
    return {asked[url] for url, text in before.items() if text != after[url]}


@pytest.mark.parametrize("name", ["anonymous", "everybody"])
def test_no_address_says_how_many_of_them_are_free(
    name: str, city: SmallCity, things: dict[str, dict[str, Any]], reader: User
) -> None:
    made = offered(city, sensitive=True)
    assert hushed() >= {one.pk for one in made}
    assert changed(reader if name == "everybody" else None, things, made) == set()


def test_of_other_kinds_they_do(city: SmallCity, things: dict[str, dict[str, Any]], reader: User) -> None:
    assert changed(reader, things, offered(city, sensitive=False)) >= TOLD
