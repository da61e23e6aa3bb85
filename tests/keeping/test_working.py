"""Work that waits survives its worker, and work of the clock is done later where no worker was there in time."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app

from okat.config import stalled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_work_of_others(db: None) -> None:
    """Tests that commit leave jobs behind: their tables are the queue's own, which no flush of Django's empties."""
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


def make_worker(silent_for: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s))"
            " returning id",
            [silent_for],
        )
        return int(cursor.fetchone()[0])


def make_job(worker: int | None, *, lock: str | None = None, status: str = "doing", attempts: int = 0) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock, worker_id) "
            "values ('test', 'test.job', %s, %s, %s, %s) returning id",
            [status, attempts, lock, worker],
        )
        return int(cursor.fetchone()[0])


def states() -> dict[int, tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("select id, status, attempts from procrastinate_jobs")
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def taken_up() -> list[int]:
    async def look() -> list[int]:
        with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
            async with running.open_async():
                both = await asyncio.gather(stalled.take_up(running), stalled.take_up(running))
                return [job for each in both for job in each]

    return asyncio.run(look())


def test_jobs_of_workers_that_fell_silent_wait_again_once() -> None:
    alive, dead = make_worker(1), make_worker(300)
    going_on, left, struck_off = make_job(alive), make_job(dead), make_job(None)
    deadly = make_job(dead, attempts=stalled.TRIES - 1)
    twin, waiting = make_job(dead, lock="one letter"), make_job(None, lock="one letter", status="todo")
    assert sorted(taken_up()) == sorted([left, struck_off, deadly, twin])  # though two looked at once
    assert states() == {
        going_on: ("doing", 0), left: ("todo", 1), struck_off: ("todo", 1), deadly: ("failed", stalled.TRIES),
        twin: ("aborted", 1), waiting: ("todo", 0),
    }  # fmt: skip
    assert taken_up() == []


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts `okat work` over the database of this test."""
    server, started = connection.settings_dict, []
    address = f"postgresql://{server['USER']}@{quote(str(server['HOST']), safe='')}/{server['NAME']}"
    given: dict[str, str] = {**os.environ, "OKAT_VAR": str(tmp_path), "DATABASE_URL": address}
    given.pop("DJANGO_SETTINGS_MODULE", None)

    def start() -> subprocess.Popen[bytes]:
        okat = [str(Path(sys.executable).parent / "okat"), "work"]
        started.append(subprocess.Popen(okat, env=given, stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()


def until(done: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := done():
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def job(task: str) -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("select id, status from procrastinate_jobs where task_name = %s order by id limit 1", [task])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


@pytest.mark.slow
def test_a_job_in_hand_when_its_worker_is_killed_is_done_by_the_next(
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    server = connection.settings_dict
    held = psycopg.connect(host=server["HOST"], user=server["USER"], dbname=server["NAME"])
    with contextlib.closing(held):
        held.execute("lock table rounds_round in access exclusive mode")  # so that the job cannot end
        app.configure_task("rounds.tick").defer(timestamp=0)
        first = worker()
        until(lambda: (found := job("rounds.tick")) and found[1] == "doing")
        first.send_signal(signal.SIGKILL)
        first.wait()
        held.rollback()
    assert job("rounds.tick") is not None
    with connection.cursor() as cursor:  # half a minute later
        cursor.execute("update procrastinate_workers set last_heartbeat = now() - interval '31 seconds'")
    worker()
    until(lambda: job("rounds.tick") is None)  # what was done is deleted


@pytest.mark.slow
def test_a_worker_that_starts_late_does_what_the_clock_asked_for_once(
    worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    wanted = {task for task, _ in app.periodic_registry.periodic_tasks}

    def noted() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("select task_name, defer_timestamp from procrastinate_periodic_defers")
            return dict(cursor.fetchall())

    first = worker()
    until(lambda: set(noted()) == wanted)  # whatever the hour: the last time of each was minutes to a day ago
    before = noted()
    assert time.time() - min(before.values()) > 600
    until(lambda: not [name for name in wanted if job(name)])  # all done, none failed
    first.terminate()
    first.wait()
    worker()
    until(lambda: set(noted()) == wanted)
    daily = {name: at for name, at in before.items() if name != "rounds.tick"}
    assert {name: noted()[name] for name in daily} == daily
