"""Between the server and the pages: few threads draw pages, many wait in line, and health is asked past the line.

The server gives each request a thread that only waits. The pages are drawn by threads of the gate, each of which holds
one connection to the database; so a line of a hundred costs a hundred sleeping threads and no connection. Who waits too
long or finds the line full is told so at once instead of hanging (ADR 24).
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
HEALTH = "/health/"


class _Ticket:
    """One request in line, and then its answer."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.status, self.headers, self.body = "500 Internal Server Error", [], b""  # type: ignore[var-annotated]
        self.done = threading.Event()
        self._lock = threading.Lock()
        self._decided = False

    def claim(self) -> bool:
        """Whoever asks first: a thread that begins to draw, or the one that waits and gives up."""
        with self._lock:
            first, self._decided = not self._decided, True
        return first

    def draw(self, application: Application) -> None:
        def start(status: str, headers: Headers, _error: Any = None) -> None:
            self.status, self.headers = status, headers

        try:
            body = application(self.asked, start)
            try:
                self.body = b"".join(body)
            finally:
                getattr(body, "close", lambda: None)()
        except BaseException:  # the thread serves others after this one
            log.exception("a request ended without an answer")
            self.status, self.headers, self.body = "500 Internal Server Error", [], b""
        finally:
            self.done.set()


class Gate:
    """`pages` is drawn by `threads`; `waiting` more may wait for `patience` seconds each; all else gets `busy`."""

    def __init__(
        self, pages: Application, *, health: Application, busy: Application, threads: int, waiting: int, patience: float
    ) -> None:
        self._health, self._busy = health, busy
        self._most, self._patience = threads + waiting, patience
        self._line: queue.SimpleQueue[_Ticket] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._inside = 0
        for number in range(threads):
            threading.Thread(target=self._serve, args=[pages], name=f"pages-{number}", daemon=True).start()

    def __call__(self, asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _plain_charset(asked)
        if asked.get("PATH_INFO") == HEALTH and asked.get("REQUEST_METHOD") in {"GET", "HEAD"}:
            return self._health(asked, start)
        if not self._enter():
            return self._busy(asked, start)
        try:
            ticket = _Ticket(asked)
            self._line.put(ticket)
            if not ticket.done.wait(self._patience) and ticket.claim():
                return self._busy(asked, start)
            ticket.done.wait()  # it is being drawn; the database's own limits end what takes too long
        finally:
            with self._lock:
                self._inside -= 1
        start(ticket.status, ticket.headers)
        return [ticket.body]

    def _enter(self) -> bool:
        with self._lock:
            if self._inside >= self._most:
                return False
            self._inside += 1
            return True

    def _serve(self, pages: Application) -> None:
        while True:
            ticket = self._line.get()
            if ticket.claim():
                ticket.draw(pages)


def _plain_charset(asked: dict[str, Any]) -> None:
    """Everything is read as UTF-8: a name of another code could be one by which nothing can be read."""
    kind = asked.get("CONTENT_TYPE", "")
    if "charset" in kind.lower():
        parts = [part for part in kind.split(";") if not part.strip().lower().startswith("charset")]
        asked["CONTENT_TYPE"] = ";".join(parts)
