"""Shared by all tests: the database runs, nobody reaches the network, and emptying tables stays possible in tests."""

import datetime as dt
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from tests.locks import Watch, watched


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Start PostgreSQL before the first test that needs it; workers share one server, each with its own database."""
    from django.conf import settings
    from django.db import connection
    from tests import template

    from okat.config import database

    url = database.start(options=database.FAST)
    settings.DATABASES["default"].update(database.settings_from(url))
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template.migrated()


# A Tuesday morning before the days that tests name, so that none of them comes to lie in the past.
MORNING = dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True, scope="session")
def _one_day_for_all_tests() -> Iterator[None]:
    """The city's clock runs from there, whatever day it is."""
    from okat.city.core import clock

    late = dt.datetime.now(dt.UTC) - MORNING
    clock.running = lambda: dt.datetime.now(dt.UTC) - late
    yield
    clock.running = timezone.now


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guard() -> Iterator[None]:
    """The audit trail refuses to be emptied; only here, as the database's owner, may the guard be set aside. What holds
    nothing is left as it is: to cut off the files of some two hundred tables takes longer than most tests do."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    original = DatabaseOperations.sql_flush

    def flush(self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, **more: Any) -> list[str]:
        if reset_sequences:
            statements = original(self, style, tables, reset_sequences=True, **more)
        else:
            statements = [f"DELETE FROM {self.quote_name(name)}" for name in _filled(self, tables)]
        return ["SET session_replication_role = replica", *statements, "SET session_replication_role = DEFAULT"]

    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = original  # type: ignore[method-assign]


# Made of the models alone, and what is made again is the same.
OF_THE_MODELS = {"django_content_type", "auth_permission"}


def _filled(operations: Any, tables: list[str]) -> list[str]:
    """Those of the tables that hold rows of a test."""
    asked = (
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {operations.quote_name(name)})"
        for name in tables
        if name not in OF_THE_MODELS
    )
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]


# Whose tests lock what many want.
WATCHED = {
    "accounts", "cases", "catalogue", "jobs", "learning", "notices", "partners", "people", "places", "rounds",
}  # fmt: skip


class _Uncalled(str):
    """What Django puts in place of a value that it could not call."""


@pytest.fixture(autouse=True, scope="session")
def _templates_call_nothing_that_wants_arguments() -> Iterator[None]:
    """Django calls whatever can be called and, where that wants arguments, goes on with nothing: a condition on a
    function is then always false, without a word."""
    from django.template.base import Variable

    original = Variable._resolve_lookup  # type: ignore[attr-defined]

    def look_up(self: Any, context: Any) -> Any:
        engine = getattr(context.template, "engine", None)
        if engine is None:
            return original(self, context)
        kept, mark = engine.string_if_invalid, _Uncalled()
        engine.string_if_invalid = mark
        try:
            found = original(self, context)
        finally:
            engine.string_if_invalid = kept
        assert found is not mark, f"a template calls “{self.var}”, which wants arguments"
        return found

    Variable._resolve_lookup = look_up  # type: ignore[attr-defined]
    yield
    Variable._resolve_lookup = original  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """What a test put into the cache is not for the next one."""
    from okat.city.core import kept

    kept.forget_all()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise RuntimeError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True, scope="session")
def locks() -> Iterator[Watch]:
    with watched() as watch:
        yield watch


@pytest.fixture(autouse=True)
def _no_ring(locks: Watch, request: pytest.FixtureRequest) -> Iterator[None]:
    """No test locks rows in another order than the declared one (tests.locks)."""
    locks.wrong.clear()
    yield
    if request.path.parent.name in WATCHED:
        assert not locks.wrong, "\n".join(f"{what}: {where}" for what, where in locks.wrong.items())
