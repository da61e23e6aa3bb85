"""Each role reads its own day, the first page, the figures and the search; an auditor reads the trail."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.cases.conftest import City, build
from tests.journeys.conftest import PageAt
from tests.journeys.test_case_journey import a_new_case
from tests.signing import make_user

from okat.city.accounts import actions as accounts
from okat.city.accounts import queries
from okat.city.accounts.models import User
from okat.city.partners.actions import add_member
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.rules import How, Purpose

SCREENS = [("th", 360, True), ("en", 1280, False)]
WAITING = 30  # enough that the tables of the gaps are not held back


@pytest.fixture
def city(live_city: str) -> City:
    """An offer to the resident, a case in the queue of the school, and people who wait."""
    cache.clear()
    made = build()
    made.offered()
    a_new_case(made)
    agreed = (ConsentRow(Purpose.CARE, made.town, How.SIGNATURE),)
    rows = [
        PinRow(
            area=made.town.area, given=f"คนที่{n}", family="รอเรียน", sex="fm"[n % 2], needs=("learn",), consents=agreed
        )
        for n in range(WAITING)
    ]
    people.pin_many(rows=rows, partner=made.town, by=queries.system_user())
    return made


def staff(city: City, login: str, role: Role | None = None) -> User:
    """A user of the city, or a new one of the town, with the second factor."""
    if role is None:
        user = User.objects.get(login=login)
    else:
        user = make_user(login, name=f"คุณ {login}")
        add_member(partner=city.town, user=user, role=role, by=queries.system_user())
    accounts.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    return user


@pytest.mark.parametrize("at", SCREENS, ids=["th-360-js", "en-1280-nojs"])
def test_each_role_reads_its_own_day(city: City, page_at: PageAt, at: tuple[str, int, bool]) -> None:
    screen = page_at(*at)
    screen.visit("/")
    screen.check("desk-home")
    screen.visit("/pulse/")
    screen.check("desk-pulse")

    worker = page_at(*at)
    worker.sign_in(staff(city, "worker"))
    worker.visit("/today/")
    worker.check("desk-today-worker")
    page = worker.visit("/search/?q=รอเรียน")
    expect(page.locator("main li.task")).not_to_have_count(0)
    worker.check("desk-search")
    worker.visit("/search/?q=ไม่มีใครชื่อนี้")
    expect(page.locator("main li.task")).to_have_count(0)
    worker.check("desk-search-nothing")

    officer = page_at(*at)
    officer.sign_in(staff(city, "officer"))
    page = officer.visit("/today/")
    expect(page.locator("article.task a[href='/cases/?late=0']")).to_have_count(1)  # the referral waits for the school
    officer.check("desk-today-officer")

    resident = page_at(*at)
    resident.sign_in(city.resident)
    page = resident.visit("/today/")
    expect(page.locator("article.task a[href^='/cases/mine/']")).to_have_count(1)
    resident.check("desk-today-resident")


@pytest.mark.parametrize("at", SCREENS, ids=["th-360-js", "en-1280-nojs"])
def test_those_who_watch_read_figures_and_the_trail(city: City, page_at: PageAt, at: tuple[str, int, bool]) -> None:
    lead = page_at(*at)
    lead.sign_in(staff(city, "lead", Role.COORDINATOR))
    lead.visit("/today/")
    lead.check("desk-today-coordinator")
    page = lead.visit("/gaps/")
    expect(page.locator("#sex tbody tr")).to_have_count(2)
    lead.check("desk-gaps")

    auditor = page_at(*at)
    auditor.sign_in(staff(city, "auditor", Role.AUDITOR))
    page = auditor.visit("/audit/")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    auditor.check("desk-audit")
    page.locator("details.card > summary").click()
    page.select_option("#id_verb", "cases.")
    page.locator("main form button").first.click()
    expect(page.locator("tbody tr")).not_to_have_count(0)
    auditor.check("desk-audit-cases")
    page.goto("/audit/?who=nobody-at-all")
    expect(page.locator("tbody tr")).to_have_count(0)
    auditor.check("desk-audit-nothing")
