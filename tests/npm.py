"""Judges that come from npm, by lock file, once for a checkout; without a registry they are missed loudly."""

import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from okat.config import assets

VAR = Path(__file__).resolve().parents[1] / "var"


def installed(recipe: Path, name: str) -> Path:
    """The folder node_modules of a recipe (a folder with package.json and package-lock.json)."""
    work = VAR / name
    work.mkdir(parents=True, exist_ok=True)
    lock, done = recipe / "package-lock.json", work / "done.json"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        for path in (lock, recipe / "package.json"):
            shutil.copyfile(path, work / path.name)
        command = [*assets.npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        ran = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if ran.returncode:
            why = f"NOT JUDGED BY OTHERS: npm cannot be reached: {ran.stderr[-300:]}"
            warnings.warn(why, UserWarning, stacklevel=2)
            pytest.skip(why)
        shutil.copyfile(lock, done)
    return work / "node_modules"
