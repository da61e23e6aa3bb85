"""Two people who differ in something that tells of health or a disability are answered alike, whatever is tried, to
whoever may not see it of them: a wish, a place, a turn, a case that is there can be neither confirmed nor undone."""

import datetime as dt
import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from tests import small_city
from tests.read_aloud import words_on
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity, Wish
from okat.city.catalogue.queries.wishes import MOST_WISHES
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.core.models import RateCount
from okat.city.core.refusals import UndoneError
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment, Turn
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.people.rules import How, Purpose

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
RULE = {"is": "disability_card", "source": {"text": "กฎ", "ref": "ทดสอบ", "verified": True}}
APPS = ("catalogue", "cases", "learning", "jobs", "rounds")
# Of those that name a person and something to take part in: nobody calls it by hand, it follows from a case.
FOLLOWS = {"learning enrol"}
FRESH = re.compile(r"""(?:value|nonce|content|data-[a-z-]+)="[^"]{20,}"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}""")


@dataclass
class Two:
    """`has` wished the hidden one between two others, sits in it, waits for `full` and has a case about `third`."""

    city: SmallCity
    has: Person
    other: Person
    hidden: Opportunity
    full: Opportunity
    third: Opportunity
    plain: list[Opportunity]

    @property
    def worker(self) -> User:
        return self.city.users[Role.FIELD_WORKER]

    @property
    def telling(self) -> tuple[Opportunity, ...]:
        return self.hidden, self.full, self.third


@pytest.fixture
def two() -> Two:
    city = small_city.build()
    start = clock.now() + 9 * DAY
    telling = [offer(city, f"ซ่อน {n}", start + n * DAY, rule=RULE, capacity=0 if n == 1 else 9) for n in range(3)]
    plain = [offer(city, f"ทอผ้า {n}", start, capacity=9) for n in range(MOST_WISHES)]
    made = Two(city, pin(city), pin(city), telling[0], telling[1], telling[2], plain)
    for person in (made.has, made.other):
        catalogue.add_wish(person=person, opportunity=plain[0], by=made.worker)
        if person is made.has:
            catalogue.add_wish(person=person, opportunity=made.hidden, by=made.worker)
            learning.take_seat(person=person, opportunity=made.hidden, by=made.worker)
            learning.take_seat(person=person, opportunity=made.full, by=made.worker, wait=True)
            cases.propose(person=person, partner=city.here, opportunity=made.third, by=made.worker)
        catalogue.add_wish(person=person, opportunity=plain[1], by=made.worker)
        # Given anew without what is sensitive: from now on the worker sees the record, and not that.
        people.record_consent(person=person, given=ConsentRow(Purpose.CARE, city.here), by=made.worker)
        assert not may_see_sensitive(made.worker, person)
    assert {Opportunity.objects.get(pk=one.pk).telling for one in telling} == {True}
    return made


def offer(city: SmallCity, title: str, start: dt.datetime, **more: Any) -> Opportunity:
    row = OpportunityRow(
        provider=city.there.code, area=city.there.area.code, kind="interest", title_th=title, key=title,
        sessions=(SessionRow(start, start + dt.timedelta(hours=1)),), **more,
    )  # fmt: skip
    made = Opportunity.objects.get(pk=catalogue.publish_many(rows=[row], by=system_user()).ids[0])
    learning.set_first_come(opportunity=made, on=True, by=city.stranger)
    return made


def pin(city: SmallCity) -> Person:
    agreed = [(Purpose.CARE, city.here), (Purpose.ENROL, city.there), (Purpose.REFER, city.there)]
    consents = tuple(ConsentRow(purpose, office, How.SIGNATURE, sensitive=True) for purpose, office in agreed)
    row = PinRow(area=city.here.area, given="สมหญิง", consents=consents)
    return people.pin_person(row=row, partner=city.here, by=city.users[Role.FIELD_WORKER])


def tries(two: Two, thing: Opportunity) -> dict[str, Callable[[Person], object]]:
    """Each action that names somebody and what they may take part in, as the worker may try it."""
    by, here, there = two.worker, two.city.here, two.city.there
    return {
        "catalogue add_wish": lambda who: catalogue.add_wish(person=who, opportunity=thing, by=by),
        "catalogue drop_wish": lambda who: catalogue.drop_wish(person=who, opportunity=thing.pk, by=by),
        "catalogue move_wish": lambda who: catalogue.move_wish(person=who, opportunity=thing.pk, up=True, by=by),
        "cases propose": lambda who: cases.propose(person=who, partner=here, opportunity=thing, by=by),
        "cases refer_at_once": lambda who: cases.refer_at_once(
            person=who, partner=here, to=there, opportunity=thing, by=by
        ),
        "learning take_seat": lambda who: learning.take_seat(person=who, opportunity=thing, by=by, wait=True),
    }  # fmt: skip


