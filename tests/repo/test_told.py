"""Whatever is recorded in the audit trail has words for people to read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from okat.city.cases.rules import Verb
from okat.city.core.registries import VERBS, said
from okat.city.rounds.rules import STEPS

CITY = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"
# Verbs that are put together: the source as it stands -> what it may become.
MADE_OF = {
    "f'cases.{step.verb}'": [f"cases.{verb}" for verb in Verb],
    "f'cases.{verb}'": [f"cases.{verb}" for verb in Verb],
    "f'rounds.{verb}_again'": [f"rounds.{step.verb}_again" for step in STEPS],
}


def recorded(root: Path) -> Iterator[str]:
    """Every verb that some call of `audit.record` or `record_many` under `root` may write."""
    for path in root.glob("*/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
                if isinstance(call.func, ast.Attribute) and call.func.attr in {"record", "record_many"}:
                    for keyword in call.keywords:
                        if keyword.arg == "verb":
                            yield from _values(keyword.value, function, path)


def _values(node: ast.expr, function: ast.FunctionDef, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _values(node.body, function, path)
        yield from _values(node.orelse, function, path)
    elif isinstance(node, ast.JoinedStr):
        yield from MADE_OF.get(ast.unparse(node), [f"{path}: {ast.unparse(node)} is not listed here"])
    elif isinstance(node, ast.Name):
        given = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
        ]
        for value in given:
            yield from _values(value, function, path)
        if not given:
            yield f"{path}: where {node.id} comes from is not seen"


def missing(root: Path) -> list[str]:
    return sorted({verb for verb in recorded(root) if verb not in VERBS})


def test_every_recorded_verb_has_its_words() -> None:
    assert len(set(recorded(CITY))) > 100
    assert missing(CITY) == []


def test_no_words_for_what_nobody_records() -> None:
    assert sorted({verb for verb, _words in VERBS} - set(recorded(CITY)) - {"people.print"}) == []


def test_the_words_are_thai_and_english() -> None:
    for verb, _words in VERBS:
        with translation.override("th"):
            thai = said(verb)
        with translation.override("en"):
            english = said(verb)
        assert english.isascii(), verb
        assert not thai.isascii(), verb


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('audit.record(by=by, verb="people.teleport")', "people.teleport"),
        ('audit.record(by=by, verb="people.read" if x else "people.fly")', "people.fly"),
        ("audit.record(by=by, verb=f'people.{x}')", "is not listed here"),
        ("audit.record_many(by=by, verb=x, subjects=[])", "is not seen"),
        ('x = "people.hide"; audit.record(by=by, verb=x)', "people.hide"),
    ],
)
def test_a_planted_verb_without_words_is_named(tmp_path: Path, line: str, found: str) -> None:
    planted = tmp_path / "people" / "actions.py"
    planted.parent.mkdir()
    planted.write_text(f"def act(by):\n    {line}\n")
    assert [verb for verb in missing(tmp_path) if found in verb]
