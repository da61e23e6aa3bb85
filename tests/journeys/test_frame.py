"""The frame of the site in a browser: every component, the forms, the errors; and the checks themselves can fail."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.browser import NoBrowserError, Screen, chromium
from tests.journeys.conftest import PAIRS, PageAt
from tests.signing import make_user

from okat.city.accounts import actions, queries
from okat.city.core import permissions


def test_the_living_page_is_open_to_all(walk: Screen) -> None:
    page = walk.visit("/style/")
    expect(page.locator("html")).to_have_attribute("lang", walk.language)
    if walk.javascript:
        page.locator("[data-map][data-ready]").wait_for()
    else:
        expect(page.locator("[data-map]")).to_be_hidden()
    walk.check("style")


def test_a_form_that_fails_takes_the_reader_to_what_is_wrong(walk: Screen) -> None:
    page = walk.visit("/style/")
    page.fill("#id_title", "ทอผ้า")
    page.fill("#id_starts", "someday")
    page.locator("#forms button").first.click()
    expect(page.locator("#id_title")).to_have_value("ทอผ้า")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a[href='#id_starts']").click()
    assert page.url.endswith("#id_starts")
    walk.shot("form-errors")
    if walk.javascript:
        walk.axe()


def test_the_menu_opens_and_the_language_changes_without_scripts(walk: Screen) -> None:
    page = walk.visit("/style/")
    if walk.width < 1160:
        page.locator("details.menu > summary").click()
        walk.check("menu")
    page.locator("button[name=language]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if walk.language == "th" else "th")
    assert page.url.endswith("/style/")


def test_the_largest_text_still_fits(walk: Screen) -> None:
    page = walk.visit("/style/")
    for _ in range(2):
        if walk.width < 1160:
            page.locator("details.menu > summary").click()
        page.locator("button[name=size]:visible").click()
    expect(page.locator("html")).to_have_attribute("data-text", "largest")
    walk.no_sideways_scroll()
    walk.shot("style-largest")


def test_the_dark_theme_keeps_its_contrasts(page_at: PageAt) -> None:
    screen = page_at("th", 1280, True, color_scheme="dark")  # type: ignore[call-arg]
    screen.visit("/style/")
    screen.check("style-dark")


def test_an_error_page_says_how_to_go_on(walk: Screen) -> None:
    walk.expect_refusal("/nowhere/")
    page = walk.visit("/nowhere/")
    expect(page.get_by_role("link", name=re.compile("ไปหน้าแรก|Go to the first page"))).to_be_visible()
    walk.check("error-404")


def test_staff_sign_in_and_find_their_ways(walk: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "_source", lambda _: frozenset(permissions.Permission))
    user = make_user("coordinator")
    actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    walk.sign_in(user)
    page = walk.visit("/style/")
    walk.check("staff")
    page.locator("details.menu > summary, details.me > summary").locator("visible=true").click()
    walk.check("staff-menu")
    page.locator("form[action='/accounts/sign-out/'] button:visible").click()
    walk.visit("/style/")
    expect(page.locator("a[href='/accounts/sign-in/']").first).to_be_attached()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page_at: PageAt) -> None:
    page = page_at("en", 1280, True).visit("/style/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_controls_are_large_enough_to_touch(page_at: PageAt) -> None:
    page = page_at("th", 360, True).visit("/style/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".btn, summary, input, select, textarea, a.chip, .nav a, label.tick")]
          .filter((node) => node.offsetParent !== null && !["hidden", "checkbox", "radio"].includes(node.type))
          .filter((node) => node.getBoundingClientRect().height < 43.5)
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_a_phone_without_signal_is_told_so(page_at: PageAt) -> None:
    screen = page_at("th", 360, True, service_workers="allow")  # type: ignore[call-arg]
    page = screen.visit("/style/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    # The worker that stands between the page and the network hears of it a moment later.
    page.wait_for_function("() => fetch(`/style/?${Math.random()}`).then(() => false, () => true)")
    screen.complaints.clear()  # the browser tells of each request that found no network
    screen.visit("/offline-now/")
    expect(page.locator("h1")).to_contain_text("ไม่มีสัญญาณ")
    screen.shot("offline")


def test_the_pairs_cover_all_pairs() -> None:
    values = [("th", "en"), (360, 1280), (True, False)]
    for first in range(3):
        for second in range(first + 1, 3):
            met = {(pair[first], pair[second]) for pair in PAIRS}
            assert met == {(a, b) for a in values[first] for b in values[second]}


def test_axe_sees_a_planted_fault(page_at: PageAt) -> None:
    screen = page_at("th", 1280, True)
    screen.visit("/style/").evaluate("() => document.querySelector('#id_title').labels[0].remove()")
    with pytest.raises(AssertionError, match="label"):
        screen.axe()


def test_sideways_scroll_console_errors_and_refusals_are_seen(page_at: PageAt) -> None:
    screen = page_at("th", 360, True)
    page = screen.visit("/style/")
    page.evaluate("() => { document.querySelector('h1').style.width = '1200px'; console.error('planted'); }")
    with pytest.raises(AssertionError, match="wider than"):
        screen.no_sideways_scroll()
    screen.visit("/nowhere/")
    with pytest.raises(AssertionError, match=r"planted(?s:.)*404 at"):
        screen.quiet()
    screen.complaints.clear()


def test_a_machine_without_a_browser_gets_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKAT_CHROMIUM", "")
    monkeypatch.setattr("tests.journeys.browser.Path.exists", lambda _: False)
    with pytest.raises(NoBrowserError, match="apt-get install chromium"):
        chromium()
