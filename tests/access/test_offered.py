"""A person's page, and the pages of that person to which it leads, offer their reader nothing that would be refused:
neither to whoever opened the record in an emergency, nor to a role that may look and not act."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve, reverse
from tests import small_city
from tests.people.test_life_told import learns, works
from tests.rounds.access import made as round_of
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.people.rules import Emergency

BEGINS = {"cases:refer", "catalogue:tell", "learning:first-come"}  # what a worker is offered to begin for somebody
LINKS = re.compile(r'(href|action)="(/[^"#]*)')


def has_a_place(city: SmallCity) -> Person:
    person = round_of(city).application.person
    assert person is not None
    return person


MADE: dict[str, Callable[[SmallCity], Person]] = {"learning": learns, "jobs": works, "rounds": has_a_place}


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city.build()


def links(client: Client, url: str) -> list[tuple[bool, str]]:
    """What the page leads to, and whether by a form; nothing where its reader may not open it at all."""
    answer = client.get(url)
    if answer.status_code != 200:
        return []
    main = answer.content.decode().partition("<main")[2].partition("</main")[0]
    return [(how == "action", where.replace("&amp;", "&")) for how, where in LINKS.findall(main)]


def refused(client: Client, person: Person) -> tuple[set[str], list[str]]:
    """By name all that the person's page and the pages below it offer, and what of it is refused."""
    page = reverse("people:person", args=[person.pk])
    first = links(client, page)
    below = [link for form, where in first if not form and str(person.pk) in where for link in links(client, where)]
    every = {link for link in [*first, *below] if str(person.pk) in link[1]} | set(first)
    names = {resolve(where.partition("?")[0]).view_name for _form, where in every}
    every = {
        (form, where) for form, where in every if resolve(where.partition("?")[0]).view_name != "accounts:sign-out"
    }
    return names, [
        where for form, where in sorted(every)
        if (client.post(where).status_code == 403 if form else client.get(where).status_code in (403, 404))
    ]  # fmt: skip


FORMS = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"')


def forms(client: Client, person: Person, *more: str) -> dict[str, set[str]]:
    """What there is to send, by the names of the pages: the person's, `more`, and all about the person to which these
    lead."""
    waits = [reverse("people:person", args=[person.pk]), *more]
    seen: set[str] = set(waits)
    found: dict[str, set[str]] = {}
    while waits:
        url = waits.pop()
        answer = client.get(url)
        text = answer.content.decode() if answer.status_code == 200 and not answer.streaming else ""
        main = text.partition("<main")[2].partition("</main")[0]
        if person.family not in main and str(person.pk) not in url and str(person.pk) not in main:
            continue
        name = resolve(url.partition("?")[0]).view_name
        found.setdefault(name, set()).update(
            resolve(where.partition("?")[0]).view_name for where in FORMS.findall(main)
        )
        led = {where.replace("&amp;", "&") for how, where in LINKS.findall(main) if how == "href"} - seen
        seen |= led
        waits += sorted(led)
    return found


def helper(city: SmallCity) -> User:
    """Works elsewhere, where emergencies are opened."""
    user = make_user("helper", name="คนช่วย")
    partners.add_member(partner=city.there, user=user, role=Role.FIELD_WORKER, by=system_user())
    return user


@pytest.mark.parametrize("made", MADE)
def test_an_emergency_reads_and_is_offered_nothing_to_do(made: str, city: SmallCity) -> None:
    person, reader = MADE[made](city), helper(city)
    people.break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.there, by=reader)
    sign_in_fully(client := Client(), reader)
    offered, wrong = refused(client, person)
    assert "people:trail" in offered
    assert not offered & BEGINS
    assert wrong == []


@pytest.mark.parametrize("made", MADE)
def test_no_page_that_an_emergency_reads_has_anything_to_send(made: str, city: SmallCity) -> None:
    person, reader = MADE[made](city), helper(city)
    people.break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.there, by=reader)
    sign_in_fully(client := Client(), reader)
    more = [reverse("rounds:why", args=[round_of(city).application.pk])] if made == "rounds" else []
    sends = forms(client, person, *more)
    assert {"people:person", "people:trail", *(["rounds:why"] if more else [])} <= set(sends)
    assert {name: what for name, what in sends.items() if what} == {}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("made", MADE)
def test_each_role_is_offered_what_it_may_do(made: str, role: Role, city: SmallCity) -> None:
    person = MADE[made](city)
    sign_in_fully(client := Client(), city.users[role])
    offered, wrong = refused(client, person)
    assert wrong == []
    if role in (Role.FIELD_WORKER, Role.OFFICER, Role.MANAGER):
        assert offered >= BEGINS


def test_a_right_elsewhere_is_none_here(city: SmallCity) -> None:
    """Coordinates where the record is kept, and is a field worker somewhere else."""
    person, lead = learns(city), city.users[Role.COORDINATOR]
    partners.add_member(partner=city.there, user=lead, role=Role.FIELD_WORKER, by=system_user())
    sign_in_fully(client := Client(), lead)
    offered, wrong = refused(client, person)
    assert "people:trail" in offered
    assert not offered & {"cases:refer", "learning:first-come"}
    assert wrong == []
