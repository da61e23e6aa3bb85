"""Every field of every page has a name of its own that is read aloud with it, and no two things share an id."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.test_access import client_of
from tests.access.walk import addresses

from okat.city.partners.rules import PERMISSIONS, Role

pytestmark = pytest.mark.django_db
FIELDS = ("input", "select", "textarea")
SILENT = ("hidden", "submit", "button", "image", "reset")


class Fields(HTMLParser):
    """Ids, fields and labels of a page; a field inside a label has it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.within = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if "id" in held:
            self.ids[held["id"]] += 1
        if tag == "label":
            self.within += 1
            self.labels.add(held.get("for", ""))
        if tag in FIELDS and held.get("type") not in SILENT:
            self.fields.append(held | ({"within": "1"} if self.within else {}))

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag == "label"

    def faults(self) -> list[str]:
        twice = [f"two things have the id {name!r}" for name, count in self.ids.items() if count > 1]
        said = ("within", "aria-label", "aria-labelledby")
        bare = [
            f"no label for {field.get('name', '')!r}"
            for field in self.fields
            if not any(field.get(name) for name in said) and field.get("id", "") not in self.labels - {""}
        ]
        return twice + bare


def test_no_id_stands_twice_and_every_field_has_a_label() -> None:
    city = small_city.build()
    known, found, seen = makers(), [], 0
    things = {a.name: known[a.name](city) for a in addresses() if a.arguments}
    clients: dict[Any, Any] = {}
    for address in addresses():
        thing, mark = things.get(address.name), address.mark
        role = next((r for r in Role if mark and PERMISSIONS[r] & set(mark.permissions)), Role.COORDINATOR)
        user = thing.owner if thing and thing.owner else city.users[role]
        client = clients.setdefault(user.pk, client_of(user))
        page = client.get(reverse(address.name, kwargs=thing.arguments if thing else {}))
        if page.status_code == 200 and page.headers.get("Content-Type", "").startswith("text/html"):
            seen += 1
            found += [f"{address.name}: {fault}" for fault in Fields(page.content.decode()).faults()]
    assert seen > 100
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ('<input id="a" name="a"><label for="a">A</label><p id="a">', "two things"),
        ('<input id="a" name="a">', "no label"),
        ('<label><input name="a"> A</label><select aria-label="B"></select><input type="hidden" name="c">', ""),
    ],
)
def test_a_planted_fault_is_found(page: str, wrong: str) -> None:
    assert [fault.startswith(wrong) for fault in Fields(page).faults()] == ([True] if wrong else [])
