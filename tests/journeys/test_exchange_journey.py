"""An officer takes in another program's package and a calendar; anybody finds the page on open data."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.catalogue.conftest import build, published, weaving
from tests.files.exchange.packages import package, school
from tests.files.exchange.test_calendar_files import HOUR, calendar, event
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.journeys.test_catalogue_journey import sign_in

from okat.city.catalogue.models import Opportunity

SCREENS = [("th", 360, True), ("en", 1280, False)]


@pytest.fixture(params=SCREENS, ids=["th-360-js", "en-1280-nojs"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def send(page: Page, file: Path) -> None:
    page.goto("/people/import/opportunities/")
    page.set_input_files("input[type=file]", str(file))
    page.click("main form button")


def test_a_package_and_a_calendar_come_in(screen: Screen, tmp_path: Path) -> None:
    city = build()
    course = published(city, weaving(provider="nfe", title_th="ทอผ้าขั้นต้น", title_en="First weaving"))[0]
    sign_in(screen, city.officer)
    broken = school()
    broken["service_at_location"][0]["location_id"] = "nowhere"
    zipped, wrong, dates = (tmp_path / name for name in ("school.zip", "broken.zip", "school.ics"))
    zipped.write_bytes(package(school()))
    wrong.write_bytes(package(broken))
    dates.write_bytes(calendar(event(*HOUR, "RRULE:FREQ=WEEKLY;COUNT=3", "LOCATION:ศาลากลางบ้าน")))
    page = screen.visit("/people/import/opportunities/")
    screen.check("import-start")
    send(page, wrong)
    expect(page.locator("#errors")).to_contain_text("service_at_location.csv")
    screen.check("import-package-broken")
    send(page, zipped)
    screen.check("import-package")
    page.locator("main form[action$='/run/'] button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3")
    send(page, dates)
    page.select_option("select[name=into]", str(course.pk))
    page.locator("form:has(select[name=into]) button").click()
    screen.check("import-calendar")
    page.locator("main form[action$='/run/'] button").click()
    assert Opportunity.objects.get(pk=course.pk).sessions.count() == 3
    screen.visit("/api/")
    screen.check("open-data")
