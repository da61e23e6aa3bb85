"""What somebody works on may be taken away between the page and the lock. Every form of every address is sent, and at
each kind of lock in turn the rows that the request had read go: it is refused in words, never by a page that broke, and
what was written stands there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.test_writes import deeds
from tests.access.walk import addresses
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.thorough]
WRITTEN = "เขียนไว้ก่อน"
# Never taken away: an account is closed, a partner leaves, an area or a word of the city's folder stays.
STAY = {"accounts_user", "partners_partner", "places_area", "taxonomy_term"}
LOCKS = ("FOR NO KEY UPDATE", "FOR UPDATE")
NAMED = re.compile(r'"(\w+)"')
Read = dict[str, set[Any]]


class Forms(HTMLParser):
    """The forms of a page, filled as somebody would: `found` are their addresses and what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._action: str | None = None
        self._sent: dict[str, str] = {}
        self._buttons: list[tuple[str, str]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            post = given.get("method", "").lower() == "post"
            self._action, self._sent, self._buttons = (given.get("action", "") if post else None), {}, []
        elif tag == "textarea" and name:
            self._sent[name] = WRITTEN
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and value:
            self._sent.setdefault(self._select, value)
        elif tag == "button" and name:
            self._buttons.append((name, value))
        elif tag == "input" and name:
            self._input(given.get("type", "text"), name, value, given)

    def _input(self, kind: str, name: str, value: str, given: dict[str, str]) -> None:
        if kind == "radio":
            self._sent.setdefault(name, value)
        elif kind == "submit":
            self._buttons.append((name, value))
        elif kind == "date":
            self._sent[name] = value or clock.today().isoformat()
        elif kind == "number":
            self._sent[name] = value or given.get("min") or "1"
        elif kind != "file":
            self._sent[name] = value or ("on" if kind == "checkbox" else WRITTEN)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form" and self._action is not None:
            for button in self._buttons or [("", "")]:
                self.found.append((self._action, {**self._sent, **dict([button] if button[0] else [])}))
            self._action = None


def forms(client: Client, url: str) -> list[tuple[str, dict[str, str]]]:
    page = client.get(url)
    if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
        return [(url, {"sure": "1"})] if page.status_code == 405 else []
    read = Forms()
    read.feed(page.content.decode().partition("<main")[2].partition("</main")[0])
    return [(action or url, sent) for action, sent in read.found]


@contextmanager
def remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """Every row that is read, by table."""
    found: Read = {}
    real = models.Model.from_db.__func__  # type: ignore[attr-defined]

    def from_db(cls: type[models.Model], *given: Any, **more: Any) -> Any:
        made = real(cls, *given, **more)
        found.setdefault(cls._meta.db_table, set()).add(made.pk)
        return made

    with monkeypatch.context() as patched:
        patched.setattr(models.Model, "from_db", classmethod(from_db))
        yield found


def hanging(table: str, ids: set[Any]) -> Read:
    """The rows by table, and what hangs on them: they go together, as when an import is taken back."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    found: Read = {table: ids}
    for back in model._meta.related_objects:
        child, column = back.related_model, back.field.column
        if back.many_to_many or child is model or not child._meta.managed or child._meta.db_table in STAY:
            continue
        key, below = child._meta.pk.column, child._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'select "{key}" from "{below}" where "{column}" = any(%s)', [list(ids)])
            rows = {row[0] for row in cursor.fetchall()}
        for name, more in (hanging(below, rows) if rows else {}).items():
            found[name] = found.get(name, set()) | more
    return found


def take(rows: Read) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        for table, ids in rows.items():
            model = next(one for one in apps.get_models() if one._meta.db_table == table)
            cursor.execute(f'delete from "{table}" where "{model._meta.pk.column}" = any(%s)', [list(ids)])
        cursor.execute("set local session_replication_role = origin")


class Taking:
    """Notes which tables a request locks; with `at`, takes away the rows that it has read there before it does."""

    def __init__(self, read: Read, at: str = "") -> None:
        self.read, self.at, self.locked, self._busy = read, at, set[str](), False
        self.tables = {one._meta.db_table for one in apps.get_models()}

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if not self._busy and any(word in text for word in LOCKS):
            self._busy = True
            try:
                here = set(NAMED.findall(text.rpartition(" UPDATE OF ")[2])) & self.tables - STAY
                if self.at in here & self.read.keys():
                    rows = hanging(self.at, set(self.read[self.at]))
                    if not rows.keys() & self.locked:  # what the request holds nobody takes away
                        take(rows)
                    self.at = ""
                self.locked.update(here)
            finally:
                self._busy = False
        return execute(sql, params, many, context)


def sent(client: Client, url: str, data: dict[str, str], monkeypatch: pytest.MonkeyPatch, at: str = "") -> Any:
    """The answer, and the tables at which it locked."""
    mark = transaction.savepoint()
    try:
        with remembered(monkeypatch) as read:
            taking = Taking(read, at)
            with connection.execute_wrapper(taking):
                answer = client.post(url, data)
        return answer, taking.locked
    finally:
        transaction.savepoint_rollback(mark)


def told(answer: Any, data: dict[str, str]) -> str:
    """What is wrong with how it was refused; empty where nothing is."""
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    page = answer.content.decode() if answer.status_code in (200, 409) else ""
    lost = page and WRITTEN in data.values() and WRITTEN not in page
    return "shows nothing of what was written" if lost else ""


def wrong(
    client: Client, url: str, data: dict[str, str], monkeypatch: pytest.MonkeyPatch, count: list[int]
) -> list[str]:
    found = []
    _answer, locked = sent(client, url, data, monkeypatch)
    for table in sorted(locked):
        count[0] += 1
        answer, _ = sent(client, url, data, monkeypatch, at=table)
        if why := told(answer, data):
            found.append(f"{url} {data!s:.200} without {table}: {why}")
    return found


@pytest.fixture
def city() -> SmallCity:
    found = small_city.build()
    partners.add_member(partner=found.here, user=found.users[Role.OFFICER], role=Role.FIELD_WORKER, by=system_user())
    return found


def test_every_form_that_loses_its_object_is_refused_in_words(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    known, found, count, clients = makers(), list[str](), [0], dict[Any, Client]()
    for address in addresses():
        thing = known[address.name](city) if address.arguments else None
        owner = (thing.owner if thing else None) or city.users[Role.OFFICER]
        if owner.pk not in clients:
            clients[owner.pk] = Client(raise_request_exception=False)
            sign_in_fully(clients[owner.pk], owner)
        client, url = clients[owner.pk], reverse(address.name, kwargs=thing.arguments if thing else None)
        if address.name in ("accounts:sign-out", "accounts:leave"):
            continue
        for where, data in forms(client, url)[:12]:
            if where.startswith("/") and "sign-out" not in where:
                found += wrong(client, where, data, monkeypatch, count)
    assert found == [], "\n".join(found[:60])
    assert count[0] > 40


def test_what_is_done_for_a_person_who_is_gone_is_refused_in_words(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, count, client = list[str](), [0], Client(raise_request_exception=False)
    wanted = deeds(city)
    sign_in_fully(client, city.users[Role.FIELD_WORKER])
    for name, arguments, query, data in wanted:
        found += wrong(client, reverse(name, kwargs=arguments) + query, data, monkeypatch, count)
    assert found == [], "\n".join(found[:60])
    assert count[0] > 20
