"""Pages made from the code are as the code is now, and nothing is read from the environment that they do not say."""

import re
from pathlib import Path

import pytest

from okat.config import environment, reference

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "reference"
READ = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)|\b(?:given|text|flag|number)\(["']([A-Z_]+)["']""")
FRAMEWORK = {"DJANGO_SETTINGS_MODULE"}


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == reference.page(name), "run `make docs`"


def test_a_changed_page_is_noticed_and_written(tmp_path: Path) -> None:
    assert sorted(reference.write(tmp_path)) == sorted(reference.PAGES)
    assert reference.write(tmp_path) == []
    (tmp_path / "permissions.md").write_text("old")
    assert reference.write(tmp_path) == ["permissions.md"]


def read_variables(source: str) -> set[str]:
    return {first or second for first, second in READ.findall(source)} - FRAMEWORK


def test_every_variable_that_is_read_is_described_and_every_described_one_is_read() -> None:
    read = set().union(*(read_variables(p.read_text(encoding="utf-8")) for p in (ROOT / "src").rglob("*.py")))
    assert read == set(environment.DEFAULTS)


@pytest.mark.parametrize(
    "line", ['os.environ.get("OKAT_NEW", "1")', 'os.environ["OKAT_NEW"]', 'os.getenv("OKAT_NEW")', 'flag("OKAT_NEW")']
)
def test_a_planted_variable_is_found(line: str) -> None:
    assert read_variables(line) == {"OKAT_NEW"}


def test_a_name_that_is_not_described_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        environment.flag("OKAT_UNKNOWN")
