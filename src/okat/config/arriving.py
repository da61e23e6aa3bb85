"""How a request arrives: what was sent is read whole before any page sees it, in time, at a rate, and up to a size.

It is read by one loop that waits for all of them at once, so that a line that is slow, or pretends to be, costs memory
for what came and no thread (ADR 27). Each process of the server has one such loop.
"""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import unquote_to_bytes

from asgiref.wsgi import WsgiToAsgiInstance

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_Maker: Any = WsgiToAsgiInstance  # without types
LARGEST = 40 * 1024 * 1024  # bytes of one request: several pictures of six megabytes, or a table as offices keep it
ROOM = 256 * 1024 * 1024  # bytes of all that are being read, wait in line or are being answered
GRACE = 20.0  # seconds for anything
RATE = 8 * 1024  # bytes a second that the rest takes at least: the slowest telephone line does more
LINGER = 10.0  # seconds in which what is refused for its size is thrown away, so that the sender reads why


class UnreadError(Exception):
    """What was sent was not taken in; the sender is told why."""


class TooLargeError(UnreadError):
    """More was sent than any page takes."""


class TooSlowError(UnreadError):
    """What was sent did not come in its time."""


class NoRoomError(UnreadError):
    """So much is held at once that no more is taken in."""


class GoneError(Exception):
    """The sender went away; nobody hears the answer."""


class Bodies:
    """Reads what requests hold. For one loop alone."""

    def __init__(
        self,
        *,
        largest: int = LARGEST,
        room: int = ROOM,
        grace: float = GRACE,
        rate: int = RATE,
        linger: float = LINGER,
    ) -> None:
        self._largest, self._free = largest, room
        self._grace, self._rate, self._linger = grace, rate, linger

    @asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """What was sent; its room is taken until the end. Raises UnreadError or GoneError."""
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and (len(said) > 18 or int(said) > self._largest):
            await self._throw_away(receive)
            raise TooLargeError
        with self._room() as take:
            yield await self._read(receive, take)

    async def _read(self, receive: Receive, take: Callable[[int], None]) -> bytes:
        found, began = bytearray(), _now()
        more = True
        while more:
            part, more = await _part(receive, began + self._grace + len(found) / self._rate - _now())
            if len(found) + len(part) > self._largest:
                if more:
                    await self._throw_away(receive)
                raise TooLargeError
            take(len(part))
            found += part
        return bytes(found)

    async def _throw_away(self, receive: Receive) -> None:
        until, more = _now() + self._linger, True
        while more:
            try:
                _part_of_it, more = await _part(receive, until - _now())
            except TooSlowError:
                return

    @contextmanager
    def _room(self) -> Iterator[Callable[[int], None]]:
        held = 0

        def take(size: int) -> None:
            nonlocal held
            if size > self._free:
                raise NoRoomError
            self._free -= size
            held += size

        try:
            yield take
        finally:
            self._free += held


async def _part(receive: Receive, seconds: float) -> tuple[bytes, bool]:
    """The next piece, and whether more comes."""
    # Not `asyncio.timeout`: the server runs requests in tasks of its own, which cannot be cancelled.
    try:
        event = await asyncio.wait_for(receive(), max(seconds, 0.001))
    except TimeoutError as error:
        raise TooSlowError from error
    if event["type"] != "http.request":
        raise GoneError
    return event.get("body", b""), bool(event.get("more_body"))


def as_environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """What pages read of a request, by PEP 3333."""
    # An underscore would stand for the hyphen of a header that only our proxy may set.
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    whole: dict[str, Any] = {**scope, "headers": headers, "query_string": _ascii(scope["query_string"])}
    maker: Any = _Maker(None, duplicate_header_limit=None)
    maker.scope = whole
    found: dict[str, Any] = maker.build_environ(whole, io.BytesIO(body))
    # Byte for byte as it was sent: what is no letter is for the pages to refuse.
    if raw := scope.get("raw_path"):
        found["PATH_INFO"] = unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1")
    if cookies := [value for name, value in headers if name == b"cookie"]:
        found["HTTP_COOKIE"] = b"; ".join(cookies).decode("latin-1")
    if body or "CONTENT_LENGTH" in found:
        found["CONTENT_LENGTH"] = str(len(body))
    _plain_charset(found)
    return found


def _plain_charset(asked: dict[str, Any]) -> None:
    """Everything is read as UTF-8: a name of another code could be one by which nothing can be read."""
    kind = asked.get("CONTENT_TYPE", "")
    if "charset" in kind.lower():
        parts = [part for part in kind.split(";") if not part.strip().lower().startswith("charset")]
        asked["CONTENT_TYPE"] = ";".join(parts)


def _ascii(query: bytes) -> bytes:
    return b"".join(bytes([each]) if each < 128 else b"%%%02X" % each for each in query)


def _now() -> float:
    return asyncio.get_running_loop().time()
