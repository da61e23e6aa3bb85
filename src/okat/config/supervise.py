"""Keeps what `okat serve` started alive: the server, the worker beside it, and the database that comes along (ADR 24).

It is small, imports nothing of the framework, and is one process that only waits. What ends is started again, later
each time; what cannot be started ends the whole with a word, so that the system's own keeper starts it anew. Its own
end takes the others with it, however it ends.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from okat.config import database, door, environment

LOOK = 0.2  # seconds between looks
SETTLED = 30.0  # seconds after which a start counts as good
LONGEST = 30.0  # seconds between two starts at most
STILL = 60.0  # seconds after which a database that was stopped where it stood is told to go on
TRIES = 5  # starts of the server or the database that fail one after the other
WORKER_STOP = 15.0  # seconds that a job in hand has to end
FAILED = 1
_PDEATHSIG, _SUBREAPER = 1, 36  # prctl


def adopt() -> None:
    """Processes whose parent ends become ours, so that a database that is killed leaves no trace in the way of the
    next one. Before the database is started; it stays over `become`."""
    _prctl(_SUBREAPER, 1)


def become(*, port: int, workers: int, jobs: bool, held: socket.socket | None) -> None:
    """Be the keeper and nothing else: what was loaded to bring the tables up to date is let go. `held`: the port's
    name, which goes along."""
    arguments = [str(port), str(workers), "with-worker" if jobs else "alone"]
    if held is not None:
        held.set_inheritable(True)
        arguments.append(str(held.fileno()))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "okat.config.supervise", *arguments])  # noqa: S606 - our own program


@dataclass
class Child:
    """One program that is to run. `tries` None: it is started again for ever."""

    name: str
    command: Sequence[str]
    stop: float
    tries: int | None = None
    pid: int = 0
    began: float = 0.0
    next: float = 0.0
    failed: int = 0


class CannotGoOnError(Exception):
    """Something did not start again; the message says what."""


class Keeper:
    """`start_database` starts it where `database_answers` says that it is gone or lets nobody in any more; both None:
    somebody else keeps it. `go_on` is called where it `stands_still` for a minute. `tell` says once that visitors are
    let in, and gives whether it did."""

    def __init__(
        self, children: Sequence[Child], *, database_answers: Callable[[], bool] | None = None,
        start_database: Callable[[], object] | None = None, tell: Callable[[], bool] | None = None,
        stands_still: Callable[[], object] = lambda: False, go_on: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self.children, self._tell = list(children), tell
        self._answers, self._start_database = database_answers, start_database
        self._database = Child("database", (), 0.0, TRIES)
        self._stands_still, self._go_on, self._still_since = stands_still, go_on, 0.0
        self._told_to_stop = 0

    def run(self) -> int:
        """Until told to stop (0), or until something cannot be kept (1)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        status = 0
        try:
            while not self._told_to_stop:
                self.look()
                time.sleep(LOOK)
        except CannotGoOnError as error:
            _say(str(error))
            status = FAILED
        for child in self.children:
            self._end(child)
        return status

    def look(self) -> None:
        """Bring back what ended. Raises CannotGoOnError."""
        self._reap()
        self._keep_database()
        if self._tell is not None and self._tell():
            self._tell = None
        now = time.monotonic()
        for child in self.children:
            if child.pid and now - child.began > SETTLED:
                child.failed = 0
            if not child.pid and now >= child.next:
                child.pid, child.began = _start(child.command), now

    def _keep_database(self) -> None:
        here, now = self._database, time.monotonic()
        if self._answers is None or self._start_database is None or now < here.next:
            return
        here.next = now + 1
        if self._answers():
            here.failed = here.failed if now - here.began < SETTLED else 0
            self._wake(now)
            return
        _say("ฐานข้อมูลหยุดทำงาน กำลังเปิดใหม่ / The database is gone or stops, and is started again.")
        here.began = now
        time.sleep(LOOK)
        self._reap()  # one that was killed just now and not asked after would be taken for one that still ends
        try:
            self._start_database()
        except (database.DatabaseError, OSError) as error:
            _later(here, str(error))

    def _wake(self, now: float) -> None:
        self._still_since = (self._still_since or now) if self._stands_still() else 0.0
        if self._still_since and now - self._still_since >= STILL:
            _say("ฐานข้อมูลถูกหยุดค้างไว้ (SIGSTOP) เกินหนึ่งนาที สั่งให้ทำต่อ / "
                 "The database was stopped where it stood for more than a minute, and is told to go on.")  # fmt: skip
            self._go_on()
            self._still_since = 0.0

    def _reap(self) -> None:
        for pid, status in iter(_ended, None):
            child = next((one for one in self.children if one.pid == pid), None)
            if child is not None:
                child.pid = 0
                if not self._told_to_stop:
                    _later(child, _how(status))

    def _end(self, child: Child) -> None:
        """Let it finish what it has in hand; who asks a second time, or waits too long, gets it ended at once."""
        if not child.pid:
            return
        _signal(child.pid, signal.SIGTERM)
        until, asked = time.monotonic() + child.stop, self._told_to_stop
        while child.pid and time.monotonic() < until and self._told_to_stop <= max(asked, 1):
            time.sleep(LOOK / 4)
            self._reap_quietly()
        if child.pid:
            _signal(child.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child.pid, 0)

    def _reap_quietly(self) -> None:
        for pid, _status in iter(_ended, None):
            for child in self.children:
                child.pid = 0 if child.pid == pid else child.pid

    def _stop(self, *_signal: object) -> None:
        self._told_to_stop += 1


