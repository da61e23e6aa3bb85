"""Journeys run in a real browser against the real server and database.

    def test_a_worker_pins(walk: Screen) -> None:            # in every pair of language, width and JavaScript
        walk.sign_in(worker)
        walk.visit("/people/")
        ...
        walk.check("people-search")

`page_at(language, width, javascript)` opens further screens, each with cookies of its own.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.journeys.browser import HEIGHTS, Screen, launch, open_screen

# Every pair of values of (language, width, JavaScript) occurs in one of these four.
PAIRS = [("th", 360, True), ("th", 1280, False), ("en", 360, False), ("en", 1280, True)]

PageAt = Callable[[str, int, bool], Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; Django would refuse its ordinary queries beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live_city(transactional_db: None, django_db_serialized_rollback: None, live_server: LiveServer) -> str:
    """The running site's address, on an empty city; a journey builds what it needs through the actions."""
    return str(live_server.url)


@pytest.fixture
def page_at(live_city: str, chrome: Browser) -> Iterator[PageAt]:
    """Opens screens; at the end each must have been quiet."""
    opened: list[Screen] = []

    def at(language: str, width: int, javascript: bool, **more: Any) -> Screen:
        context = chrome.new_context(
            base_url=live_city,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            service_workers=more.pop("service_workers", "block"),
            **more,
        )
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "okat_language", "value": language, "url": live_city}])
        opened.append(open_screen(context, language, width, javascript))
        return opened[-1]

    yield at
    for screen in opened:
        screen.close()
        screen.quiet()


def named(pair: tuple[str, int, bool]) -> str:
    return f"{pair[0]}-{pair[1]}-{'js' if pair[2] else 'nojs'}"


def on(*pairs: tuple[str, int, bool]) -> pytest.MarkDecorator:
    """A side journey walks on these screens alone; each value still occurs."""
    return pytest.mark.parametrize("walk", pairs, ids=map(named, pairs), indirect=True)


@pytest.fixture(params=PAIRS, ids=named)
def walk(request: pytest.FixtureRequest, page_at: PageAt) -> Screen:
    """One screen, in each of the pairs."""
    return page_at(*request.param)
