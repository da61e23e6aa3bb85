"""One that fails keeps none of the others from its turn, in whatever the clock does for many."""

import ast
from pathlib import Path

import pytest

from okat.city.core.tries import tries

CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"


def test_the_others_have_their_turn_and_the_run_counts_as_failed(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def do(*, what: int) -> None:
        if what == 1:
            raise ValueError("one")
        done.append(what)

    def run() -> None:
        with tries() as attempt:
            for what in range(3):
                attempt(do, what=what)

    with pytest.raises(ExceptionGroup) as failed:
        run()
    assert done == [0, 2]
    assert [str(error) for error in failed.value.exceptions] == ["one"]
    assert "the others go on" in caplog.text


def bare_calls(source: str) -> list[int]:
    """Calls of actions in a loop, or several in one job, that an earlier failure would pass over."""
    found = []
    for job in (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)):
        calls = [node.lineno for node in ast.walk(job) if _acts(node)]
        loops = [node for node in ast.walk(job) if isinstance(node, ast.For)]
        looped = [node.lineno for loop in loops for node in ast.walk(loop) if _acts(node)]
        found += calls if len(calls) > 1 else looped
    return found


def _acts(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "actions"
    )


def test_every_job_for_many_tries_each() -> None:
    assert bare_calls("def a():\n    for x in y:\n        actions.go(x=x)") == [3]
    assert bare_calls("def a():\n    actions.go()\n    actions.come()") == [2, 3]
    found = {path.parent.name: bare_calls(path.read_text("utf-8")) for path in CITY.glob("*/tasks.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}
