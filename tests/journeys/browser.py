"""A page of a journey: what a person sees and does, with the checks that every screen must pass.

`Screen` wraps Playwright's page. Journeys go on through `screen.page`; `screen.check("name")` ends each screen.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, Response
from playwright.sync_api import Error as BrowserError
from tests.signing import PASSWORD, code_for

from okat.city.accounts.models import User
from okat.city.accounts.queries import totp_of
from okat.config import assets, database

# Chromium looks for its maker's hosts at every start unless it is told not to.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHOTS = database.ROOT / "var" / "shots"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
HEIGHTS = {360: 740, 1280: 900}
# Lines about the browser's own drawing and the test's own settings, not about our pages.
NOISE = re.compile(r"GL Driver Message|\[\.WebGL-|WebGL: CONTEXT_LOST|blocked by Playwright")


class NoBrowserError(Exception):
    """Says how to get one."""


def chromium() -> str:
    """Debian's Chromium, or the one that OKAT_CHROMIUM names. Raises NoBrowserError."""
    for wish in (os.environ.get("OKAT_CHROMIUM", ""), "/usr/bin/chromium", shutil.which("chromium") or ""):
        if wish and Path(wish).exists():
            return wish
    raise NoBrowserError(
        "The journeys need Chromium: `sudo apt-get install chromium` (make test does it as root), "
        "or set OKAT_CHROMIUM to the program."
    )


def launch(playwright: Playwright) -> Any:
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *sandbox])


def axe_source() -> str:
    path = assets.VENDOR / "axe" / "axe.min.js"
    if not path.exists():
        raise NoBrowserError("The accessibility check is not here: run `make assets`.")
    return path.read_text(encoding="utf-8")


@dataclass
class Screen:
    """`javascript` says whether the page's own scripts run; the checks run in either case."""

    page: Page
    language: str
    width: int
    javascript: bool
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    _other: Page | None = None

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("response", self._answered)

    def visit(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def expect_refusal(self, pattern: str) -> None:
        """A status of 400 or more at an address that matches is part of this journey."""
        self.allowed.append(pattern)

    def sign_in(self, user: User, password: str = PASSWORD) -> None:
        """Through the form, with the second factor where the user has one; the screen's language stays."""
        page = self.visit("/accounts/sign-in/")
        page.fill("#id_login", user.login)
        page.fill("#id_password", password)
        with page.expect_navigation():
            page.click("main form button")
        if totp_of(user) is not None:
            self.visit("/accounts/second-factor/")
            page.fill("main form input[name=code]", code_for(user))
            with page.expect_navigation():
                page.locator("main form button").first.click()
        kept = {"name": "okat_language", "value": self.language, "url": page.url}
        page.context.add_cookies([kept])  # type: ignore[list-item]  # a plain dictionary of Playwright's own shape

    def check(self, name: str) -> None:
        """Everything that each screen must be: quiet, whole at this width, open to all; and a picture of it."""
        self.shot(name)
        self.no_sideways_scroll()
        self.axe()
        self.quiet()

    def quiet(self) -> None:
        assert self.complaints == [], "\n".join(self.complaints)

    def no_sideways_scroll(self) -> None:
        wide = self.page.evaluate(
            """() => {
              const width = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= width) return [];
              return [...document.querySelectorAll("body *")]
                .filter((node) => node.getBoundingClientRect().right > width + 1)
                .slice(0, 5).map((node) => node.outerHTML.slice(0, 160));
            }"""
        )
        assert wide == [], f"wider than {self.width} px: {wide}"

    def axe(self) -> None:
        """No violation of WCAG 2.2 AA, or of the good habits, that axe-core can see."""
        found = _axe(self.page if self.javascript else self._twin())
        told = [_told(violation) for violation in found["violations"]]
        assert told == [], f"{self.page.url}:\n" + "\n".join(told)

    def _twin(self) -> Page:
        """The same document where axe may run (a page without JavaScript keeps no promises), its scripts left out."""
        twin, html = self._other or self._open_other(), self.page.content()
        twin.unroute_all()
        twin.route(lambda url: url.endswith((".js", ".mjs")), lambda route: route.abort())
        twin.route(self.page.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        twin.goto(self.page.url)
        return twin

    def _open_other(self) -> Page:
        browser = self.page.context.browser
        assert browser is not None
        self._other = browser.new_context(viewport=self.page.viewport_size, service_workers="block").new_page()
        return self._other

    def close(self) -> None:
        for page in (self.page, self._other):
            if page is not None:
                page.context.close()

    def shot(self, name: str) -> Path:
        """A picture for people to look at; CI keeps the folder."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}-{self.language}-{self.width}{'' if self.javascript else '-nojs'}.png"
        for left in (2, 1, 0):  # a machine under load at times gives none at once
            try:
                self.page.screenshot(path=path, full_page=True)
                break
            except BrowserError:
                if not left:
                    raise
        return path

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or NOISE.search(message.text):
            return
        if "Failed to load resource" not in message.text:  # told with its address by the response itself
            self.complaints.append(f"{message.type}: {message.text} ({json.dumps(message.location)})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not any(re.search(wish, response.url) for wish in self.allowed):
            self.complaints.append(f"{response.status} at {response.url}")


def open_screen(context: BrowserContext, language: str, width: int, javascript: bool) -> Screen:
    return Screen(context.new_page(), language, width, javascript)


def _axe(page: Page) -> dict[str, Any]:
    page.evaluate(axe_source())  # by the debugger's door, which the content policy does not bar
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", list(TAGS)
    )
    return found


def _told(violation: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target']} {node['html'][:140]}" for node in violation["nodes"][:4])
    return f"- {violation['id']}: {violation['help']} [{places}]"
