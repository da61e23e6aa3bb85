"""The demo city is made through the same actions as everything else, is the same every time, and is certified."""

import pytest
from django.test import Client

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.desk.commands.demo import build
from okat.city.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(settings: object, tmp_path: object) -> list[str]:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    lines: list[str] = []
    build.build(lines.append, people=120, places=40)
    return lines


def test_it_says_what_it_did_and_the_round_is_certified(said: list[str]) -> None:
    assert "certificate: passed" in said
    assert build.built()
    assert Person.objects.count() >= 120
    assert Opportunity.objects.count() == 40
    assert all(user.demo for user in User.objects.filter(is_system=False))


def test_a_second_city_is_not_built_over_people(said: list[str]) -> None:
    with pytest.raises(SystemExit, match="clean-demo"):
        build.build(print)


def test_the_first_page_shows_the_doors(said: list[str], client: Client) -> None:
    page = client.get("/").content.decode()
    assert "วันนี้อยากได้โอกาสเรื่องอะไร" in page
    assert page.count('class="card door"') == 4
