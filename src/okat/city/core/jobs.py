"""Hand work to the background. The job is a row of the same transaction: undone with it, done only if it stays."""

from collections.abc import Mapping
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

# Waits 4, 16, 64 ... seconds; the last try is after about six hours, when a mail server has usually come back.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def defer(name: str, *, job_options: Mapping[str, Any] | None = None, **arguments: Any) -> None:
    """`name` is `app.task`, so that actions need not import the tasks above them.

    `job_options` are procrastinate's: `schedule_at`, `queueing_lock`, `lock` ...
    """
    app.configure_task(name, **(job_options or {})).defer(**arguments)
