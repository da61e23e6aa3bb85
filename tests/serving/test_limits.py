"""No page waits for the database for ever: statement, lock and idle limits of the server's own connections."""

import errno
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.signals import request_started
from django.db import DatabaseError, connection, transaction
from django.db import connections as database
from django.test import Client

from okat.city.core import connections, pages, planned, refusals, silence
from okat.city.core.models import OnceToken
from okat.config.database import settings_from


@pytest.fixture
def limited() -> Iterator[None]:
    """Connections as the server opens them, with limits of a second and less."""
    connection.close()
    connections.limit(statement=2, lock=1, idle=1)
    yield
    connection.close()
    database.settings["default"]["OPTIONS"].pop("options", None)


pytestmark = pytest.mark.django_db(transaction=True)


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"show {name}")
        return str(cursor.fetchone()[0])


def test_the_servers_connections_have_limits_and_long_work_its_own(limited: None) -> None:
    assert [shown(n) for n in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")] == [
        "2s", "1s", "1s"
    ]  # fmt: skip
    with transaction.atomic():
        connections.take_time(900)
        assert (shown("statement_timeout"), shown("lock_timeout")) == ("15min", "1s")
    assert shown("statement_timeout") == "2s"


def test_a_page_that_meets_a_lock_says_so_instead_of_hanging(limited: None) -> None:
    held, done = threading.Event(), threading.Event()

    def holder() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("lock table catalogue_opportunity")
            cursor.execute("set local idle_in_transaction_session_timeout = 0")
            held.set()
            done.wait(timeout=30)
        connection.close()

    thread = threading.Thread(target=holder)
    thread.start()
    try:
        assert held.wait(timeout=20)
        page = Client(raise_request_exception=False).get("/catalogue/?lang=en&q=x")
    finally:
        done.set()
        thread.join()
    assert page.status_code == 503
    assert "This takes too long just now" in page.content.decode()
    assert page.headers["Retry-After"]


def idle() -> None:
    with transaction.atomic():
        OnceToken.objects.exists()
        time.sleep(1.5)
        OnceToken.objects.exists()


def test_a_transaction_that_lies_idle_lets_go_of_its_locks(limited: None) -> None:
    with pytest.raises(DatabaseError, match="idle-in-transaction") as raised:
        idle()
    assert pages.refusal_of(raised.value) is refusals.BUSY


def test_a_connection_that_died_between_two_requests_is_found_before_it_is_used() -> None:
    """Also where the first statement of a page is one that is planned once."""
    OnceToken.objects.exists()
    connection.health_checks_enabled = True
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    request_started.send(sender=None)
    other = database.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()
    with planned.cursor() as one:
        one.execute("select pg_backend_pid()")
        assert one.fetchone() != (pid,)


@contextmanager
def frozen() -> Iterator[None]:
    """What answers our connection stands still, as on a machine that is frozen: the line stays open."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (pid,) = cursor.fetchone()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_database_that_says_nothing_is_waited_for_a_little_longer_than_its_own_limit(limited: None) -> None:
    began = time.monotonic()
    with frozen():
        with pytest.raises(DatabaseError) as raised:
            OnceToken.objects.exists()
        assert 2 <= time.monotonic() - began < 2 + silence.GRACE + 3
        assert pages.refusal_of(raised.value) is refusals.AWAY
        connection.close()  # as at the end of a request
        assert not OnceToken.objects.exists()  # by another connection


def test_a_transaction_that_meets_silence_ends_and_takes_its_connection_along(limited: None) -> None:
    def work() -> None:
        with transaction.atomic():
            OnceToken.objects.exists()
            with frozen():
                OnceToken.objects.exists()

    with pytest.raises(DatabaseError):
        work()
    assert not connection.in_atomic_block
    assert not OnceToken.objects.exists()  # at once, by another connection


def test_a_connection_that_is_frozen_between_two_requests_is_found_sooner(limited: None) -> None:
    OnceToken.objects.exists()
    began = time.monotonic()
    with frozen():
        assert not connection.is_usable()
        assert time.monotonic() - began < silence.CHECK + 2


def test_long_work_has_its_own_patience_until_its_transaction_ends(limited: None) -> None:
    with transaction.atomic():
        connections.take_time(6)
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(5.5)")  # longer than any page waits
    began = time.monotonic()
    with frozen(), pytest.raises(DatabaseError):
        OnceToken.objects.exists()
    assert time.monotonic() - began < 2 + silence.GRACE + 3


@pytest.mark.parametrize(("host", "far"), [("db.example:5432", True), ("%2Ftmp%2Fokat", False), ("", False)])
def test_a_line_to_a_server_elsewhere_is_looked_after(host: str, far: bool) -> None:
    options = settings_from(f"postgresql://okat@{host}/okat")["OPTIONS"]
    assert isinstance(options, dict)
    assert ("tcp_user_timeout" in options, "keepalives" in options) == (far, far)
    assert options["connect_timeout"] > 0
    made = psycopg.conninfo.make_conninfo("", **{name: value for name, value in options.items() if "_thr" not in name})
    assert psycopg.conninfo.conninfo_to_dict(made)  # all of them words that the driver knows


def test_without_a_limit_nothing_ends_a_wait() -> None:
    connection.close()
    OnceToken.objects.exists()
    assert not hasattr(connection.connection, "okat_patience")


def test_no_room_on_the_disk_is_told_as_that() -> None:
    for number in (errno.ENOSPC, errno.EDQUOT):  # of a photo; the database's own word: tests/cases
        assert pages.refusal_of(OSError(number, "no room")) is refusals.FULL
    assert pages.refusal_of(OSError(errno.ENOENT, "gone")) is refusals.BROKEN
