"""A power cut leaves lock files, and their number may be another program's by then: the database starts."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from okat.config import database
from okat.config.database import Cluster

pytestmark = pytest.mark.slow


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A database that was killed."""
    folder = Path(tempfile.mkdtemp(prefix="okat-locks-"))
    folder.chmod(0o755)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("OKAT_VAR", str(folder / "var"))
    made = database.cluster()
    database.start(options=database.FAST)
    pid = number(made.data / "postmaster.pid")
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while time.monotonic() < end and Path(f"/proc/{pid}").exists():
        time.sleep(0.1)
    yield made
    database.stop()
    shutil.rmtree(folder)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A program of the same user."""
    owner = database._owner()
    with subprocess.Popen(["sleep", "300"], user=pwd.getpwnam(owner).pw_uid if owner else None) as made:
        try:
            yield made
        finally:
            made.kill()


def number(lock: Path) -> int:
    return int(lock.read_text().split()[0])


def put(lock: Path, pid: int) -> None:
    lock.write_text(f"{pid}\n{lock.read_text().partition(chr(10))[2]}")


LOCKS: dict[str, Callable[[Cluster], list[Path]]] = {
    "data": lambda here: [here.data / "postmaster.pid"],
    "socket": lambda here: [here.socket / ".s.PGSQL.5432.lock"],
    "both": lambda here: [here.data / "postmaster.pid", here.socket / ".s.PGSQL.5432.lock"],
}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to tell programs apart")
@pytest.mark.parametrize("which", LOCKS)
def test_a_number_that_another_program_has_by_now(
    which: str, here: Cluster, sleeper: "subprocess.Popen[bytes]"
) -> None:
    for lock in LOCKS[which](here):
        put(lock, sleeper.pid)
    with psycopg.connect(database.start(options=database.FAST)) as link:
        assert link.execute("select 1").fetchone() == (1,)
    assert number(here.data / "postmaster.pid") != sleeper.pid
    assert database.start(options=database.FAST) == here.url  # runs already, and is left alone
    assert sleeper.poll() is None


def test_stopping_ends_no_other_program(here: Cluster, sleeper: "subprocess.Popen[bytes]") -> None:
    put(here.data / "postmaster.pid", sleeper.pid)
    database.stop()
    time.sleep(1)
    assert sleeper.poll() is None


def test_a_server_that_runs_keeps_its_lock(here: Cluster) -> None:
    database.start(options=database.FAST)
    before = (here.data / "postmaster.pid").read_text()
    code = "from okat.config import database; database.start(options=database.FAST)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (here.data / "postmaster.pid").read_text().split("\n")[0] == before.split("\n")[0]
