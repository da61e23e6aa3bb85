"""The work that waits: letters, rounds that open and close at their time, reminders. One program, beside the server."""

import asyncio
import os
import signal
import threading
import time
from typing import Any

from okat.config import stalled
from okat.config.boot import boot

CONCURRENCY = 2
LOOK = 1.0  # seconds between looks whether the server is still there


def work(*, once: bool, beside: int = 0) -> None:
    """Do what waits; with `once` until nothing does, else until told to stop or the process `beside` has ended."""
    boot()
    from django.conf import settings
    from procrastinate.contrib.django import app

    from okat.city.core import connections

    connections.limit(statement=settings.LONG_SECONDS, lock=settings.LONG_SECONDS, idle=settings.LONG_SECONDS)
    if beside:
        threading.Thread(target=_end_with, args=[beside], daemon=True).start()
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        asyncio.run(_run(running, wait=not once))


async def _run(app: Any, *, wait: bool) -> None:
    async with app.open_async():
        await stalled.take_up(app)
        looking = asyncio.create_task(stalled.keep_taking_up(app))
        try:
            await app.run_worker_async(concurrency=CONCURRENCY, wait=wait, delete_jobs="successful", name="okat")
        finally:
            looking.cancel()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
