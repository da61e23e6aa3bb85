"""Where somebody lived before: by it a move or a household that was noted by mistake is noted again as it was."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City
from tests.read_aloud import shown
from tests.signing import sign_in_fully

from okat.city.people import actions
from okat.city.people.models import Person
from okat.city.people.queries import life

TICKED = re.compile(r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]*)"[^>]*\bchecked')
TYPED = re.compile(r'<input type="text" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def kru(city: City, client: Client) -> Client:
    city.teacher.memberships.get().areas.add(city.sila)
    sign_in_fully(client, city.teacher)
    return client


def now(person: Person) -> Person:
    return Person.objects.select_related("household", "key").get(pk=person.pk)


def again(client: Client, person: Person, wish: str) -> str:
    """Press the first “Note it again as it was”, and send its form without touching it; the page it stood on."""
    url = reverse("people:changed", args=[person.pk])
    page = client.get(url).content.decode()
    link = re.search(rf'href="(\?kind={wish}&amp;before=\d)#{wish}"', page)
    assert link, shown(page)
    opened = url + link[1].replace("&amp;", "&")
    form = client.get(opened).content.decode().partition(f'name="do" value="{wish}"')[2].partition("</form")[0]
    data: dict[str, Any] = {"do": wish, **dict(TYPED.findall(form)), **dict(TICKED.findall(form))}
    answer = client.post(opened, data)
    assert answer.status_code == 302, shown(answer.content.decode())
    return shown(page)


def test_a_wrong_household_is_noted_again_as_it_was(kru: Client, city: City) -> None:
    one, two = city.pin("หนึ่ง"), city.pin("สอง")
    home = actions.change_household(people=[one, two], living=actions.Living(house="5 ซอยเก่า"), by=city.teacher)
    actions.change_household(people=[one], living=actions.Living(house="99 ซอยทดลอง"), by=city.teacher)
    page = again(kru, one, "home")
    assert "5 ซอยเก่า" in page
    assert "สอง ใจดี" in page
    assert now(one).household == home
    assert "99 ซอยทดลอง" in shown(kru.get(reverse("people:changed", args=[one.pk])).content.decode())


def test_a_wrong_move_is_noted_again_as_it_was_the_place_first_and_then_the_house(kru: Client, city: City) -> None:
    one, two = city.pin("หนึ่ง"), city.pin("สอง")
    home = actions.change_household(people=[one, two], living=actions.Living(house="5 ซอยเก่า"), by=city.teacher)
    actions.move_people(people=[one], area=city.sila, by=city.teacher)
    assert now(one).household is None
    again(kru, one, "move")
    assert now(one).area == city.ban_ped
    again(kru, one, "home")
    assert now(one).household == home


def test_a_house_that_moved_with_all_of_its_people_has_its_words_again(kru: Client, city: City) -> None:
    one = city.pin("หนึ่ง")
    home = actions.change_household(people=[one], living=actions.Living(house="5 ซอยเก่า"), by=city.teacher)
    actions.move_people(people=[one], area=city.sila, house="7 ซอยใหม่", by=city.teacher)
    assert now(one).household == home
    again(kru, one, "move")
    found = now(one)
    assert found.household is not None
    assert (found.area, found.household.house) == (city.ban_ped, "5 ซอยเก่า")


def test_who_was_in_no_household_is_so_again(kru: Client, city: City) -> None:
    one, two = city.pin("หนึ่ง"), city.pin("สอง")
    actions.change_household(people=[one], living=actions.Living(beside=two), by=city.teacher)
    again(kru, one, "home")
    assert now(one).household is None


def test_only_those_are_named_whom_the_reader_may_see(kru: Client, city: City) -> None:
    one = city.pin("หนึ่ง")
    theirs = actions.pin_person(
        row=city.row("สาม", consents=(actions.ConsentRow("care", city.social, "signature"),)),  # type: ignore[arg-type]
        partner=city.social, by=city.officer,
    )  # fmt: skip
    actions.change_household(people=[one, theirs], living=actions.Living(house="5 ซอยเก่า"), by=city.teacher)
    actions.change_household(people=[one], living=actions.Living(), by=city.teacher)
    (home, *_others) = life.homes_before(city.teacher, now(one))
    assert (home.house, home.family) == ("5 ซอยเก่า", [])


def test_nothing_is_said_of_who_never_moved_and_a_corrected_name_is_no_move(city: City) -> None:
    person = city.pin()
    actions.update_person(person=person, version=person.version, changes={"given": "สมศรี"}, by=city.teacher)
    assert life.homes_before(city.teacher, now(person)) == []


def test_a_name_that_fits_nobody_is_said(kru: Client, city: City) -> None:
    person = city.pin()
    page = shown(kru.get(reverse("people:changed", args=[person.pk]), {"kind": "home", "q": "ไม่มีใคร"}).content.decode())
    assert "ไม่พบคนชื่อ “ไม่มีใคร”" in page
    own = shown(kru.get(reverse("people:changed", args=[person.pk]), {"kind": "home", "q": "สมหญิง"}).content.decode())
    assert "ไม่พบคนชื่อ “สมหญิง”" in own  # nobody but the person
    other = city.pin("มานี")
    found = kru.get(reverse("people:changed", args=[person.pk]), {"kind": "home", "q": "มานี"}).content.decode()
    assert "ไม่พบคนชื่อ" not in found
    assert str(other.pk) in found
