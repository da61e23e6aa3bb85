"""How many places are free where all who take part tell of a disability is told at no address, neither alone nor in a
sum: with other numbers of them each page, table, map and feed is the same, word for word. So it is for who may not open
the records of people when one more of them is pinned, wishes, asks, enrols there or waits anywhere."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from okat.city.cases import actions as cases
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.solve import groups, hushed
from okat.city.core import clock, kept
from okat.city.core.models import RateCount, WeeklyFigures
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment, Turn
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
            needs=("work",), capacity=ALL, key=f"{sensitive}{number}", **more,
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
    """What a look leaves (a trail, a count, a session) is not there at the next; a weekly figure stays told."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        told = list(WeeklyFigures.objects.all())
        transaction.savepoint_rollback(mark)
        WeeklyFigures.objects.bulk_create(told, ignore_conflicts=True)


def seen(client: Client, asked: list[str]) -> dict[str, str]:
    kept.forget_all()
    RateCount.objects.all().delete()
    found = {}
    for url in asked:
        with nothing_stays():
            page: Any = client.get(url)
            data = b"".join(page.streaming_content) if getattr(page, "streaming", False) else page.content
        found[url] = FRESH.sub("", data.decode("utf-8", "replace"))
    return found


def taken(made: list[Opportunity], seats: int) -> Callable[[], None]:
    def take() -> None:
        Opportunity.objects.filter(pk__in=[one.pk for one in made]).update(seats_taken=seats)

    return take


def changed(
    reader: User | None, things: dict[str, dict[str, Any]], made: list[Opportunity], change: Callable[[], None]
) -> set[str]:
    """The addresses that say something else after the change."""
    client = Client()
    if reader is not None:
        sign_in_fully(client, reader)
    with clock.at(clock.now()):
        asked = {
            url: address.name
            for address in addresses() if address.name not in OF_THE_MOMENT
            for url in urls(address, things, made)
        }  # fmt: skip
        before = seen(client, list(asked))
        change()
        after = seen(client, list(asked))
    return {asked[url] for url, text in before.items() if text != after[url]}


@pytest.mark.parametrize("name", ["anonymous", "everybody"])
def test_no_address_says_how_many_of_them_are_free(
    name: str, city: SmallCity, things: dict[str, dict[str, Any]], reader: User
) -> None:
    made = offered(city, sensitive=True)
    assert hushed() >= {one.pk for one in made}
    taken(made, TAKEN)()
    assert changed(reader if name == "everybody" else None, things, made, taken(made, MORE)) == set()


def test_of_other_kinds_they_do(city: SmallCity, things: dict[str, dict[str, Any]], reader: User) -> None:
    made = offered(city, sensitive=False)
    taken(made, TAKEN)()
    assert changed(reader, things, made, taken(made, MORE)) >= TOLD


DONE = {"desk:audit"}  # whose work it is to read what was done


@dataclass
class Elsewhere:
    """People of the partner that the readers have nothing to do with."""

    city: SmallCity
    worker: User

    def pin(self, name: str) -> Person:
        purposes = (Purpose.CARE, Purpose.ENROL)
        given = tuple(ConsentRow(each, self.city.there, How.SIGNATURE, sensitive=True) for each in purposes)
        row = PinRow(area=self.city.there.area, given=name, needs=("work",), consents=given)
        return people.pin_person(row=row, partner=self.city.there, by=self.worker)

    def take(self, person: Person, course: Opportunity) -> None:
        learning.take_seat(person=person, opportunity=course, by=self.worker, wait=True)


@pytest.fixture
def elsewhere(city: SmallCity, things: dict[str, dict[str, Any]]) -> Elsewhere:
    worker = make_user("elsewhere", name="เจ้าหน้าที่อีกแห่ง")
    for role in (Role.FIELD_WORKER, Role.OFFICER):
        partners.add_member(partner=city.there, user=worker, role=role, by=system_user())
    return Elsewhere(city, worker)


@pytest.mark.parametrize("name", ["anonymous", "resident", "everybody"])
def test_no_address_says_that_one_more_was_pinned_asks_enrols_or_waits(
    name: str, city: SmallCity, things: dict[str, dict[str, Any]], reader: User, elsewhere: Elsewhere
) -> None:
    """With one who waits there already: none, one and two are the same."""
    telling, plain = offered(city, sensitive=True), offered(city, sensitive=False)
    full = [telling[1], plain[0]]
    taken(full, ALL)()
    before = [elsewhere.pin(f"ก่อน{number}") for number in range(2)]
    for course in full:
        elsewhere.take(before[0], course)

    def more() -> None:
        one = elsewhere.pin("อีกคน")
        for course in full:
            elsewhere.take(one, course)
        elsewhere.take(one, telling[0])
        catalogue.add_wish(person=before[1], opportunity=plain[1], by=elsewhere.worker)
        cases.propose(person=before[1], partner=city.there, opportunity=plain[2], by=elsewhere.worker)
        assert Turn.objects.filter(person=one).count() == len(full)
        assert Enrolment.objects.filter(person=one, opportunity=telling[0]).exists()

    who = {"anonymous": None, "resident": city.resident, "everybody": reader}[name]
    found = changed(who, things, [*telling, *plain], more)
    assert found == (DONE if name == "everybody" else set())