def named() -> set[str]:
    found = set()
    for app in APPS:
        module = importlib.import_module(f"okat.city.{app}.actions")
        for name, what in vars(module).items():
            if inspect.isfunction(what) and {"person", "opportunity"} <= inspect.signature(what).parameters.keys():
                found.add(f"{app} {name}")
    return found


def kept(person: Person) -> list[Any]:
    return [
        list(rows.filter(person=person).order_by("pk").values())
        for rows in (Wish.objects, Enrolment.objects, Turn.objects, Case.objects)
    ]


def test_each_action_refuses_alike_what_is_there_and_what_is_not(two: Two) -> None:
    assert named() == tries(two, two.hidden).keys() | FOLLOWS
    for thing in two.telling:
        for name, attempt in tries(two, thing).items():
            said = []
            for person in (two.has, two.other):
                before = kept(person)
                with pytest.raises(UndoneError) as refused, transaction.atomic():
                    attempt(person)
                assert kept(person) == before, name
                said.append((type(refused.value), str(refused.value)))
            assert said[0] == said[1], name


def wishes_seen(person: Person) -> list[UUID | None]:
    rows = Wish.objects.filter(person=person, opportunity__telling=False).order_by("place")
    return list(rows.values_list("opportunity", flat=True))


def test_what_is_moved_and_added_goes_past_a_hidden_wish(two: Two) -> None:
    first, second = two.plain[:2]
    for person in (two.has, two.other):
        hidden = list(Wish.objects.filter(person=person, opportunity__telling=True).values())
        catalogue.move_wish(person=person, opportunity=first.pk, up=False, by=two.worker)
        assert wishes_seen(person) == [second.pk, first.pk]
        for one in two.plain[2:]:
            catalogue.add_wish(person=person, opportunity=one, by=two.worker)
        assert len(wishes_seen(person)) == MOST_WISHES
        assert list(Wish.objects.filter(person=person, opportunity__telling=True).values()) == hidden


def answers(two: Two, person: Person) -> dict[str, tuple[Any, ...]]:
    """What the worker's screens say to each try; each as if the others had not been."""
    client = Client()
    sign_in_fully(client, two.worker)
    wish, found = f"/catalogue/fits/{person.pk}/wish/", {}
    asked: list[tuple[str, dict[str, str]]] = []
    for thing in two.telling:
        place, case = f"/learning/{thing.pk}/place/?person={person.pk}", f"person={person.pk}&opportunity={thing.pk}"
        asked += [(wish, {"do": do, "opportunity": str(thing.pk)}) for do in ("add", "drop", "up", "down")]
        doing = ("take", "wait", "accept", "decline", "leave")
        asked += [(place, {"do": do, "agreed": "on", "how": "verbal", "sure": "1"}) for do in doing]
        asked += [(f"/cases/refer/?{case}", {"partner": str(two.city.here.pk), "how": "offer", "goal": ""})]
    probe = f"/learning/{two.plain[2].pk}/place/?person={person.pk}"  # at the hour of the hidden one
    asked += [(probe, {"do": do}) for do in ("take", "wait")]
    for url, data in asked:
        mark = transaction.savepoint()
        RateCount.objects.all().delete()
        shown = client.get(url) if "/wish/" not in url else None
        sent = {**data, **words_on(client, url)} if shown is not None and shown.status_code == 200 else data
        page = client.post(url, sent)
        said = [str(message) for message in get_messages(page.wsgi_request)]
        texts = [FRESH.sub("", one.content.decode()) for one in (shown, page) if one is not None]
        where = FRESH.sub("", getattr(page, "url", ""))
        known = url.replace(str(person.pk), "P"), str(data)
        found[" ".join(known)] = (page.status_code, where, said, texts)
        transaction.savepoint_rollback(mark)
    return found


def test_no_screen_tells_whether_it_is_there_nor_when_it_is(two: Two) -> None:
    """Also an ordinary course at the hour of the hidden one says nothing of it, and is entered."""
    mine, theirs = answers(two, two.has), answers(two, two.other)
    assert mine.keys() == theirs.keys()
    for url, said in mine.items():
        assert said == theirs[url], url
    entered = [said for url, said in mine.items() if str(two.plain[2].pk) in url]
    assert [said[0] for said in entered] == [302, 302]
