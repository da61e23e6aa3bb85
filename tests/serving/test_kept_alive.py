"""`okat serve` with everything real: what is killed comes back, what hangs hides nothing, what is in hand ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tests.serving.served import OKAT, SOON, Site, below, free_port, until

from okat.config import database, door, supervise
from okat.config.supervise import Keeper

pytestmark = pytest.mark.slow


def test_a_killed_worker_comes_back_and_does_what_waits(site: Site) -> None:
    (old,) = site.pids("okat work")
    os.kill(old, signal.SIGKILL)
    (new,) = until(lambda: [pid for pid in site.pids("okat work") if pid != old])
    assert new != old
    with site.connect() as session:
        beat = "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '15 seconds'"
        began = session.execute("select clock_timestamp()").fetchone()
        ask = "select count(*) from procrastinate_events where at > %s and type in ('succeeded', 'started', 'failed')"
        session.execute(
            "insert into procrastinate_jobs (queue_name, task_name, args) values ('default', 'no.such_task', '{}')"
        )
        assert began is not None
        until(lambda: (session.execute(ask, began).fetchone() or [0])[0] > 0)  # it takes jobs again
        until(lambda: (session.execute(beat).fetchone() or [0])[0] > 0)
        session.execute("delete from procrastinate_jobs where task_name = 'no.such_task'")
    until(site.ok)


def test_server_and_worker_write_links_to_the_port_that_is_served(site: Site) -> None:
    for word in ("okat work", "granian"):
        (pid, *_others) = site.pids(word)
        assert f"OKAT_URL={site.url}" in Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0"), word


def test_a_killed_server_process_comes_back(site: Site) -> None:
    first, *others = site.pids("granian")
    assert others, "the server has a process that serves"
    os.kill(others[0], signal.SIGKILL)
    until(lambda: site.page() == 200 and others[0] not in site.pids("granian"))
    assert first in site.pids("granian")
    until(site.ok)


def test_a_killed_server_comes_back_and_leaves_no_process_of_its_own(site: Site) -> None:
    old = site.pids("granian")
    os.kill(old[0], signal.SIGKILL)
    until(lambda: not set(old) & set(site.pids("granian")) and site.page() == 200)
    until(site.ok)


@pytest.mark.parametrize(
    "how", ["SIGKILL", "SIGTERM", *(pytest.param(how, marks=pytest.mark.thorough) for how in ("SIGQUIT", "SIGINT"))]
)
def test_a_database_that_is_ended_in_any_way_comes_back_and_so_does_the_work(how: str, site: Site) -> None:
    """After a plain `kill` it waits for its last session, which pages and worker hold, and turns everybody away."""
    old = site.database()
    until(lambda: site.page("/catalogue/") == 200)
    os.kill(old, signal.Signals[how])
    until(lambda: old not in site.pids(" -k "))
    assert site.database() != old
    until(lambda: site.page(f"/catalogue/?q={how}") == 200)
    until(site.ok)


def test_a_database_that_was_told_to_stop_is_not_stopped_under_a_site(site: Site) -> None:
    old = site.database()
    with site.connect():
        os.kill(old, signal.SIGTERM)
        done = subprocess.run([OKAT, "stop"], env=site.environ, check=False, capture_output=True, text=True)
    assert (done.returncode, "end `okat serve` first" in done.stderr) == (2, True), done.stdout + done.stderr
    until(site.ok)


def test_health_answers_while_every_page_hangs(site: Site) -> None:
    with ThreadPoolExecutor(12) as crowd:
        with site.connect() as session, session.transaction():
            session.execute("lock table catalogue_opportunity")
            pages = [crowd.submit(site.page, "/catalogue/?q=x", 40) for _each in range(12)]
            time.sleep(1)
            began = time.monotonic()
            said = site.health(seconds=4)
            assert time.monotonic() - began < 4
            assert said["parts"]["database"]["ok"]
            found = [page.result() for page in pages]  # each in its time, by the limit for locks
        assert set(found) <= {200, 503}
        assert 503 in found
    assert site.page("/catalogue/?q=x") == 200


def test_health_says_that_the_database_gives_no_answer(site: Site) -> None:
    (pid,) = site.pids(" -k ")
    os.kill(pid, signal.SIGSTOP)
    try:
        said = until(lambda: next((s for s in [site.health()] if s["wrong"]), None), seconds=20)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert said["wrong"] == ["database"]
    until(site.ok)


def test_no_page_hangs_while_the_whole_database_stands_still(site: Site) -> None:
    """Also those that come after: each is told in the time of one statement and a little."""
    (pid,) = site.pids(" -k ")
    assert site.page("/catalogue/?q=before") == 200
    every = [*(each for each, _command in below(pid)), pid]
    for each in every:
        os.kill(each, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(6) as crowd:
            asked = [crowd.submit(timed, site, f"/catalogue/?q=still{number}") for number in range(6)]
            asked += [crowd.submit(timed, site, f"/catalogue/?q=later{number}") for number in range(6)]
            found = [page.result() for page in asked]
        said = site.health()
    finally:
        for each in reversed(every):
            os.kill(each, signal.SIGCONT)
    assert {status for status, _seconds in found} == {503}, found
    assert max(seconds for _status, seconds in found) < 26, found
    assert said["wrong"] == ["database"]
    until(lambda: site.page("/catalogue/?q=after") == 200)
    until(site.ok)


def test_a_database_that_was_stopped_where_it_stood_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("OKAT_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(supervise, "STILL", 2.0)
    monkeypatch.setattr(database, "CONNECT", 2)
    tmp_path.chmod(0o755)
    url, here, woken = database.start(options=database.FAST), database.cluster(), list[float]()
    head = int((here.data / "postmaster.pid").read_text().split()[0])

    def go_on() -> None:
        woken.append(time.monotonic())
        database.go_on(here)

    keeper = Keeper(
        [], database_answers=lambda: database.lets_in(here), start_database=lambda: pytest.fail("it runs"),
        stands_still=lambda: database.stands_still(here), go_on=go_on,
    )  # fmt: skip

    def looked(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not woken:
            keeper.look()
            time.sleep(0.1)

    try:
        with psycopg.connect(url) as busy:
            pid = busy.info.backend_pid
            looked(4)
            assert woken == []  # it only works, or waits for work
            for every in ([pid], [head, *(each for each, _command in below(head))]):
                woken.clear()
                for each in every:
                    os.kill(each, signal.SIGSTOP)
                if head in every:
                    with pytest.raises(database.DatabaseError, match="answers no question"):
                        database.start(options=database.FAST)  # as each command begins
                began = time.monotonic()
                looked(20)
                assert woken
                assert woken[0] - began >= 2
                assert busy.execute("select 1").fetchone() == (1,)
                assert database.stands_still(here) == []
    finally:
        database.go_on(here)
        database.stop()


def timed(site: Site, path: str) -> tuple[int, float]:
    began = time.monotonic()
    return site.page(path, 60), time.monotonic() - began


@pytest.mark.parametrize("how", ["missing", "emptied"])
def test_health_says_that_the_next_start_would_have_no_keys(how: str, site: Site) -> None:
    file = Path(site.environ["OKAT_VAR"]) / "keys"
    kept = file.with_name("kept")
    file.rename(kept)
    if how == "emptied":
        file.touch()
    try:
        said = until(lambda: next((s for s in [site.health()] if s["wrong"]), None), seconds=20)
        assert site.page("/catalogue/") == 200  # by the keys that were read
    finally:
        kept.rename(file)
    assert said["wrong"] == ["keys"]
    until(site.ok)


def test_told_to_stop_it_ends_what_is_in_hand_and_everything_it_started(site: Site) -> None:
    assert site.keeper is not None
    started = site.pids("granian") + site.pids("okat work")
    with ThreadPoolExecutor(1) as crowd, site.connect() as session:
        with session.transaction():
            session.execute("lock table catalogue_opportunity")
            page = crowd.submit(site.page, "/catalogue/?q=last", 30)  # not asked before, so that nothing is kept of it
            time.sleep(1)
            site.keeper.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert not page.done()
            assert site.keeper.poll() is None
        assert page.result() == 200
    assert site.keeper.wait(timeout=60) == 0
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    site.start()  # whichever test comes next finds it there


def test_a_killed_keeper_takes_all_with_it_and_the_next_start_serves(site: Site) -> None:
    assert site.keeper is not None
    started = site.pids("granian") + site.pids("okat work")
    with pytest.raises(door.TakenError):
        door.hold(site.port)
    site.keeper.kill()
    site.keeper.wait()
    freed = door.hold(site.port)  # also while what it started still ends
    assert freed is not None
    freed.close()
    until(lambda: not [pid for pid in started if Path(f"/proc/{pid}").exists()])
    site.start()


def test_a_port_that_is_taken_gets_no_second_site(site: Site) -> None:
    arguments = [OKAT, "serve", "--port", str(site.port)]
    done = subprocess.run(arguments, env=site.environ, timeout=60, check=False, capture_output=True, text=True)
    assert (done.returncode, f"Port {site.port} is in use" in done.stderr, done.stdout) == (2, True, "")
    assert site.ok()


def test_a_port_of_another_program_is_waited_for_and_then_left_alone() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as a server's own processes do
        other.bind((door.HOST, 0))
        other.listen()
        said: list[str] = []
        with pytest.raises(door.TakenError, match="--port"):
            door.wait_free(other.getsockname()[1], seconds=0.5, say=said.append)
        assert len(said) == 1
    door.wait_free(other_port := free_port(), seconds=0.5, say=said.append)
    first = door.hold(other_port)
    with pytest.raises(door.TakenError):
        door.hold(other_port)
    assert first is not None
    first.close()
    second = door.hold(other_port)
    assert second is not None
    second.close()


@pytest.mark.thorough
def test_a_server_that_cannot_start_ends_the_whole_soon_with_a_word(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each of the five tries is one start, not as many as the server itself likes."""
    assert site.keeper is not None
    site.keeper.terminate()
    site.keeper.wait(timeout=60)
    site.start()
    file = Path(site.environ["OKAT_VAR"]) / "keys"
    kept = file.read_text()
    try:
        file.write_text("")
        capfd.readouterr()
        os.kill(site.pids("granian")[-1], signal.SIGKILL)
        assert site.keeper.wait(timeout=SOON) == supervise.FAILED
        said = capfd.readouterr().err
    finally:
        file.write_text(kept)
        site.keeper.kill()
        site.keeper.wait()
    assert said.count(f"The key file {file} cannot be read") == supervise.TRIES
    assert f"the server did not start {supervise.TRIES} times in a row" in said
    assert "Traceback" not in said
    site.start()


