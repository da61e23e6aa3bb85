"""A city that is really served, with what tests of it ask: its processes, its answers, its database."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from okat.config import door

T = TypeVar("T")
OKAT = str(Path(sys.executable).parent / "okat")
SOON = 60.0  # seconds on a busy machine; alone it is a few


def until(what: Callable[[], T], *, seconds: float = SOON) -> T:
    """What it gives once that is true; what is not there yet counts as not true."""
    end = time.monotonic() + seconds
    while True:
        try:
            if found := what():
                return found
        except (OSError, psycopg.Error, ValueError):
            pass
        assert time.monotonic() < end, "it did not come back"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as free:
        free.bind((door.HOST, 0))
        return int(free.getsockname()[1])


class Site:
    """A served city in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.environ = {**os.environ, "OKAT_VAR": str(folder), "OKAT_DEMO": "small"}
        for name in ("OKAT_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "OKAT_TWO_FACTOR"):
            self.environ.pop(name, None)
        self.url = f"http://127.0.0.1:{self.port}"
        self.keeper: subprocess.Popen[bytes] | None = None

    def start(self, *, workers: int = 1) -> None:
        command = [OKAT, "serve", "--port", str(self.port), "--workers", str(workers)]
        self.keeper = subprocess.Popen(command, env=self.environ)
        until(lambda: self.ok() and self.page() == 200, seconds=180)

    def page(self, path: str = "/offline/", seconds: float = 10) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=seconds) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)

    def health(self, seconds: float = 5) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=seconds) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            return dict(json.load(error))

    def ok(self) -> bool:
        said = self.health()
        whole = said["status"] == "ok" and not self.pids("zombie")
        return whole and said["parts"]["worker"]["seconds_since_heartbeat"] is not None

    def pids(self, word: str) -> list[int]:
        """Processes below the keeper whose command holds a word, zombies left out."""
        assert self.keeper is not None
        return [pid for pid, command in below(self.keeper.pid) if word in command]

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(until(self._address), autocommit=True)

    def database(self) -> int:
        """The process of the database that answers now."""

        def answering() -> int:
            psycopg.connect(self._address()).close()
            (pid,) = self.pids(" -k ")
            return pid

        return until(answering)

    def _address(self) -> str:
        (pid,) = self.pids(" -k ")
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        return f"host={words[words.index('-k') + 1]} user=okat dbname=okat"


def below(parent: int) -> list[tuple[int, str]]:
    """Every process under another, with its command; one that ended and was not asked after is a zombie."""
    found: list[tuple[int, str]] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, (state, owner) = int(status.parent.name), status.read_text().rpartition(")")[2].split()[:2]
            command = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if int(owner) == parent:
            found += [(pid, "zombie" if state == "Z" else command), *below(pid)]
    return found
