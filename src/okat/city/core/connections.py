"""What holds for every connection to the database, from its first statement on."""

from collections.abc import Callable
from typing import Any

from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class BusyConnectionError(RuntimeError):
    """A query was asked on a connection on which a COPY is open: it would wait for itself for ever."""


def watch() -> None:
    connection_created.connect(_watched, dispatch_uid="okat.core.connections")


def _watched(*, connection: Any, **_more: Any) -> None:
    if refuse_inside_copy not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_inside_copy)


def refuse_inside_copy(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Raises BusyConnectionError instead of waiting for the connection's own lock; all else goes through."""
    session = context["connection"].connection
    if session is not None and session.pgconn.transaction_status == TransactionStatus.ACTIVE:
        raise BusyConnectionError(f"a query inside an open COPY would wait for ever: {sql[:80]}")
    return execute(sql, params, many, context)
