"""What a process that cannot start knows of the others of its server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from okat.config import beside, database


def asked(folder: Path) -> bool:
    """By a process beside the one that serves: both are this test's own children."""
    program = "from okat.config import beside; print(beside.anybody_serves())"
    given = {**os.environ, "OKAT_VAR": str(folder)}
    done = subprocess.run([sys.executable, "-c", program], env=given, capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def test_one_that_serves_is_seen_as_long_as_it_is_there(tmp_path: Path) -> None:
    assert not asked(tmp_path)
    program = "from okat.config import beside; beside.serve(); print(1, flush=True); input()"
    given = {**os.environ, "OKAT_VAR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as one:
        assert one.stdout is not None
        one.stdout.readline()
        assert asked(tmp_path)
        one.communicate(b"\n")
    assert not asked(tmp_path)


def test_where_no_lock_can_be_had_the_age_of_the_server_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a disk that may only be read: the first start takes the server with it, a later one leaves the others."""
    (tmp_path / "serving").mkdir()  # what cannot be opened as a file, whoever asks
    monkeypatch.setattr(database, "data_folder", lambda: tmp_path)
    beside.serve()
    age = beside._age(os.getppid())
    assert 0 < beside._age(os.getpid()) <= age
    monkeypatch.setattr(beside, "START", age + 100)
    assert not beside.anybody_serves()
    monkeypatch.setattr(beside, "START", age - 0.01)
    assert beside.anybody_serves()


def test_the_age_is_that_of_the_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as one:
        time.sleep(1.2)
        assert 1.0 < beside._age(one.pid) < 30
        one.communicate(b"\n")
    assert beside._age(one.pid) == 0.0
