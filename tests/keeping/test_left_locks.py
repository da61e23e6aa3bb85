"""A power cut leaves lock files, and their number may be another program's by then: the database starts."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from okat.config import commands, database
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


SPELT: dict[str, Callable[[Path], Path]] = {
    "dots": lambda folder: folder.parent / "beside" / ".." / folder.name,
    "link": lambda folder: folder.parent / "link",
}


@pytest.mark.parametrize("way", SPELT)
def test_a_server_is_known_however_its_folder_is_spelt(
    way: str, here: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.start(options=database.FAST)
    folder, pid = here.data.parent, number(here.data / "postmaster.pid")
    (folder.parent / "beside").mkdir()
    (folder.parent / "link").symlink_to(folder)
    other = SPELT[way](folder)
    assert database._may_serve(pid, other / here.data.name)
    monkeypatch.setenv("OKAT_VAR", str(other))
    assert database.start(options=database.FAST) == here.url
    with psycopg.connect(here.url) as link:
        assert link.execute("select 1").fetchone() == (1,)
        kept = link.execute("select pg_postmaster_start_time()").fetchone()
    database._unblock(Cluster(other / here.data.name, here.socket))
    assert number(here.data / "postmaster.pid") == pid
    with psycopg.connect(here.url) as link:
        assert link.execute("select pg_postmaster_start_time()").fetchone() == kept


def test_what_the_server_runs_for_itself_uses_nothing(here: Cluster) -> None:
    """A query that is shared out to helpers is one user's."""
    database.start(options=database.FAST)
    with psycopg.connect(here.url, autocommit=True) as link:
        forced = "force_parallel_mode" if link.info.server_version < 160000 else "debug_parallel_query"
        link.execute(f"set {forced} = on")
        slept = threading.Thread(target=link.execute, args=["select pg_sleep(4)"])
        slept.start()
        with psycopg.connect(here.url, autocommit=True) as other:
            count = "select count(*) from pg_stat_activity where backend_type = 'parallel worker'"
            end = time.monotonic() + 3
            while (found := other.execute(count).fetchone()) == (0,) and time.monotonic() < end:
                time.sleep(0.1)
            assert found == (1,)
            assert database.used_by() == 2
        slept.join()


def turned_away(here: Cluster) -> str:
    """What a server says to whoever comes now; empty where it lets in."""
    try:
        psycopg.connect(here.url).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def stopping(here: Cluster) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A session that keeps a server from ending, which was told to by a plain `kill`."""
    database.start(options=database.FAST)
    with psycopg.connect(here.url, autocommit=True) as held:
        os.kill(number(here.data / "postmaster.pid"), signal.SIGTERM)
        until(lambda: "shutting down" in turned_away(here))
        yield held


def test_a_server_that_was_told_to_stop_and_does_not_end_is_ended_and_started(
    here: Cluster, stopping: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    old = number(here.data / "postmaster.pid")
    assert not database.lets_in(here)
    assert database.start(options=database.FAST) == here.url
    assert database.lets_in(here)
    assert turned_away(here) == ""
    assert number(here.data / "postmaster.pid") != old
    with pytest.raises(psycopg.OperationalError):
        stopping.execute("select 1")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to find the process of a session")
def test_a_session_that_does_not_let_go_is_cut_off(
    here: Cluster, stopping: "psycopg.Connection[tuple[object, ...]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "FAST_STOP", 2)
    os.kill(stopping.info.backend_pid, signal.SIGSTOP)
    database.start(options=database.FAST)
    assert turned_away(here) == ""


def test_a_server_whose_socket_was_swept_away_is_started_anew(here: Cluster) -> None:
    database.start(options=database.FAST)
    (here.socket / ".s.PGSQL.5432").unlink()
    assert not database.lets_in(here)
    database.start(options=database.FAST)
    assert turned_away(here) == ""


def test_a_server_that_only_does_not_answer_is_left_alone(here: Cluster) -> None:
    database.start(options=database.FAST)
    pid = number(here.data / "postmaster.pid")
    os.kill(pid, signal.SIGSTOP)
    try:
        assert database.lets_in(here)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_what_was_told_to_stop_is_stopped_by_the_command_where_nobody_brings_it_back(
    here: Cluster, stopping: "psycopg.Connection[tuple[object, ...]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "BACK_SOON", 1.0)
    said: list[str] = []
    commands.stop_database(said.append)
    assert "The database is stopped" in said[-1]
    assert not database.runs()
    commands.stop_database(said.append)
    assert "does not run" in said[-1]


def test_whoever_asks_a_server_that_stops_hears_it_in_words(
    here: Cluster, stopping: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    with pytest.raises(database.DatabaseError, match="answers no question now; wait a moment"):
        database.used_by()