def _later(child: Child, why: str) -> None:
    """When it is started again: at once, then after a second, two, four ... Raises CannotGoOnError at the last try."""
    child.failed += 1
    if child.tries is not None and child.failed >= child.tries:
        raise CannotGoOnError(
            f"หยุดบริการ เพราะ {child.name} เปิดไม่ได้ {child.failed} ครั้งติดกัน: {why}\n"
            f"The site stops: the {child.name} did not start {child.failed} times in a row: {why}"
        )
    wait = 0.0 if child.failed == 1 else min(2.0 ** (child.failed - 2), LONGEST)
    child.next = time.monotonic() + wait
    _say(f"{child.name} หยุดทำงาน ({why}) จะเปิดใหม่ใน {wait:.0f} วินาที / The {child.name} ended ({why}); "
         f"it starts again in {wait:.0f} s.")  # fmt: skip


def _start(command: Sequence[str]) -> int:
    """A process that ends when we do, in a group of its own: a key pressed in a terminal asks us alone."""
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        _prctl(_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == keeper:
            os.execv(command[0], list(command))  # noqa: S606 - our own programs
    finally:
        os._exit(127)


def _ended() -> tuple[int, int] | None:
    """One process that ended and was not asked after yet, also one that came to us from another."""
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, status) if pid else None


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit {code}"


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _prctl(what: int, value: int) -> None:
    """Where the system has none (not Linux), the worker watches its parent by itself, and the rest stays as it is."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(what, value, 0, 0, 0)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def children(*, port: int, workers: int, jobs: bool, stop: int) -> list[Child]:
    here = Path(sys.executable).parent
    # Connections, not threads: they only wait (config.arriving, config.gate).
    size = ["--workers", str(workers), "--backpressure", "800", "--no-ws"]
    keep = ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", str(stop)]
    where = ["--interface", "asginl", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    # Named by the interpreter: the script's own first line may be too long for the system.
    server = [sys.executable, str(here / "granian"), *where, *size, *keep, "okat.config.starting:application"]
    found = [Child("server", server, stop + 5.0, TRIES)]
    if jobs:
        worker = [sys.executable, str(here / "okat"), "work", "--beside", str(os.getpid())]
        found.append(Child("worker", worker, WORKER_STOP))
    return found


def _tell(port: int) -> bool:
    there = door.answers(port)
    if there:
        print(f"serving at http://{door.HOST}:{port}", flush=True)
    return there


def main(port: str, workers: str, jobs: str, held: str = "") -> int:
    if held:
        os.set_inheritable(int(held), False)  # ours until we end, and not our children's
    ours = not environment.given("DATABASE_URL")
    here = database.cluster()
    wanted = children(
        port=int(port), workers=int(workers), jobs=jobs == "with-worker", stop=environment.number("OKAT_STOP_SECONDS")
    )
    keeper = Keeper(
        wanted,
        database_answers=(lambda: database.lets_in(here)) if ours else None,
        start_database=database.start if ours else None,
        tell=lambda: _tell(int(port)),
        stands_still=lambda: ours and database.stands_still(here),
        go_on=lambda: database.go_on(here),
    )
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
