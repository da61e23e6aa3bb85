"""No file over 500 lines: a file that grows past it is split by noun, never exempted."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 500
SUFFIXES = {".py", ".html", ".css", ".js", ".md", ".toml", ".po", ".txt"}
FOLDERS = ("src", "tests", "benchmarks", "docs", "cities")
GENERATED = ("static/vendor/",)


def long_files(root: Path) -> list[str]:
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in SUFFIXES or any(part in name for part in GENERATED):
                continue
            if "node_modules" in path.parts:
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                found.append(f"{name}: {lines} lines")
    return found


def test_no_file_is_longer_than_the_limit() -> None:
    assert long_files(ROOT) == []


@pytest.mark.parametrize("suffix", [".py", ".css", ".html"])
def test_a_planted_long_file_is_found(tmp_path: Path, suffix: str) -> None:
    planted = tmp_path / "src" / f"planted{suffix}"
    planted.parent.mkdir()
    planted.write_text("x\n" * (LIMIT + 1), encoding="utf-8")
    assert long_files(tmp_path) == [f"src/planted{suffix}: {LIMIT + 1} lines"]
