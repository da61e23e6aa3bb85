"""Policies tried on real people: whoever tries many and subtracts is left with no one to nine people, of no group and
of no district; made-up people are counted exactly."""

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.read_aloud import shown
from tests.rounds.conftest import AFTER, City
from tests.rounds.test_rounds_variants import chosen, tried
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.models import Round
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.rules.variant import Ties, Variant
from okat.city.rounds.solve import Compared, PlaceRow, Tried

# One after another, as somebody would slide a number until one person moves.
NEAR = [Variant(Policy(score=0, need=0, waiting=0, near=100, near_km=km)) for km in range(1, 40, 3)]


def city_of(count: int, *, rare: int = 3) -> tuple[list[PlaceRow], list[Tried]]:
    """One place with half as many seats; each person lives a kilometre further, and few are of a rare group."""
    people = [
        tried(f"p{n:03d}", "a", *(["rare"] if n < rare else ["older"]), score=50, need=True, waiting_days=0, km=n % 40)
        for n in range(count)
    ]
    return [PlaceRow("a", count // 2, ())], people


def numbers(each: Compared) -> list[int]:
    told = [each.placed, each.first_percent, each.areas_reached, *each.gains.values(), *each.loses.values()]
    assert each.mean_km is None
    return [number for number in told if number is not None]


@pytest.mark.parametrize("count", [7, 19, 60, 137])
def test_no_number_of_real_people_and_no_difference_is_one_to_nine(count: int) -> None:
    places, people = city_of(count)
    variants = [*NEAR, *(Variant(Policy(), ties) for ties in Ties), Variant(Policy(), quotas=(("rare", 50),))]
    told = [solve.compare([Variant(Policy()), each], places, people, seed="s", real=True)[1] for each in variants]
    exact = [solve.compare([Variant(Policy()), each], places, people, seed="s", real=False)[1] for each in variants]
    assert any((each.gains[""] or 0) % 10 > 0 for each in exact)  # there was something to subtract
    for each in told:
        assert not [key for key in (*each.gains, *each.loses) if key.startswith("area:")]
        assert {number % 10 for number in numbers(each)} <= {0}
        assert 0 not in numbers(each)  # nobody, and one to nine, are one
        assert each.gains.get("rare") is None
    for one, other in itertools.combinations(range(len(told)), 2):
        apart = abs((exact[one].gains[""] or 0) - (exact[other].gains[""] or 0))
        shown_apart = abs((told[one].gains[""] or 0) - (told[other].gains[""] or 0))
        assert shown_apart % 10 == 0
        assert shown_apart in {apart - apart % 10, apart - apart % 10 + 10}


def test_whether_one_person_takes_part_or_is_of_a_group_shows_nowhere() -> None:
    places, people = city_of(67)
    same = replace(people[-1], groups=frozenset({"rarest"}), area="4002")
    for variant in NEAR:
        for each in solve.compare([Variant(Policy()), variant], places, [*people[:-1], same], seed="s", real=True):
            assert each.gains.get("rarest") is None
            assert each.loses.get("rarest") is None
            assert "4002" not in str((each.gains, each.loses))


@pytest.fixture
def lead(city: City) -> Client:
    client = Client()
    sign_in_fully(client, city.lead)
    return client


def main(client: Client, url: str, query: dict[str, Any] | None = None) -> str:
    page = client.get(url, query or {}).content.decode()
    found = page.partition("<main")[2].partition('<form method="get"')[0]
    return " ".join(shown(found).split())


def last_round(city: City, people: int, older: int) -> Round:
    """A decided round, and the next one, which is being planned."""
    offers = city.offers({"capacity": 8, "reserves": ({"group": "older", "seats": 2},)}, {"capacity": 5})
    made = city.opened(offers)
    persons = city.pin(people)
    city.older(*persons[:older])
    city.applied(made, dict.fromkeys(persons, offers))
    city.published(made)
    following = city.draft(title_th="รอบถัดไป")
    actions.add_places(round=following, opportunities=offers, by=city.lead)
    return following


def test_the_page_tells_no_group_of_few_and_no_district_of_the_last_round(city: City, lead: Client) -> None:
    made = last_round(city, 17, 1)
    url = reverse("rounds:compare", args=[made.pk])
    page = main(lead, url, chosen("A", ties="near", group_1="older", percent_1="50"))
    assert "10+" in page  # on so many people
    assert "17" not in page
    assert city.area.parent is not None
    assert queries.area_names([city.area.code])
    assert "บ้านเป็ด" not in page
    cells = re.findall(r"[+−] (\S+)", page.partition("เทียบกับ")[2])
    assert not [cell for cell in cells if re.fullmatch(r"[1-9]", cell)]
    exact = main(lead, url, {**chosen("A", ties="near"), "data": "synthetic"})
    assert "400" in exact


def test_a_look_at_the_rounds_own_people_tells_whole_tens_too(city: City, lead: Client) -> None:
    offers = city.offers({"capacity": 4})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(13), offers))
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
        page = lead.post(reverse("rounds:compare", args=[made.pk])).content.decode()
    text = " ".join(shown(page.partition("<main")[2].partition('<form method="get"')[0]).split())
    assert "10+" in text
    assert "13" not in text.partition("ดู")[0]
