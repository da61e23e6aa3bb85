"""A city's folder whose tables are made already: to make them takes twenty seconds, and what is tested begins after."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from tests import template

from okat.config import database

WHOLE = "whole"


def city_in(folder: Path, *, keys: bool = True) -> None:
    """As `okat migrate` leaves the folder of a demo: its cluster, stopped, and its key file."""
    made = _made()
    folder.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", str(_cluster(made)), str(_cluster(folder))], check=True)
    if keys:
        subprocess.run(["cp", "-a", str(made / "keys"), str(folder / "keys")], check=True)


def _made() -> Path:
    """Made by the first test that wants it, for this state of the migrations."""
    base = database.data_folder()
    base.mkdir(parents=True, exist_ok=True)
    folder = base / f"city-{template.digest()}"
    with (base / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / WHOLE).exists():
            for old in base.glob("city-*"):
                shutil.rmtree(_cluster(old), ignore_errors=True)
                shutil.rmtree(old, ignore_errors=True)
            _make(folder)
    return folder


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    ours = ("OKAT_", "DATABASE_", "DJANGO_")
    given = {key: value for key, value in os.environ.items() if not key.startswith(ours) or key == "OKAT_POSTGRES"}
    given |= {"OKAT_VAR": str(folder), "OKAT_DEMO": "small"}
    stop = "from okat.config import database; database.stop()"
    try:
        subprocess.run([str(Path(sys.executable).parent / "okat"), "migrate"], env=given, check=True)
    finally:
        subprocess.run([sys.executable, "-c", stop], env=given, check=True)
    (folder / WHOLE).touch()


def _cluster(folder: Path) -> Path:
    with mock.patch.dict(os.environ, OKAT_VAR=str(folder)):
        return database.cluster().data
