"""A database that says nothing at all: its machine is frozen, or the network to it is cut.

Its own limits end nothing then. So whoever has a limit for a statement (`connections.limit`) also waits on this side no
longer than that and a little: the driver is told until when, which costs no thread and no question. The connection is
thrown away; a transaction that was open the database takes back once it wakes. A COMMIT, or a statement outside any
transaction, that was sent already it may have done, or may still do: nobody knows, so the page says to look first.

Only Django's own connections are watched. Those by which the worker takes its jobs are asynchronous, of its library,
and wait as long as that does.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

GRACE = 3.0  # seconds after its own limit, by which a database that lives has said that it took too long
CHECK = 5.0  # seconds for a connection that lay idle to say that it is still there
CONNECT = 5  # seconds for a new one to open
_TOLD = re.compile(r"statement_timeout=(\d+)")

log = logging.getLogger(__name__)


class Patience:
    """How long one connection waits for one answer."""

    def __init__(self, session: "psycopg.Connection[Any]", usual: float) -> None:
        self._session, self._wait, self._usual = session, session.wait, usual
        self._now: float | None = None  # until the transaction ends

    def lasts(self, seconds: float) -> None:
        """As long as this transaction goes on."""
        self._now = seconds + GRACE

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As the driver's own, which every question goes through. Raises OperationalError."""
        if self._now is not None and self._session.pgconn.transaction_status == TransactionStatus.IDLE:
            self._now = None
        until = timeout if timeout is not None else self._now or self._usual
        try:
            return self._wait(gen, interval, until)
        except psycopg.OperationalError as error:
            if error.sqlstate is None and self._session.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self._session.pgconn.finish()  # without a word to it: nobody would hear
                log.warning("the database gave no answer for %.0f s; the connection is thrown away", until)
            raise

    def check(self, usable: Callable[[], bool]) -> Callable[[], bool]:
        """The same question whether the connection is there, with less time for the answer."""

        def checked() -> bool:
            before, self._usual = self._usual, CHECK
            try:
                return usable()
            finally:
                self._usual = before

        return checked


def hold(connection: Any) -> None:
    """From now on, on this new connection of Django's, where it was opened with a limit."""
    told = _TOLD.search(connection.settings_dict["OPTIONS"].get("options", ""))
    if told is None or int(told[1]) == 0:
        return
    patience = Patience(connection.connection, int(told[1]) / 1000 + GRACE)
    connection.connection.wait = patience.wait
    connection.connection.okat_patience = patience
    connection.is_usable = patience.check(type(connection).is_usable.__get__(connection))


def longer(connection: Any, seconds: float) -> None:
    """The transaction that is open may take longer."""
    patience = getattr(connection.connection, "okat_patience", None)
    if patience is not None:
        patience.lasts(seconds)
