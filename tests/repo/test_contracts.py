"""The import contracts hold, cover every app, and each breaks on a planted fault."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS_OF_SMALL_FILES = {"core", "api"}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
    )  # fmt: skip


def all_contracts() -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources and the contracts, to plant a fault in."""
    shutil.copytree(
        ROOT / "src" / "okat", tmp_path / "src" / "okat", ignore=shutil.ignore_patterns("static", "templates")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


FAULTS = {
    "upward": ("city/places/models.py", "import okat.city.partners.models", "apps"),
    "engine knows Django": ("engine/errors.py", "import django", "engine-pure"),
    "engine knows formats": ("engine/errors.py", "import okat.files", "engine-pure"),
    "format knows Django": ("files/areas.py", "import django", "files-pure"),
    "view calls the engine": ("city/places/views.py", "import okat.engine.allocation", "engine-door"),
    "model imports action": ("city/places/models.py", "import okat.city.places.actions", "inside"),
    "settings imported": ("city/places/views.py", "import okat.config.settings", "settings"),
    "undeclared file": ("city/places/helpers.py", "X = 1", "inside"),
    "undeclared app": ("city/stray/__init__.py", "X = 1", "apps"),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_breaks_its_contract(copy: Path, fault: str) -> None:
    name, line, contract = FAULTS[fault]
    path = copy / "src" / "okat" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n" + (path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
    done = lint(copy)
    assert done.returncode != 0
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    title = next(c["name"] for c in contracts if c["id"] == contract)
    said = " ".join(done.stdout.split())
    assert f"{title} BROKEN" in said, done.stdout[-2000:]


def test_every_app_is_under_the_contract_of_its_inside() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    listed = set(next(c["containers"] for c in contracts if c["id"] == "inside"))
    there = {f"okat.city.{p.parent.name}" for p in (ROOT / "src" / "okat" / "city").glob("*/apps.py")}
    assert {name for name in there - listed if name.split(".")[-1] not in FOLDERS_OF_SMALL_FILES} == set()
