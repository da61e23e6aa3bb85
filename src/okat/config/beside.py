"""What the processes of one server know of each other: whether any of them serves, and that one could not start."""

import fcntl
import multiprocessing
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from okat.config import database

FAILED = "failed-start"  # in the data folder; its time is that of the last start that failed beside others
START = 60.0  # seconds; no start takes longer, so that a server of this age has started once
_held: list[Any] = []


def server() -> int:
    """The first process of the server that started this one; the system's own word would name whoever adopted it."""
    parent = multiprocessing.parent_process()
    return os.getppid() if parent is None or parent.pid is None else parent.pid


def orphaned() -> bool:
    """Whether that one has ended."""
    return server() != os.getppid()


def serve() -> None:
    """From now on, until this process ends, it counts as one that serves; what could not start has started."""
    with suppress(OSError):  # a disk that is full or may only be read keeps nobody from serving
        _held.append(_file())
        fcntl.lockf(_held[-1], fcntl.LOCK_SH, 1, server())
        (database.data_folder() / FAILED).unlink(missing_ok=True)


def anybody_serves() -> bool:
    """Whether another process of the same server does. Where no lock can be asked for, its age tells (`START`)."""
    try:
        with _file() as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, server())
    except BlockingIOError:
        return True
    except OSError:  # nobody could say that it serves: a server that is past its start has some that do
        return _age(server()) > START
    return False


def _age(process: int) -> float:
    """For how many seconds it has been there; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        began = int(text.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")  # what follows the name in brackets
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began
    return 0.0


def wait_to_be_tried_again(seconds: float) -> None:
    """`/health/` tells of it (core.health); not longer than the server itself is there."""
    with suppress(OSError):
        (database.data_folder() / FAILED).touch()
    until = time.monotonic() + seconds
    while time.monotonic() < until and not orphaned():
        time.sleep(0.2)


def _file() -> Any:
    """One byte of it stands for each server, by the number of its first process."""
    return (database.data_folder() / "serving").open("a+")
