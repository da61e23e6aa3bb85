"""Pages with a million people behind them, against a bare view of the framework on the same server and database.

CPU seconds are those of the server and of PostgreSQL together, read from /proc before and after; the load generator
(32 connections, a process of its own) is not counted. Second factor, audit and scope are on. `OKAT_BENCH_PEOPLE`
makes a smaller city for a quick look.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

NAMES = ("page-person", "page-search", "page-today", "page-referral")
TARGETS = {"page-person": 10.0, "page-search": 5.0, "page-today": 10.0, "page-referral": 10.0}
CONNECTIONS, REQUESTS, OPPORTUNITIES = 32, 640, 5_000
ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench-pages"
TICKS = os.sysconf("SC_CLK_TCK")
WORDS = ("ทอผ้า", "อ่านออกเขียนได้", "ทำขนม", "มือถือ", "ผู้สูงอายุ", "ซ่อม", "เงินกู้", "งาน", "เด็ก", "สมุนไพร")

Request = tuple[str, str, str]
"""Method, path, body."""


def run(only: str) -> list[dict[str, Any]]:
    """Rows whose `ratio` is how many bare views one page costs; `target` is the most it may cost."""
    people = int(os.environ.get("OKAT_BENCH_PEOPLE", "1000000"))
    plan = _prepared(people)
    before = _bare(plan)
    with _server("okat.config.wsgi:application", "okat.config.settings") as (port, cpu):
        pages = _pages(plan).items()
        costs = {name: _measured(port, cpu, requests, plan["cookie"]) for name, requests in pages}
    # Before and after, and the cheaper counts: the database may still have been tidying up after the load.
    bare = min(before, _bare(plan), key=lambda cost: cost["ms"])
    return [_row(name, cost, bare, plan["total"]) for name, cost in costs.items()]


def _bare(plan: dict[str, Any]) -> dict[str, float]:
    with _server("benchmarks.bare:application", "benchmarks.bare") as (port, cpu):
        return _measured(port, cpu, [("GET", f"/{pk}/", "") for pk in plan["people"]], "")


def _row(name: str, cost: dict[str, float], bare: dict[str, float], people: int) -> dict[str, Any]:
    said = f"{cost['ms']:.1f} ms CPU a request, {cost['rate']:.0f} a second, {people:,} people"
    return {
        "name": name, "ours": said, "peer": f"bare view, {bare['ms']:.2f} ms CPU a request",
        "ours_cpu_s": cost["cpu"], "peer_cpu_s": bare["cpu"], "ratio": cost["ms"] / bare["ms"],
        "target": TARGETS[name], "equal": None,
    }  # fmt: skip


def _pages(plan: dict[str, Any]) -> dict[str, list[Request]]:
    looks = [f"/catalogue/?q={quote(word)}&page={page}" for word in WORDS for page in (1, 2)]
    fields = {"to": plan["to"], "version": plan["version"], "note": ""}
    return {
        "page-person": [("GET", f"/people/{pk}/", "") for pk in plan["people"]],
        "page-search": [("GET", looks[at % len(looks)], "") for at in range(REQUESTS)],
        "page-today": [("GET", "/today/", "")] * REQUESTS,
        "page-referral": [
            ("POST", f"/cases/{pk}/refer/", urlencode({**fields, "once": str(uuid.uuid4())})) for pk in plan["cases"]
        ],
    }


def _prepared(people: int) -> dict[str, Any]:
    VAR.mkdir(parents=True, exist_ok=True)
    plan = VAR / "plan.json"
    arguments = [str(people), str(OPPORTUNITIES), str(REQUESTS), str(plan)]
    subprocess.run([sys.executable, "-m", "benchmarks.city_at_size", *arguments], cwd=ROOT, env=_env(), check=True)
    return dict(json.loads(plan.read_text(encoding="utf-8")))


def _env(**more: str) -> dict[str, str]:
    return {**os.environ, "OKAT_VAR": str(VAR), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", **more}


@contextmanager
def _server(application: str, settings: str) -> Iterator[tuple[int, Callable[[], float]]]:
    """One worker of the product's own server; its port, and what it and the database have used so far."""
    port = _free_port()
    program = str(Path(sys.executable).parent / "granian")
    size = ["--blocking-threads", "4", "--backpressure", "64"]  # as `okat serve` starts it
    command = [program, "--interface", "wsgi", "--port", str(port), *size, application]
    server = subprocess.Popen(command, cwd=ROOT, env=_env(DJANGO_SETTINGS_MODULE=settings))
    try:
        _wait(port)
        yield port, lambda: _cpu_of(server.pid) + _cpu_of(_postgres())
    finally:
        server.terminate()
        server.wait()


def _measured(port: int, cpu: Callable[[], float], requests: list[Request], session: str) -> dict[str, float]:
    """After a warm-up with the first requests: CPU seconds, milliseconds of it and requests a second."""
    warm = CONNECTIONS * 2
    if requests[0][0] == "GET":
        _load(port, requests[:warm], session)
    before, started = cpu(), time.monotonic()
    _load(port, requests, session)
    used, took = cpu() - before, time.monotonic() - started
    return {"cpu": used, "ms": used * 1000 / len(requests), "rate": len(requests) / took}


def _load(port: int, requests: list[Request], session: str) -> None:
    body = json.dumps({"port": port, "requests": requests, "session": session})
    subprocess.run([sys.executable, "-m", "benchmarks.pages"], cwd=ROOT, input=body, text=True, check=True, env=_env())


def _fire(port: int, requests: list[Request], session: str) -> None:
    """Send all over 32 connections. Raises RuntimeError for the first answer that is not the page."""
    waiting, faults, lock = iter(requests), [], threading.Lock()
    token = "b" * 32
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            with lock:
                request = next(waiting, None)
            if request is None or faults:
                return
            method, path, body = request
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            line.request(method, path, body or None, {**headers, **kind})
            answer = line.getresponse()
            answer.read()
            # A sending answers with the way to the page that shows it; a look with the page.
            if answer.status != (302 if method == "POST" else 200) or "sign-in" in answer.headers.get("Location", ""):
                faults.append(f"{method} {path}: {answer.status} {answer.headers.get('Location', '')}")

    threads = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _postgres() -> int:
    return int(next(VAR.glob("**/postmaster.pid")).read_text().split()[0])


def _cpu_of(root: int) -> float:
    """CPU seconds of a process, its living descendants, and those that it has already buried."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        pid = int(entry.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        used[pid] = sum(int(fields[at]) for at in (11, 12, 13, 14))
    ticks, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        ticks += used.get(pid, 0)
        waiting += children.get(pid, [])
    return ticks / TICKS


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    _fire(given["port"], given["requests"], given["session"])
