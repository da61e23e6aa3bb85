"""One at a time on this machine: whoever reads a file of the city's and then writes it holds its lock from before the
one until after the other, so that nothing is written over that was not read."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from okat.config.faults import OperatorError

_LOOK = 0.1  # seconds between tries
_ours = threading.local()


@contextlib.contextmanager
def alone(place: Path, busy: OperatorError, *, wait: float = 0.0) -> Iterator[None]:
    """`place` is a folder, or a file that is made where there is none. Whoever holds it may ask for it again. It is
    let go when the process ends, however it ends. Raises `busy` where another holds it for more than `wait` seconds."""
    handle = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
    try:
        found, held = os.fstat(handle), _held()
        which = found.st_dev, found.st_ino
        if which in held:
            yield
            return
        _take(handle, busy, time.monotonic() + wait)
        held.add(which)
        try:
            yield
        finally:
            held.discard(which)
    finally:
        os.close(handle)


def _held() -> set[tuple[int, int]]:
    """By this thread."""
    found: set[tuple[int, int]] = _ours.__dict__.setdefault("held", set())
    return found


def _take(handle: int, busy: OperatorError, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise busy from None
            time.sleep(_LOOK)
        else:
            return
