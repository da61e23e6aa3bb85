"""The documents are true: their commands run, their links lead somewhere, what they name is there.

Every `sh` block of README, CONTRIBUTING and docs/ is run, page by page, in an empty folder with a database of its own.
"""

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest
from psycopg import sql
from tests.repo.serve_once import free_port

from okat.cli import main
from okat.config import database

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "GLOSSARY.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
INLINE = re.compile(r"`((?:\.venv/bin/)?okat [a-z][^`]*|make [a-z][^`]*)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")

# What no test runs as it stands, and where it is held instead.
NOT_RUN = {
    "make demo": "builds 20,000 people and serves for ever; tests/desk/test_demo.py builds the same city smaller",
    "make test": "this test is part of it",
    "make test-all": "this test is part of it",
    "make setup": "installs from the registry; the environment that runs this test was made by it",
    ".venv/bin/okat stop": "the database of the tests stays; tests/serving/test_kept_alive.py stops one",
}
# What a page tells to do on the screens before a command; pressed through the site's pages.
SERVED = ".venv/bin/okat serve"
VERIFIED = ".venv/bin/okat verify round.zip || test $? = 4 # 4: nothing wrong, not all proved"
ON_SCREENS = {VERIFIED: f".venv/bin/python {Path(__file__).parent / 'round_by_screens.py'} round.zip"}
# Pages that start the whole application many times.
SLOW = {"docs/tutorials/your-city.md", "docs/how-to/operator.md"}


def blocks(text: str) -> list[str]:
    return BLOCK.findall(text)


def script_of(text: str) -> str:
    """All blocks of a page in one script, without what NOT_RUN names and with what happens on the screens."""
    lines = [line for block in blocks(text) for line in block.splitlines()]
    kept = [line for line in lines if not any(line.strip().startswith(each) for each in NOT_RUN)]
    once = f".venv/bin/python {Path(__file__).parent / 'serve_once.py'}"
    kept = [once if line == SERVED else line for line in kept]
    return "\n".join(f"{ON_SCREENS[line]}\n{line}" if line in ON_SCREENS else line for line in kept)


def runs(slow: bool) -> list[str]:
    names = [page.relative_to(ROOT).as_posix() for page in PAGES if script_of(page.read_text(encoding="utf-8"))]
    return [name for name in names if (name in SLOW) is slow]


def run(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """As a newcomer types it: the checkout's files are where they would be, and nothing else is set."""
    for name in ("docs", "cities"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    given = {key: value for key, value in os.environ.items() if not key.startswith(("OKAT_", "DATABASE_", "DJANGO_"))}
    given |= {"OKAT_VAR": str(folder / "var"), **more}
    return subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", f"mkdir -p var\n{script}"],
        cwd=folder, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database of its own on the tests' server; what a restore leaves beside it goes too."""
    url = database.start(options=database.FAST)
    name = f"okat_docs_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield url.rpartition("/")[0] + "/" + name
    with psycopg.connect(url, autocommit=True) as link:
        for (found,) in link.execute("select datname from pg_database where datname like %s", [name + "%"]).fetchall():
            link.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(found)))


@pytest.mark.parametrize("name", runs(slow=False))
def test_the_commands_of_a_page_run(name: str, tmp_path: Path) -> None:
    done = run(script_of((ROOT / name).read_text(encoding="utf-8")), tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("name", runs(slow=True))
def test_the_commands_of_a_long_page_run(name: str, tmp_path: Path, empty_database: str) -> None:
    done = run(script_of((ROOT / name).read_text(encoding="utf-8")), tmp_path, DATABASE_URL=empty_database)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
def test_the_site_is_served(tmp_path: Path, empty_database: str) -> None:
    """`okat serve` answers with the city's own name, works beside, and takes its worker along when it stops."""
    given = {**os.environ, "OKAT_VAR": str(tmp_path), "DATABASE_URL": empty_database, "OKAT_DEMO": "1"}
    given |= {"OKAT_CITY": str(ROOT / "cities" / "khon-kaen")}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    port = free_port()
    okat = [str(Path(sys.executable).parent / "okat"), "serve", "--port", str(port)]
    with subprocess.Popen(okat, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            page = answer(f"http://127.0.0.1:{port}/", server)
            workers = beside(server.pid)
        finally:
            server.terminate()
    assert "ขอนแก่น" in page
    assert len(workers) == 1
    until = time.monotonic() + 60
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.5)
    assert not any(alive(worker) for worker in workers)


def answer(url: str, server: subprocess.Popen[bytes]) -> str:
    """The page as soon as it is served; two minutes are enough for the tables."""
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=30) as page:
            return str(page.read().decode())
        time.sleep(0.5)
    server.kill()
    raise AssertionError(server.stderr.read().decode()[-3000:] if server.stderr else "no answer")


def beside(server: int) -> list[int]:
    """The workers that a server started."""
    asked = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(server)]
    found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in found.splitlines() if " work --beside" in line]


def alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_planted_wrong_command_fails(tmp_path: Path) -> None:
    page = "Text.\n\n```sh\n.venv/bin/okat verify nowhere.zip\n```\n"
    assert run(script_of(page), tmp_path).returncode != 0


def test_what_is_not_run_is_there_and_named_once() -> None:
    said = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [each for each in NOT_RUN if each not in said] == []


def named(text: str) -> list[str]:
    """Every `okat ...` and `make ...` of a page, in blocks and in sentences."""
    lines = [line.strip() for block in blocks(text) for line in block.splitlines()]
    return [
        each.removeprefix(".venv/bin/")
        for each in [*INLINE.findall(text), *lines]
        if re.match(r"(\.venv/bin/)?okat [a-z]|make [a-z]", each)
    ]


def wrong(command: str) -> str:
    """Why a command cannot be right; empty if it may be."""
    words = command.split("#", maxsplit=1)[0].split()
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        return "" if words[1] in targets else f"no make target {words[1]}"
    at: click.Command = main
    rest = words[1:]
    while rest and isinstance(at, click.Group):
        if rest[0] not in at.commands:
            return f"no command {' '.join(words)}"
        at = at.commands[rest.pop(0)]
    known = {option for each in at.params for option in each.opts} | {"-h", "--help"}
    strange = [option for word in rest if (option := word.strip("[]").split("=")[0]).startswith("--")]
    return "".join(f"{command}: no option {each}" for each in strange if each not in known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_are_named_exist(page: Path) -> None:
    assert [fault for each in named(page.read_text(encoding="utf-8")) if (fault := wrong(each))] == []


@pytest.mark.parametrize("command", ["`okat fly`", "`make coffee`", "`okat verify B --loud`", "`okat keys lose F`"])
def test_a_planted_wrong_name_is_found(command: str) -> None:
    assert [wrong(each) for each in named(command)] != [""]


def broken_links(page: Path, text: str) -> list[str]:
    return [link for link in LINK.findall(text) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_a_planted_broken_link_is_found() -> None:
    assert broken_links(ROOT / "README.md", "see [this](docs/nowhere.md) and [that](README.md)") == ["docs/nowhere.md"]
