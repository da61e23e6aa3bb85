"""How the site is, for whoever watches over it: what answers, what is late, what runs out.

It is asked in a thread of its own with a connection of its own, so that it answers while every page hangs, and it
waits for neither: a database that gives no answer in time is told as one.
"""

import datetime as dt
import shutil
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from okat.city.core import key_marks

FRESH = 1.0  # seconds for which an answer is given again: asking often costs nothing
WAIT = 3.0  # seconds after which no answer is the answer
SILENT = 45  # seconds without a sign of life of any worker; one comes every ten
LATE = 600  # seconds after which work that waits is late
FAILED = "failed-start"  # in the data folder, as config.beside writes it
STAMP = "last-backup"  # in the data folder; its time is that of the last backup that was finished

_OURS = {"cursor_factory", "context", "options", "connect_timeout"}  # of its settings
_LOCK = threading.Lock()
_BEGAN = time.monotonic()
_asked: tuple[float, "Future[dict[str, Any]]"] | None = None

_QUESTION = """
select (select extract(epoch from now() - max(last_heartbeat))::int from procrastinate_workers),
    (select count(*) from procrastinate_jobs j where j.status = 'todo' and coalesce(j.scheduled_at,
        (select max(e.at) from procrastinate_events e where e.job_id = j.id)) < now() - %s * interval '1 second'),
    (select count(*) from core_letter where state in ('waiting', 'failed', 'sent') and fault = 'our_fault'
        and made_at > now() - interval '3 days' and (done_at is null or done_at > now() - interval '1 day')),
    (select json_object_agg(name, mark) from core_keymark)
"""


def answer() -> dict[str, Any]:
    """`status` ok or failing, `wrong` (the names of the parts that are), and `parts` with their figures."""
    global _asked  # noqa: PLW0603 - one answer for the whole process
    with _LOCK:
        now = time.monotonic()
        if _asked is None or (_asked[1].done() and now - _asked[0] > FRESH):
            _asked = now, Future()
            threading.Thread(target=_run, args=[_asked[1]], name="health", daemon=True).start()
        began, asked = _asked
    try:
        return asked.result(timeout=max(0.0, began + WAIT - now))
    except TooLate:
        return _told({"database": {"ok": False, "answers": False}, **_machine()})


def _run(asked: "Future[dict[str, Any]]") -> None:
    try:
        asked.set_result(_told(look()))
    except BaseException as error:  # whoever waits must hear of it
        asked.set_exception(error)
    finally:
        connections.close_all()


def look() -> dict[str, dict[str, Any]]:
    """Each part: `ok`, and the figure that says why."""
    try:
        beat, late, broken, noted = _database()
    except psycopg.Error:
        return {"database": {"ok": False, "answers": False}, **_machine()}
    # A site that starts has no worker yet; it has the time of one missed sign of life.
    working = beat is not None and beat <= SILENT
    starting = time.monotonic() - _BEGAN < SILENT
    return {
        "database": {"ok": True, "answers": True},
        "worker": {"ok": working or starting, "seconds_since_heartbeat": beat},
        "jobs": {"ok": late == 0, "overdue": late},
        "letters": {"ok": broken == 0, "broken": broken},
        **_machine(noted),
    }


def beating() -> bool:
    """Whether a worker has given a sign of life lately: somebody serves this city now."""
    try:
        beat = _database()[0]
    except psycopg.Error:
        return False
    return beat is not None and beat <= SILENT


def _database() -> tuple[int | None, int, int, dict[str, str]]:
    given = connections["default"].get_connection_params()
    given = {name: value for name, value in given.items() if name not in _OURS}
    limits = f"-c statement_timeout={int(WAIT * 1000)} -c lock_timeout={int(WAIT * 1000)}"
    with psycopg.connect(**given, connect_timeout=2, options=limits, autocommit=True) as session:
        row = session.execute(_QUESTION, [LATE]).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3] or {}


def _machine(noted: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """What needs no database; `noted`: the marks of the keys that it knows."""
    free = shutil.disk_usage(settings.DATA_FOLDER).free // 2**20
    stamp = settings.DATA_FOLDER / STAMP
    since = _age(stamp)
    age = None if since is None else since / 86_400
    # This process has the keys that it read; the next start has what lies on the disk.
    fault = settings.KEYRING.fault() or ("another" if key_marks.differ(noted or {}) else None)
    failed = _age(settings.DATA_FOLDER / FAILED)
    kept = settings.BACKUP_DAYS == 0 or (age is not None and age <= settings.BACKUP_DAYS)
    return {
        "keys": {"ok": fault is None, "fault": fault},
        "disk": {"ok": free >= settings.DISK_MB, "free_mb": free},
        # The site runs on with fewer processes, and each start tries again (config.starting).
        "processes": {
            "ok": failed is None or failed > SILENT,
            "seconds_since_failed_start": None if failed is None else round(failed),
        },
        "backup": {"ok": kept, "days_since": None if age is None else round(age, 1)},
    }


def _age(file: Path) -> float | None:
    """Seconds; None where it is not there (any more)."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return None


def _told(parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    wrong = sorted(name for name, part in parts.items() if not part["ok"])
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"status": "failing" if wrong else "ok", "wrong": wrong, "at": at, "parts": parts}


def for_reader(told: dict[str, Any], *, stranger: bool) -> dict[str, Any]:
    """A stranger hears what is wrong, without figures about the machine."""
    return {name: value for name, value in told.items() if name != "parts"} if stranger else told
