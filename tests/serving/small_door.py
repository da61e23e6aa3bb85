"""A gate as the site has it, with shorter limits, before pages that need no database: for tests that start a server."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from okat.config.arriving import Bodies
from okat.config.gate import Application, Gate

LARGEST = 200_000
GRACE = 2.0
THREADS = 4


def saying(status: str, wait: float = 0.0) -> Application:
    def answer(asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(wait)
        start(status, [("Content-Type", "text/plain")])
        return [f"{status} of {asked.get('CONTENT_TYPE')}".encode()]

    return answer


def pages(asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Says what came; `/slow` takes a second."""
    if asked["PATH_INFO"] == "/slow":
        time.sleep(1)
    sent = asked["wsgi.input"].read()
    if sent == b"break":
        raise ValueError(sent)
    start("200 OK", [("Content-Type", "text/plain")])
    names = (
        "PATH_INFO",
        "QUERY_STRING",
        "HTTP_COOKIE",
        "HTTP_X_FORWARDED_FOR",
        "CONTENT_LENGTH",
        "REMOTE_ADDR",
        "CONTENT_TYPE",
    )
    return [repr([asked.get(name) for name in names] + [len(sent)]).encode()]


application = Gate(
    pages, health=saying("200 Well"), busy=saying("503 Busy"), slow=saying("408 Slow"), large=saying("413 Large"),
    threads=THREADS, waiting=int(os.environ.get("WAITING", "120")), patience=3.0,
    bodies=Bodies(largest=LARGEST, room=LARGEST * 5, grace=GRACE, rate=20_000, linger=2.0),
)  # fmt: skip
