"""The day of a moment is the day here: the database gives moments in UTC, whose day is another one until seven."""

import ast
from pathlib import Path

CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"


def wrong_days(source: str) -> list[int]:
    """Lines that take the day of a moment as it stands (`timezone.localdate` is the way), or years of 365 days."""
    found = []
    for node in ast.walk(ast.parse(source)):
        plain_day = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date"
            and not node.args and not node.keywords
        )  # fmt: skip
        short_years = (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Div)
            and isinstance(node.right, ast.Constant) and node.right.value in (365, 365.25)
        )  # fmt: skip
        if plain_day or short_years:
            found.append(node.lineno)
    return found


def test_the_rule_sees_both() -> None:
    assert wrong_days("a = at.date()\nb = (x - y).days // 365\nc = dt.date(2026, 1, 1)") == [1, 2]


def test_no_day_is_taken_from_a_moment_as_it_stands_and_no_year_has_365_days() -> None:
    found = {p.relative_to(CITY).as_posix(): wrong_days(p.read_text("utf-8")) for p in sorted(CITY.rglob("*.py"))}
    assert {name: lines for name, lines in found.items() if lines} == {}
