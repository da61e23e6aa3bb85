"""Every page can be reached by links from the first page, by each reader who may open it: nobody types addresses."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.test_access import client_of
from tests.access.walk import Address, addresses
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.partners.rules import PERMISSIONS, Role

pytestmark = pytest.mark.django_db
EACH = 3  # pages of one address that are opened while walking
ELSEWHERE = {
    "accounts:sign-in": "before signing in",
    "accounts:forgotten": "before signing in",
    "accounts:forgotten-sent": "before signing in",
    "core:offline": "what the telephone shows without a signal",
    "core:style": "for whoever writes screens",
    "people:visits": "on Today, while somebody waits for a visit",
    "people:grown": "on Today, while somebody has turned twenty",
    "people:handed": "on Today, after a partner has left",
    "people:deserted": "on Today, while a partner has nobody",
    "learning:offers": "on Today, while somebody has to answer",
    "rounds:offers": "on Today, while somebody has to answer",
    "desk:today": "from the menu of whoever works; a resident has My page",
}


class Links(HTMLParser):
    """Where a page leads, and where its forms go."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "a" and held.get("href"):
            self.found.append(str(held["href"]))
        if tag == "form" and (held.get("method") or "get").lower() == "get":
            self.found.append(held.get("action") or "")


def walked(client: Client) -> set[str]:
    """The names of the addresses to which links lead, from the first page on."""
    seen: set[str] = set()
    opened: Counter[str] = Counter()
    waiting, known = ["/"], {"/"}
    while waiting:
        url = waiting.pop(0)
        page: Any = client.get(url)
        if 300 <= page.status_code < 400:
            texts = [page["Location"]]
        elif page.status_code == 200 and page.get("Content-Type", "").startswith("text/html"):
            texts = Links(page.content.decode()).found
        else:
            texts = []
        for text in texts:
            parts = urlsplit(urljoin(url, text))
            if parts.netloc or parts.scheme:
                continue
            try:
                name = resolve(parts.path).view_name
            except Resolver404:
                continue
            seen.add(name)
            there = parts.path + (f"?{parts.query}" if parts.query else "")
            if there not in known and opened[name] < EACH and name != "accounts:sign-out":
                known.add(there)
                opened[name] += 1
                waiting.append(there)
    return seen


def open_to(address: Address, role: Role | None) -> bool:
    """A page without arguments that this reader may open."""
    mark = address.mark
    if mark is None or address.arguments or not address.name:
        return False
    held = PERMISSIONS[role] if role else frozenset()
    return not mark.permissions or bool(held & set(mark.permissions))


def is_page(client: Client, url: str) -> bool:
    page = client.get(url)
    kind = page.headers.get("Content-Type", "")
    return page.status_code == 200 and kind.startswith("text/html") and b"<main" in page.content


READERS: list[tuple[str, Role | None]] = [("resident", None), *((r.value, r) for r in Role)]


@pytest.mark.parametrize(("reader", "role"), READERS, ids=[name for name, _ in READERS])
def test_links_lead_to_every_page(reader: str, role: Role | None) -> None:
    city: SmallCity = small_city.build()
    known = makers()
    things = {a.name: known[a.name](city) for a in addresses() if a.arguments}
    user: User = city.users[role] if role else things["rounds:why"].owner or city.resident
    client = client_of(user)
    pages = [a for a in addresses() if open_to(a, role) and is_page(client, reverse(a.name))]
    seen = walked(client)
    missing = sorted({a.name for a in pages} - seen - set(ELSEWHERE))
    assert not missing, f"no link leads a {reader} to: {', '.join(missing)}"
