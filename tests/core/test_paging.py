"""A page before the first is the first, one after the last is the last, and what is no number is the first."""

import re
from pathlib import Path

import pytest

from okat.city.core.paging import Paginator

CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("99999999999999999999", 3), ("0", 1), ("-1", 1), ("-0", 1), ("00", 1),
        (" 0 ", 1), (None, 1), ("", 1), ("x", 1), ("๐", 1), ("๒", 2), ("1e3", 1), ("-", 1), ("--3", 1), (0, 1), (-5, 1),
    ],
)  # fmt: skip
def test_which_page_is_shown(asked: object, shown: int) -> None:
    assert Paginator(range(45), 20).get_page(asked).number == shown
    assert Paginator([], 20).get_page(asked).number == 1


def test_every_list_is_paged_in_this_way() -> None:
    django = re.compile(r"django\.core(\.| import )paginator")
    found = {path.name for path in CITY.rglob("*.py") if django.search(path.read_text(encoding="utf-8"))}
    assert found == {"paging.py"}
    assert sum("core.paging import" in path.read_text(encoding="utf-8") for path in CITY.rglob("*.py")) >= 10
