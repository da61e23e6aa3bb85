"""Nothing ends at one tap: each address that ends something says first what follows, and then does it."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.called import called_by, takes_posts
from tests.access.objects import makers
from tests.access.thing import Thing
from tests.access.walk import Address, addresses
from tests.learning.making import course_of
from tests.read_aloud import shown
from tests.rounds.access import made as round_of
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts import actions as accounts
from okat.city.accounts.rules import Channel
from okat.city.accounts.rules import How as Confirmed
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.cases.views.ending import FOLLOWS, follows
from okat.city.catalogue.actions import name_holder
from okat.city.catalogue.models import Opportunity, Wisdom
from okat.city.core import access, clock
from okat.city.core.ending import asks
from okat.city.core.models import AuditEntry
from okat.city.learning.models import Enrolment
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.actions import run_import
from okat.city.people.models import ImportBatch
from okat.city.people.rules import How
from okat.city.rounds.models import Result, Round

# What these beginnings of an action's name mean: something ends.
ENDS = (
    "withdraw", "leave", "end_", "close", "decline", "drop_", "remove_", "stop_", "take_back", "take_out", "revoke",
    "undo_", "recall", "hide_", "cancel", "unlink_", "lose_", "return_", "hand_over", "erase", "refuse_", "settle",
    "set_status", "merge",
)  # fmt: skip


@dataclass(frozen=True)
class Says:
    """A page that holds the form, and what stands above its button; `ready` brings an object into a state in which
    there is something to end."""

    page: str
    words: tuple[str, ...]
    ready: Callable[[SmallCity], Thing] | None = None
    query: str = ""


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


def named(city: SmallCity) -> Thing:
    thing = makers()["catalogue:holder"](city)
    name_holder(holder=Wisdom.objects.get(pk=thing.arguments["pk"]), how=How.VERBAL, by=city.users[Role.OFFICER])
    return thing


def to_come(city: SmallCity) -> Thing:
    thing = makers()["learning:session"](city)
    course_of(city).opportunity.sessions.update(start=clock.now(), end=clock.now() + dt.timedelta(hours=2))
    return thing


def own_account(city: SmallCity) -> Thing:
    makers()["people:mine-withdraw"](city)
    return Thing({}, owner=city.resident)


def linked(city: SmallCity) -> Thing:
    makers()["people:mine-withdraw"](city)
    person = city.resident.person
    return Thing({"pk": person.pk}, owner=city.users[Role.FIELD_WORKER])


def held(city: SmallCity) -> Thing:
    made = round_of(city)
    Result.objects.filter(application=made.application).update(answer_by=clock.today() + dt.timedelta(days=3))
    return Thing({"pk": made.application.pk}, owner=made.resident)


def applied(city: SmallCity) -> Thing:
    """In a round that takes applications until tomorrow."""
    made = round_of(city)
    Result.objects.filter(application=made.application).delete()
    Round.objects.filter(pk=made.round.pk).update(status="open", closes_at=clock.now() + dt.timedelta(days=1))
    return Thing({"pk": made.application.pk}, owner=made.resident)


def addressed(city: SmallCity) -> Thing:
    user = city.resident
    made = accounts.give_address(user=user, channel=Channel.EMAIL, value="new@example.org", by=user)
    accounts.confirm_address(address=made, how=Confirmed.LINK, by=user)
    return Thing({"channel": "email"}, owner=user)


# Where the form's own page says it, with the names; the first sending does it.
SAYS = {
    "cases:act": Says("cases:case", ("จะไม่รับ “", "เทศบาล")),
    "cases:answer": Says("cases:own", ("คุณไม่รับ “", "เทศบาล")),
    "catalogue:close": Says("catalogue:close", ("ไม่รับคนเพิ่มแล้ว", "“")),
    "catalogue:cancel": Says("catalogue:cancel", ("จะไม่มีการจัด", "“")),
    "catalogue:holder-hide": Says("catalogue:holder", ("ยายจันทร์", "หายจากทุกหน้า"), named),
    "learning:revoke": Says("learning:revoke", ("จากนี้ใครตรวจใบนี้จะเห็นว่าถูกเพิกถอนแล้ว", "ทอผ้า")),
    "people:mine-unlink": Says("people:mine-unlink", ("บัญชีของคุณจะเปิดประวัตินี้ไม่ได้อีก", "เทศบาล"), own_account),
    "people:link": Says("people:link", ("บัญชีจะเปิดประวัตินี้ไม่ได้อีก", "ชาวบ้าน"), linked),
    "people:join": Says("people:double", ("ทุกอย่างของอีกรายการจะย้ายมาที่รายการที่เก็บไว้",)),
    "people:changed": Says("people:changed", ("การเยี่ยมและการเตือนหยุด", "มาลี"), query="?kind=died"),
    "partners:leave": Says("partners:leave", ("เทศบาล",)),
}
# What is easily had again, or asked otherwise: why nothing needs to be said.
OTHERWISE = {
    "accounts:end-sessions": "signing in again undoes it",
    "accounts:line-webhook": "LINE says that the person has gone there",
    "accounts:second-factor-drop": "the second factor is asked again first",
    "catalogue:sharing": "the same list asks for it again",
    "catalogue:wish-mine": "the same list adds it again",
    "catalogue:wish-of": "the same list adds it again",
    "cases:goal-add": "draws the case's page, and ends nothing",
    "cases:goal-end": "a shared goal is met or dropped by its own two buttons, and planned anew",
    "learning:call-off": "the form says above its button that all are told; a called-off session is brought back there",
    "partners:away": "being back is said by whoever was away, and being away again by the same page",
    "partners:invitation": "only shows the invitation",
    "partners:invitation-answer": "a page of its own that says who invites to what; the office invites again",
    "partners:invitation-recall": "an invitation is sent again by the button beside it",
    "partners:member-away": "being back is said by whoever was away, and being away again by the same page",
    "partners:settle": "one line of the page on which an office leaves, which says who takes it",
    "people:need": "a need is closed with its own choice of met or gone, and noted anew by the same button",
    "people:part": "brings back what was, and the pair can be joined again",
    "people:refuse-pair": "the same two can be proposed again by hand",
    "people:settle": "gives back second places of one person, which the page lists",
    "people:slip-not-told": "a slip that was marked by a wrong tap waits again",
    "people:slip-told": "a slip was handed over: nothing ends but the waiting",
    "rounds:appeal": "draws the result's page, and ends nothing",
    "rounds:places": "a place taken out of a round that is planned is added again by the same page",
    "rounds:step": "a step of a round, which its page names with what follows; the clock does the same",
}
# A sending that the address takes for one that ends something, where not every one is.
LOOKS = ("people.read", "people.look", "accounts.sign_in")
SENT: dict[str, dict[str, str]] = {"learning:place": {"do": "leave"}, "rounds:answer": {"answer": "decline"}}
READY = {
    "people:import-undo": imported, "learning:place": seated, "accounts:address-drop": addressed, "rounds:answer": held,
    "rounds:withdraw": applied,
}  # fmt: skip


def ending() -> dict[str, list[str]]:
    """Every address to which something may be sent that ends something, with the actions that do it."""
    found = {}
    for address in addresses():
        names = [name for name in called_by(address.view) if name.split(".")[1].startswith(ENDS)]
        if names and takes_posts(address.view):
            found[address.name] = sorted(names)
    return found


def asking() -> list[Address]:
    return [address for address in addresses() if asks(address.view)]


def test_every_address_that_ends_something_asks_or_says_it_or_has_its_reason_here() -> None:
    """A new one, found by the actions that its view can reach, needs the shared page or a line above."""
    known = {address.name for address in asking()} | SAYS.keys() | OTHERWISE.keys()
    assert {name: names for name, names in ending().items() if name not in known} == {}
    assert (SAYS.keys() | OTHERWISE.keys()) - ending().keys() == set()


def test_these_addresses_ask() -> None:
    assert {address.name for address in asking()} >= {
        "people:mine-withdraw", "people:withdraw", "people:import-undo", "people:import-drop", "learning:place",
        "learning:end-link", "learning:withdraw-link", "learning:withdraw-recognition", "learning:remove-material",
        "partners:member-end", "catalogue:lookout-stop", "catalogue:pledge-back", "jobs:slot-close",
        "accounts:address-drop", "rounds:answer", "rounds:withdraw",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(address.name for address in asking()))
def test_the_first_sending_changes_nothing_and_the_page_says_what_follows(name: str) -> None:
    city = small_city.build()
    address = next(one for one in asking() if one.name == name)
    thing = READY.get(name, makers()[name])(city)
    url, sent = reverse(name, kwargs=thing.arguments), SENT.get(name, {})
    for client in readers(city, address, thing):
        before = written()
        page = client.post(url, sent)
        if page.status_code == 200:
            break
    else:
        raise AssertionError(name)
    text = page.content.decode()
    assert 'name="sure" value="1"' in text
    assert "สิ่งที่จะเกิดขึ้น" in text
    assert text.count("<li>") >= 1
    assert written() == before
    assert client.post(url, {**sent, "sure": "1"}).status_code == 302
    assert written() != before


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SAYS))
def test_the_forms_own_page_says_what_follows_by_name(name: str) -> None:
    city, says = small_city.build(), SAYS[name]
    thing = (says.ready or makers()[says.page])(city)
    address = next(one for one in addresses() if one.name == says.page)
    pages = []
    for client in readers(city, address, replace(thing, owner=thing.owner)):
        answer = client.get(reverse(says.page, kwargs=thing.arguments) + says.query)
        pages.append(shown(answer.content.decode()) if answer.status_code == 200 else str(answer.status_code))
        if all(words in pages[-1] for words in says.words):
            return
    raise AssertionError(pages)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", sorted(FOLLOWS))
def test_each_step_of_a_case_that_ends_something_names_person_thing_and_partner(verb: Verb) -> None:
    city = small_city.build()
    case = Case.objects.get(pk=makers()["cases:case"](city).arguments["pk"])
    said = follows(verb, case, case.person)
    assert "สมหญิง ใจดี" in said
    assert "เรียนต่อ" in said
    assert city.here.th in said
    assert "%" not in said


def written() -> list[str]:
    """What the audit trail holds but for looks at a record."""
    return list(AuditEntry.objects.exclude(verb__in=LOOKS).order_by("pk").values_list("verb", flat=True))


def readers(city: SmallCity, address: Address, thing: Thing) -> Iterator[Client]:
    """Whoever may open it, signed in."""
    mark = access.of(address.view)
    assert mark is not None
    staff: list[Any] = [user for role, user in city.users.items() if PERMISSIONS[role] & set(mark.permissions)]
    for user in [thing.owner] if thing.owner else staff or [city.resident]:
        client = Client()
        sign_in_fully(client, user)
        yield client