@pytest.mark.thorough
def test_a_process_that_cannot_start_leaves_the_others_alone_and_is_tried_again(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.keeper is not None
    site.keeper.terminate()
    site.keeper.wait(timeout=60)
    site.start(workers=2)
    first, *_others = before = site.pids("granian")
    file = Path(site.environ["OKAT_VAR"]) / "keys"
    kept = file.read_text()
    try:
        file.write_text("")
        capfd.readouterr()
        os.kill(before[-1], signal.SIGKILL)
        until(lambda: "processes" in site.health()["wrong"])
        assert not site.health()["parts"]["processes"]["ok"]
        end = time.monotonic() + 15  # longer than from one try to the next
        while time.monotonic() < end:
            assert site.page() == 200
            time.sleep(0.2)
    finally:
        file.write_text(kept)
    said = capfd.readouterr().err
    assert said.count(f"The key file {file} cannot be read") in {2, 3}
    assert "this one is tried again" in said
    until(site.ok)
    assert len(site.pids("granian")) == len(before)
    assert site.pids("granian")[0] == first
    site.keeper.terminate()
    site.keeper.wait(timeout=60)
    site.start()


def test_the_database_is_stopped_when_nobody_uses_it_and_not_before(site: Site) -> None:
    def stop() -> "subprocess.CompletedProcess[str]":
        return subprocess.run([OKAT, "stop"], env=site.environ, check=False, capture_output=True, text=True)

    refused = stop()
    assert refused.returncode == 2
    assert "end `okat serve` first" in refused.stderr
    assert site.ok()
    assert site.keeper is not None
    site.keeper.terminate()
    site.keeper.wait(timeout=60)
    assert "The database is stopped" in stop().stdout
    assert "does not run" in stop().stdout


@pytest.mark.parametrize("tries", [2, 3])
def test_what_cannot_be_started_ends_the_whole_with_a_word(tries: int, capfd: pytest.CaptureFixture[str]) -> None:
    code = f"""
import sys
from okat.config.supervise import Child, Keeper
sys.exit(Keeper([Child("server", ["/bin/false"], 1.0, {tries}), Child("worker", ["/bin/sleep", "60"], 1.0)]).run())
"""
    done = subprocess.run([sys.executable, "-c", code], timeout=30, check=False)
    assert done.returncode == supervise.FAILED
    assert f"the server did not start {tries} times in a row: exit 1" in capfd.readouterr().err


def test_a_database_that_cannot_be_started_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def start() -> None:
        tries.append(1)
        raise database.DatabaseError("no room")

    keeper = Keeper([], database_answers=lambda: False, start_database=start)
    clock = iter(range(0, 10_000, 60))
    monkeypatch.setattr(supervise.time, "monotonic", lambda: float(next(clock)))

    def look() -> None:
        while len(tries) < 40:
            keeper.look()

    with pytest.raises(supervise.CannotGoOnError, match="no room"):
        look()
    assert len(tries) == supervise.TRIES
