"""The one place that reads the clock, so that tests and replays can set it."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from django.utils import timezone

# What runs on where nobody has stopped it; tests begin on one day, whatever day it is.
running: Callable[[], dt.datetime] = timezone.now
_fixed: ContextVar[dt.datetime | None] = ContextVar("okat_clock", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or running()


def today() -> dt.date:
    """The city's date."""
    return timezone.localdate(now())


@contextlib.contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Stop the clock at `moment` inside the block."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
