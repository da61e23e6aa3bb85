"""What `okat serve` serves: the pages behind their gate, with limits for the database, and health beside them."""

import ctypes
import gc
import json
import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from okat.config.gate import Application, Gate
from okat.config.wsgi import application as pages

THREADS = 4  # more of them, each with its connection to the database, only wait for one another
WAITING = 120
PATIENCE = 20.0  # seconds


def health(asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from okat.city.core import health as core

    # Past a proxy, or from elsewhere, it is a stranger; whoever watches on this machine sees the figures.
    stranger = "HTTP_X_FORWARDED_FOR" in asked or asked.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"}
    told = core.for_reader(core.answer(), stranger=stranger)
    body = json.dumps(told).encode() + b"\n"
    headers = [
        ("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]  # fmt: skip
    start("503 Service Unavailable" if told["wrong"] else "200 OK", headers)
    return [b"" if asked["REQUEST_METHOD"] == "HEAD" else body]


def refusing(name: str, *, wait: int = 0) -> Application:
    """The page that says why nothing was done and what to do, drawn without the database."""

    def answer(asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        from django.core.handlers.wsgi import WSGIRequest

        from okat.city.core import refusals

        made = refusals.refused(WSGIRequest(asked), getattr(refusals, name), wait=wait)
        start(f"{made.status_code} {made.reason_phrase}", list(made.items()))
        return [made.content]

    return answer


def _end_with_parent() -> None:
    """A server process whose keeper was killed lets its requests end, and ends: nobody else would tell it to."""
    parent = os.getppid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _limits() -> None:
    from django.conf import settings

    from okat.city.core import connections

    connections.limit(statement=settings.STATEMENT_SECONDS, lock=settings.LOCK_SECONDS, idle=settings.IDLE_SECONDS)


_limits()
_end_with_parent()
application = Gate(
    pages, health=health, busy=refusing("BUSY", wait=30), slow=refusing("TOO_SLOW"), large=refusing("TOO_LARGE"),
    threads=THREADS, waiting=WAITING, patience=PATIENCE,
)  # fmt: skip
gc.collect()
gc.freeze()  # what was loaded by now stays: the collector need not walk through it at every request
