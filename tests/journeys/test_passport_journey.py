"""A learner shows the passport to an employer for seven days, sees that it was looked at, and ends it."""

import pytest
from playwright.sync_api import expect
from tests import small_city
from tests.journeys.browser import Screen
from tests.journeys.conftest import PageAt
from tests.learning.making import course_of
from tests.signing import PASSWORD


@pytest.fixture(params=[("th", 360, False), ("en", 1280, True)], ids=["th-360-nojs", "en-1280-js"])
def screen(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    return page_at(*request.param)


def test_a_learner_shows_the_passport_to_an_employer(screen: Screen, page_at: PageAt) -> None:
    city = small_city.build()
    course_of(city)
    screen.sign_in(city.resident, PASSWORD)
    page = screen.visit("/learning/mine/")
    screen.check("passport-mine")
    page.click("a[href$='/mine/share/']")
    page.click("main form button")
    address = page.locator(".key").inner_text()
    screen.check("passport-share")
    employer = page_at(screen.language, screen.width, screen.javascript)
    door = employer.visit(address[address.index("/learning/") :])
    employer.check("passport-door")
    door.click("main form button")
    expect(door.locator("h1")).to_contain_text("สมหญิง ใจดี")
    employer.check("passport-shown")
    screen.visit("/learning/mine/share/")
    expect(page.locator("main li")).to_have_count(1)
    page.locator("button.refuse").click()
    employer.expect_refusal("/learning/passport/")
    door.goto(door.url)
    employer.check("passport-gone")
