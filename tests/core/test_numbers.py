"""Numbers from outside are read in one way, which nothing breaks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import okat.city
from okat.city.catalogue.rules import look
from okat.city.core.numbers import MOST_KEPT, whole
from okat.city.core.outbox.channels.http import Answer

CITY = Path(okat.city.__file__).parent
LONG = ("000010" + "9" * 5000, "9" * 5000, "0" * 5000 + "7")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("12", 12), ("00012", 12), (str(MOST_KEPT), MOST_KEPT), (str(MOST_KEPT + 1), None), ("", None),
        (None, None), ("-1", None), ("+1", None), ("1.0", None), ("1_000", None), ("1e3", None), ("0x10", None),
        ("²", None), ("๑", None), ("９", None), ("inf", None), ("nan", None), (" 1", None), (7, None),
        *((text, None) for text in LONG),
    ],
)  # fmt: skip
def test_plain_digits_and_nothing_else(text: object, number: int | None) -> None:
    assert whole(text) == number


def test_bounds() -> None:
    assert (whole("5", least=6), whole("6", least=6), whole("7", most=6)) == (None, 6, None)


@given(st.text() | st.text(alphabet="0123456789²๑_.e-+ ", max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    found = whole(text)
    assert found is None or 0 <= found <= MOST_KEPT


class Query(dict[str, str]):
    def getlist(self, key: str) -> list[str]:
        return [self[key]] if key in self else []


@pytest.mark.parametrize("text", [*LONG, "²", "501x", "1_0"])
def test_what_searches_and_other_programs_say(text: str) -> None:
    found = look.read_look(Query(km=text, hours=text, minutes=text))
    assert (found.km, found.hours, found.minutes) == (None, None, None)
    assert Answer(503, {"retry-after": text}, {}).after() is None


def own_readers(source: str) -> Iterator[str]:
    """Functions that look at the digits of a text and then make a number of it by themselves."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
            looks = any(isinstance(f, ast.Attribute) and f.attr in {"isdigit", "isdecimal", "isnumeric"} for f in calls)
            makes = any(isinstance(f, ast.Name) and f.id in {"int", "float", "Decimal"} for f in calls)
            if looks and makes:
                yield node.name


def test_nobody_else_makes_numbers_of_digits() -> None:
    files = [path for path in CITY.rglob("*.py") if path != CITY / "core" / "numbers.py"]
    assert {path.name: found for path in files if (found := list(own_readers(path.read_text(encoding="utf-8"))))} == {}
    assert list(own_readers("def f(t):\n    return int(t) if t.isdigit() else 0")) == ["f"]
