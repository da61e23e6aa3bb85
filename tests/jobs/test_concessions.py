"""Places under section 35, and the least wages that the city knows."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from tests import small_city
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.jobs.models import Concession
from okat.city.jobs.queries import employers
from okat.city.jobs.queries.employers import _wages
from okat.city.jobs.rules.quota import Count, quota
from okat.city.partners.rules import Role
from okat.files.city import CityFolderError

pytestmark = pytest.mark.django_db
STALL = {"way": "space", "what": "<b>แผง</b>ตลาด", "places": "๕", "taken": "2", "since": "1 ต.ค. 2568", "until": "",
         "contact": "กองสวัสดิการ", "once": "0190b0b0-0000-7000-8000-000000000051"}  # fmt: skip


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def test_an_employer_writes_places_down_and_everybody_sees_the_free_ones(city: SmallCity, client: Client) -> None:
    manager = entered(city.users[Role.MANAGER])
    for name, value in (("taken", "6"), ("until", "1 ต.ค. 2567"), ("places", "0"), ("way", "gift"), ("what", "")):
        page = manager.post("/jobs/employer/given/", {**STALL, name: value}).content.decode()
        assert f'id="id_{name}_error"' in page, name
    assert not Concession.objects.exists()
    for _ in range(2):
        assert manager.post("/jobs/employer/given/", STALL).status_code == 302
    row = Concession.objects.get()
    assert (row.places, row.taken, row.since, row.until) == (5, 2, dt.date(2025, 10, 1), None)
    page = manager.get("/jobs/employer/").content.decode()
    assert "2 persons have such a place of ours now" in page
    assert 'value="2"' in manager.get("/jobs/employer/count/").content.decode()
    client.cookies["okat_language"] = "en"
    page = client.get("/jobs/concessions/").content.decode()
    assert "Free for persons with disabilities" in page
    assert not re.search(r"<td[^>]*>[^<]*\b3\b", page)  # how many are left, or taken, is told to nobody
    assert "3 places" not in page
    assert "&lt;b&gt;แผง" in page
    assert manager.post(f"/jobs/employer/given/{row.pk}/", {**STALL, "once": "", "taken": "5"}).status_code == 302
    assert "None is free now" in client.get("/jobs/concessions/").content.decode()
    stranger = entered(city.stranger)
    assert stranger.get(f"/jobs/employer/given/{row.pk}/").status_code == 404
    assert stranger.post(f"/jobs/employer/given/{row.pk}/", STALL).status_code == 404
    assert entered(city.users[Role.OFFICER]).post("/jobs/employer/given/", STALL).status_code == 403


def test_the_citys_wages_are_dated_rows_with_sources(city: SmallCity) -> None:
    rows = employers.wages()
    assert [row.since for row in rows] == sorted(row.since for row in rows)
    assert all(row.source.ref for row in rows)
    found = quota(Count(dt.date(2024, 10, 1), 320, 1), rows)
    assert (found.wage, found.wage_since, found.cost) == (350, dt.date(2024, 1, 1), Decimal(350 * 365 * 2))
    assert quota(Count(dt.date(2014, 10, 1), 100, 0), rows).cost == Decimal(109_500)
    assert employers.least_wage().baht == 357


@pytest.mark.parametrize(("line", "said"), [("1 Jan 2025,357,x", "like 2025-01-01"), ("2025-01-01,much,x", "baht like"),
                                            ("2025-01-01,357,", "source must have a value")])  # fmt: skip
def test_a_wrong_row_of_wages_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "wages.csv"
    path.write_text(f"since,baht,source\n{line}\n", encoding="utf-8")
    with pytest.raises(CityFolderError, match=said):
        _wages(path)
