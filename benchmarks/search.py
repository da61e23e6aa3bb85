"""The catalogue's search over 50,000 opportunities with every filter set, against the bare indexed query.

The peer is what PostgreSQL itself must do for the same answer: one statement for each look, written by hand, with the
same conditions, words and order, sent by psycopg and read as plain tuples; no models, no reasons, no reading of the
typed text. Where the search found little and asked again with what sounds alike, the bare query is the one that gave
the answer. CPU seconds are those of the process and of its PostgreSQL backend together, both sides in one run over the
same looks, which must give the same rows in the same order. `OKAT_BENCH_OPPORTUNITIES` makes a smaller catalogue.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

NAMES = ("search-50k",)
TARGET, TURNS, CHUNK = 3.0, 6, 5_000
ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench-search"
TICKS = os.sysconf("SC_CLK_TCK")
# What is typed, and the partner to whom the search is narrowed: as written, by synonym, by sound or spelling (these are
# asked twice), in English, in two words, without words.
TEXTS = {
    "ทอผ้า": "nfe", "มือถือ": "nfe", "ผู้สูงอายุ": "foundation", "เงินกู้": "social", "เรียนทำขนม": "nfe",
    "พนักงาน": "municipality", "คอร์สเสริมสวย": "nfe", "หมอรำ": "municipality", "ซ่อมรถเครื่อง": "municipality",
    "weaving": "nfe", "older persons": "nfe", "vegetabels": "foundation", "อ่านออกเขียนได้": "nfe",
    "ตลาดนัดชุมชล": "commerce", "": "nfe",
}  # fmt: skip
LEVELLED = ("หน่วยกิต", "ช่างไฟฟ้าในบ้าน", "electrician", "ช่างไฟฟา")  # what leads to a level of schooling, with credits
FAMILIES = ("learn", "work", "money", "help")
NEEDS = (
    "skill-work", "sell", "digital", "job", "company", "care-older", "learn-basic", "capital", "living-cost",
    "literacy",
)  # fmt: skip
SLOTS = ("weekday_day", "weekend")
DAY = dt.date(2026, 11, 22)


def run(only: str) -> list[dict[str, Any]]:
    VAR.mkdir(parents=True, exist_ok=True)
    size = os.environ.get("OKAT_BENCH_OPPORTUNITIES", "50000")
    env = {**os.environ, "OKAT_VAR": str(VAR), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search", size], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE
    )
    found = json.loads(done.stdout)
    ours, bare = found["all"]["ours"], found["all"]["bare"]
    said = "{ours:.1f} ms CPU a search, every filter set, {size:,} opportunities; words alone {alone:.1f}"
    return [
        {
            "name": "search-50k",
            "ours": said.format(ours=ours, size=found["size"], alone=found["alone"]["ours"]),
            "peer": f"bare query {bare:.1f} ms; words alone {found['alone']['bare']:.1f}",
            "ours_cpu_s": found["all"]["ours_s"], "peer_cpu_s": found["all"]["bare_s"], "ratio": ours / bare,
            "target": TARGET, "equal": found["all"]["equal"] and found["alone"]["equal"],
        }
    ]  # fmt: skip


def measured(size: int) -> dict[str, Any]:
    from okat.config.boot import boot

    boot()
    from okat.city.catalogue.models import Opportunity
    from okat.city.catalogue.rules.look import Look
    from okat.city.core import clock

    _fill(size)
    alone = [Look(text=text) for text in TEXTS if text]
    every = [look for text in TEXTS for look in _every(text)] + [_levelled(text) for text in LEVELLED]
    noon = dt.datetime.combine(DAY, dt.time(5), tzinfo=dt.UTC)
    with clock.at(noon):
        return {"size": Opportunity.objects.count(), "all": _compared(every), "alone": _compared(alone)}


def _look(text: str) -> Any:
    """A look in which every filter is set that goes with any other; the answer "ask" would let more in."""
    from okat.city.catalogue.rules.look import Look

    return Look(
        text=text, slots=SLOTS, area="40", near="400101", minutes=120, hours=400, free=True, no_papers=True,
        places=True, open_on=DAY, starts_from=DAY, starts_to=DAY + dt.timedelta(days=90), families=FAMILIES,
        needs=NEEDS,
    )  # fmt: skip


def _every(text: str) -> Iterator[Any]:
    """The two ways to say who can use it take turns; the partner is named in one of them."""
    yield replace(_look(text), formats=("onsite",), partner=TEXTS[text])
    yield replace(_look(text), usable=("wheelchair",))


def _levelled(text: str) -> Any:
    look = _look(text)
    return replace(look, formats=("onsite",), partner="education", levels=("upper-secondary",), credits=True)


def _compared(looks: list[Any]) -> dict[str, Any]:
    """Milliseconds of CPU for one search, ours and bare, and whether the rows agree."""
    from benchmarks.search_bare import statement
    from okat.city.catalogue.queries import search

    pages = [search.find(look) for look in looks]  # also fills what is kept in memory
    bare = [statement(look, found, _levels(look, found), DAY) for look, found in zip(looks, pages, strict=True)]
    found = [[row[0] for row in _rows(*one)][: search.PAGE] for one in bare]
    some = sum(map(bool, found))
    if some * 5 < len(found) * 4:
        raise RuntimeError(f"only {some} of {len(found)} looks find anything")

    def ours() -> None:
        for look in looks:
            search.why(search.find(look))

    def theirs() -> None:
        for one in bare:
            _rows(*one)

    ours_s, bare_s = _cpu(ours), _cpu(theirs)
    each = 1000 / (TURNS * len(looks))
    return {
        "ours": ours_s * each, "bare": bare_s * each, "ours_s": ours_s, "bare_s": bare_s,
        "equal": found == [[o.pk for o in page.rows] for page in pages],
    }  # fmt: skip


def _cpu(work: Callable[[], None]) -> float:
    """CPU seconds of this process and its backend for TURNS times the work, after one turn to warm up."""
    work()
    before = time.process_time() + _backend()
    for _ in range(TURNS):
        work()
    return time.process_time() + _backend() - before


def _backend() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rows(text: str, given: dict[str, Any]) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return cursor.fetchall()


def _levels(look: Any, found: Any) -> list[tuple[Any, str]]:
    from okat.city.catalogue.queries.ranked import levels

    return levels(*found.wishes) if look.text else []


def _fill(size: int) -> None:
    """The demo's opportunities, as many as asked, with times of the week, meetings and accessibility in turn."""
    from django.conf import settings
    from django.db import connection

    from okat.city.accounts.queries import system_user
    from okat.city.catalogue.actions import publish_many
    from okat.city.catalogue.models import Opportunity
    from okat.city.core.registries import CITY
    from okat.city.desk.commands.demo.build import SEED
    from okat.city.desk.commands.demo.opportunities import make
    from okat.config.commands import migrate
    from okat.files.city import read_city

    migrate()
    if Opportunity.objects.count() >= size:
        return
    by, city = system_user(), read_city(Path(settings.CITY))
    for _, load in CITY:
        load(city=city, by=by)
    rows = [_varied(row, n) for n, row in enumerate(make(city.folder, SEED, size, DAY))]
    for start in range(0, size, CHUNK):
        publish_many(rows=rows[start : start + CHUNK], by=by)
    with connection.cursor() as cursor:
        cursor.execute("vacuum (analyze)")


def _varied(row: Any, number: int) -> Any:
    from okat.city.catalogue.rules.rows import SessionRow

    start = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC) + dt.timedelta(days=number % 60)
    meetings = (SessionRow(start, start + dt.timedelta(hours=6)),) if number % 3 == 0 else ()
    return replace(row, slots=(("weekday_day", "weekday_evening", "weekend")[number % 3],), sessions=meetings)


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
