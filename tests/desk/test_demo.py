"""The demo city is made through the same actions as everything else, is the same every time, and is certified."""

import itertools

import pytest
from django.test import Client
from django.utils import translation

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.rules import State, Verb
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import find
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.solve.unmet import suggestions
from okat.city.core import kept
from okat.city.desk.commands.demo import build
from okat.city.desk.queries import pulse
from okat.city.learning.models import FirstCome
from okat.city.partners.models import Venue
from okat.city.people.models import Consent, Person
from okat.city.people.rules import wording

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(settings: object, tmp_path: object) -> list[str]:
    kept.forget_all()
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    lines: list[str] = []
    build.build(lines.append, people=300, places=60)
    return lines


def test_it_says_what_it_did_and_the_round_is_certified(said: list[str]) -> None:
    assert "certificate: passed" in said
    assert FirstCome.objects.exists()
    assert build.built()
    assert Person.objects.count() >= 300
    assert Opportunity.objects.count() == 60
    assert all(user.demo for user in User.objects.filter(is_system=False))
    kinds = set(Opportunity.objects.values_list("kind", flat=True))
    assert kinds >= {"basic_upper", "occupation", "interest", "literacy", "community_problem", "workplace", "event"}
    assert Opportunity.objects.filter(credits__gt=0, level="upper-secondary").exists()
    assert Venue.objects.filter(open_to_all=True).exclude(opening={}).count() >= 10
    assert find(Look(families=("learn",), usable=("deaf",))).rows
    assert [one.asks for one in suggestions()] == [20, 10, 10]  # a sub-district, a district, a sub-district
    texts = Consent.objects.exclude(words=None).values_list("sensitive", "recipient__th", "words__text").distinct()
    assert {sensitive for sensitive, _office, _text in texts} == {True, False}
    with translation.override("th"):
        assert all((wording.explicit(office) in text) == sensitive for sensitive, office, text in texts)


def test_an_earlier_round_has_its_cases_and_outcomes(said: list[str]) -> None:
    held = Case.objects.filter(transitions__verb=Verb.START).distinct()
    assert held.count() >= 10
    assert set(held.values_list("state", flat=True)) <= {State.OUTCOME, State.COMPLETED, State.LEFT}
    asked = FollowUp.objects.filter(after_days=30)
    assert 0 < asked.exclude(recorded_at=None).count() < asked.count()
    days = Transition.objects.filter(case__in=held).order_by("id").values_list("case", "at")
    for _case, moments in itertools.groupby(sorted(days), lambda pair: pair[0]):
        assert len(set(moments)) >= 4  # each step on a day of its own
    found = pulse.pulse()
    assert found.answered is not None
    assert found.asked is not None


def test_a_second_city_is_not_built_over_people(said: list[str]) -> None:
    with pytest.raises(SystemExit, match="clean-demo"):
        build.build(print, people=10, places=5)


def test_the_first_page_shows_the_doors(said: list[str], client: Client) -> None:
    page = client.get("/").content.decode()
    assert "วันนี้อยากได้โอกาสเรื่องอะไร" in page
    assert page.count('class="card door"') == 4


def test_young_people_find_ways_and_agencies_their_quota(said: list[str], client: Client) -> None:
    assert any("tied to an occupation" in line for line in said)
    page = client.get("/jobs/youth/office-clerk/").content.decode()
    assert "11,000" in page
    page = client.get("/jobs/quota/city/").content.decode()
    assert "1,240" in page
