"""The page of a partner that leaves says how much is left to settle, and to no coordinator how many people stand behind
it: their numbers are whole tens, and what tells of a disability is not named where somebody takes part in it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from tests.learning.conftest import DAY, FIRST, School, make
from tests.learning.test_line import EARLY, ask, course_of
from tests.read_aloud import shown
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.registries import HANDOVER
from okat.city.partners import actions, queries
from okat.city.partners.models import Partner
from okat.city.partners.queries import Held
from okat.city.partners.rules import Role

# Whose number no single person changes, and why; every other one is told in whole tens.
THINGS = {
    "30 catalogue.open": "published to everybody", "31 catalogue.pledge": "offices promise it",
    "62 jobs.concession": "the employer's own", "70 rounds.round": "published to everybody",
    "80 partners.venue": "open to everybody", "81 partners.contribution": "offices promise it",
}  # fmt: skip


TITLES = ("ทอเสื่อ", "เรียนกับคนตาบอด", "เรียนกับคนหูหนวก")


@pytest.fixture
def school(db: None) -> Iterator[School]:
    with clock.at(EARLY):
        made = make(sessions=1)
        yield made


@pytest.fixture
def lead(school: School) -> Client:
    user = make_user("lead")
    actions.add_member(partner=school.city.hospital, user=user, role=Role.COORDINATOR, by=system_user())
    sign_in_fully(client := Client(), user)
    return client


def tell(*courses: Opportunity, yes: bool = True) -> None:
    """Taking part in them tells of a disability."""
    Opportunity.objects.filter(pk__in=[each.pk for each in courses]).update(telling=yes)


def page(client: Client, code: str, *, said: bool = False) -> str:
    """What stands on it; with `said` what its refusal says."""
    url = f"/partners/{code}/leave/"
    name = Partner.objects.get(code=code).th
    answer = client.post(url, {"reason": "wish", "code": name}) if said else client.get(url)
    assert answer.status_code == 200
    return " ".join(shown(answer.content.decode().partition("<main")[2].partition("</main")[0]).split())


def test_every_number_with_people_behind_it_is_told_in_whole_tens(school: School) -> None:
    partner = school.city.town
    assert {key for key, holding in HANDOVER if holding.things} == set(THINGS)
    for key, holding in HANDOVER:
        told = {count: Held(key, holding, count, partner).said for count in range(1, 45)}
        for count, text in told.items():
            if key in THINGS:
                assert str(count) in text, key
                continue
            same = [other for other, elsewhere in told.items() if elsewhere == text]
            assert same == [n for n in told if n // 10 == count // 10], (key, count)
            assert {int(n) % 10 for n in re.findall(r"\d+", text)} <= {0}, (key, text)


def test_one_more_person_changes_nothing_of_the_page(school: School, lead: Client) -> None:
    town = school.city.town
    course, telling, other = (course_of(school, title, places=9, start=FIRST + DAY) for title in TITLES)
    persons = [school.city.pin(f"คน{n}") for n in range(6)]
    ask(school, course, persons[0])
    ask(school, telling, persons[1])
    tell(telling, other)
    before = {(code, said): page(lead, code, said=said) for code in (town.code, "school") for said in (False, True)}
    assert "ไม่ถึงสิบ คน" in before[town.code, False]
    assert "หลักสูตรที่มีผู้เรียน ไม่ถึงสิบ หลักสูตร" in before["school", False]
    school.city.pin("มาใหม่")
    for course_, person in ((course, persons[2]), (telling, persons[3]), (other, persons[4])):
        tell(course_, yes=False)
        ask(school, course_, person)
    tell(telling, other)
    for (code, said), text in before.items():
        assert page(lead, code, said=said) == text, (code, said)


def test_a_course_that_tells_is_named_only_as_published(school: School, lead: Client) -> None:
    plain, telling = (course_of(school, title, places=9, start=FIRST + DAY) for title in ("ทอเสื่อ", "เรียนกับคนตาบอด"))
    for course in (plain, telling):
        ask(school, course, school.city.pin(course.title_th))
    tell(telling)
    held = {each.key: each for each in queries.held_by(Partner.objects.get(code="school"))}
    assert set(held["30 catalogue.open"].names) >= {"ทอเสื่อ", "เรียนกับคนตาบอด"}
    assert "ทอเสื่อ" in held["40 learning.course"].names
    assert "เรียนกับคนตาบอด" not in held["40 learning.course"].names
    assert not held["40 learning.course"].more
