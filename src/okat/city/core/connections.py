"""What holds for every connection to the database, from its first statement on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.db.backends.signals import connection_created
from django.db.models import QuerySet
from psycopg.pq import TransactionStatus

from okat.city.core import silence

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class BusyConnectionError(RuntimeError):
    """A query was asked on a connection on which a COPY is open: it would wait for itself for ever."""


def watch() -> None:
    connection_created.connect(_watched, dispatch_uid="okat.core.connections")


def _watched(*, connection: Any, **_more: Any) -> None:
    if refuse_inside_copy not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_inside_copy)
    silence.hold(connection)


def refuse_inside_copy(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Raises BusyConnectionError instead of waiting for the connection's own lock; all else goes through."""
    session = context["connection"].connection
    if session is not None and session.pgconn.transaction_status == TransactionStatus.ACTIVE:
        raise BusyConnectionError(f"a query inside an open COPY would wait for ever: {sql[:80]}")
    return execute(sql, params, many, context)


def limit(*, statement: int, lock: int, idle: int) -> None:
    """Seconds that a statement may run, that it may wait for a lock, and that a transaction may lie idle, for all
    connections that this process opens from now on; 0 is no limit. Where the database itself says nothing, they wait
    little longer (core.silence)."""
    given = {"statement_timeout": statement, "lock_timeout": lock, "idle_in_transaction_session_timeout": idle}
    told = " ".join(f"-c {name}={seconds * 1000}" for name, seconds in given.items())
    connections.settings["default"]["OPTIONS"] |= {"options": told, "connect_timeout": silence.CONNECT}


def take_time(seconds: int) -> None:
    """Work that is known to take long, as importing a file, may take it until its transaction ends. It waits for
    others no longer than any other work."""
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"set local {name} = {seconds * 1000:d}")
    silence.longer(connection, seconds)


@contextmanager
def in_hand(*names: str) -> Iterator[bool]:
    """Whether all these names were free; they are this connection's until the block ends. Nobody waits: work that takes
    long, one of a kind at a time, is refused with a word rather than heaped up. Ask the database nothing in the block
    that could fail: the names would stay taken until the connection closes."""
    taken = []
    try:
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 1))", [name])
                if not cursor.fetchone()[0]:
                    break
                taken.append(name)
        yield len(taken) == len(names)
    finally:
        with connection.cursor() as cursor:
            for name in reversed(taken):
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 1))", [name])


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction holds this name, and hold it until our own ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def hold_rows(rows: QuerySet[Any]) -> None:
    """These rows until the transaction ends, in the order of their ids: whoever holds several meets others who do the
    same. What merely names one of them waits for nobody."""
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
