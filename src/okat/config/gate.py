"""Between the server and the pages: few threads draw pages, many wait in line, and health is asked past the line.

The pages are drawn by threads of the gate, each of which holds one connection to the database. Whoever waits for one
costs neither thread nor connection, and has sent everything before: a page waits for the database alone, which has its
limits. Who waits too long or finds the line full is told so at once instead of hanging (ADR 24).
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from okat.config import arriving
from okat.config.arriving import Receive, Scope

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HEALTH = "/health/"
ASIDE = 8  # threads that answer whoever asks for health or is refused


@dataclass
class Answer:
    status: str = "500 Internal Server Error"
    headers: Headers | None = None
    body: bytes = b""


def draw(application: Application, asked: dict[str, Any]) -> Answer:
    """The answer whole; an empty one where the application breaks."""
    made = Answer()

    def start(status: str, headers: Headers, _error: Any = None) -> None:
        made.status, made.headers = status, headers

    try:
        body = application(asked, start)
        try:
            made.body = b"".join(body)
        finally:
            getattr(body, "close", lambda: None)()
    except BaseException:  # the thread serves others after this one
        log.exception("a request ended without an answer")
        return Answer()
    return made


class _Ticket:
    """One request in line, and then its answer."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Answer] = self.loop.create_future()
        self._lock = threading.Lock()
        self._decided = False

    def claim(self) -> bool:
        """Whoever asks first: a thread that begins to draw, or the one that waits and gives up."""
        with self._lock:
            first, self._decided = not self._decided, True
        return first

    def give(self, made: Answer) -> None:
        try:
            self.loop.call_soon_threadsafe(self._set, made)
        except RuntimeError:  # the server was stopped meanwhile
            log.warning("an answer came after the end")

    def _set(self, made: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(made)


class Gate:
    """`pages` is drawn by `threads`; `waiting` more may wait for `patience` seconds each; all else gets `busy`, and
    what came too slowly or was too large `slow` and `large`."""

    def __init__(
        self, pages: Application, *, health: Application, busy: Application, slow: Application, large: Application,
        threads: int, waiting: int, patience: float, bodies: arriving.Bodies | None = None,
    ) -> None:  # fmt: skip
        self._health, self._busy = health, busy
        self._refusing = {
            arriving.TooLargeError: large, arriving.TooSlowError: slow, arriving.NoRoomError: busy,
        }  # fmt: skip
        self._most, self._patience = threads + waiting, patience
        self._bodies = bodies or arriving.Bodies()
        self._line: queue.SimpleQueue[_Ticket] = queue.SimpleQueue()
        self._inside = 0
        self._aside = ThreadPoolExecutor(ASIDE, thread_name_prefix="aside")
        for number in range(threads):
            threading.Thread(target=self._serve, args=[pages], name=f"pages-{number}", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            made = await self._answer(scope, receive)
        except arriving.GoneError:
            return
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in made.headers or []]
        await send({"type": "http.response.start", "status": int(made.status[:3]), "headers": headers})
        await send({"type": "http.response.body", "body": made.body, "more_body": False})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["path"] == HEALTH and scope["method"] in {"GET", "HEAD"}:
            return await self._beside(self._health, arriving.as_environ(scope, b""))
        try:
            async with self._bodies.read(scope, receive) as body:
                return await self._drawn(arriving.as_environ(scope, body))
        except arriving.UnreadError as error:
            return await self._beside(self._refusing[type(error)], arriving.as_environ(scope, b""))

    async def _drawn(self, asked: dict[str, Any]) -> Answer:
        if self._inside >= self._most:
            return await self._beside(self._busy, asked)
        self._inside += 1
        try:
            return await self._in_line(asked)
        finally:
            self._inside -= 1

    async def _in_line(self, asked: dict[str, Any]) -> Answer:
        ticket = _Ticket(asked)
        self._line.put(ticket)
        await asyncio.wait([ticket.answer], timeout=self._patience)
        if not ticket.answer.done() and ticket.claim():
            ticket.asked = {}  # it stays in line until its turn, and what was sent need not
            return await self._beside(self._busy, asked)
        return await ticket.answer  # it is being drawn; the database's own limits end what takes too long

    async def _beside(self, application: Application, asked: dict[str, Any]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._aside, draw, application, asked)

    def _serve(self, pages: Application) -> None:
        while True:
            ticket = self._line.get()
            if ticket.claim():
                ticket.give(draw(pages, ticket.asked))
