"""Pages made from the code are as the code is now."""

from pathlib import Path

import pytest

from okat.config import reference

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_the_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == reference.PAGES[name](), "run `make docs`"


def test_a_changed_page_is_noticed_and_written(tmp_path: Path) -> None:
    assert reference.write(tmp_path) == ["permissions.md"]
    assert reference.write(tmp_path) == []
    (tmp_path / "permissions.md").write_text("old")
    assert reference.write(tmp_path) == ["permissions.md"]
