"""Every reason that the program writes into the trail is said in words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import okat.city
from okat.city.core.own_pages import OWN_PAGES
from okat.city.core.permissions import Permission
from okat.city.desk.rules import NOTICES, OPENS, REASONS, why
from okat.city.notices.rules import KINDS

CITY = Path(next(iter(okat.city.__path__)))
SOURCES = {path: ast.parse(path.read_text()) for path in CITY.rglob("*.py") if "migrations" not in path.parts}
# Who opens a record says why, in the word that the trail keeps.
OPENED_FOR = frozenset({"open_person", "open_to_act", "note_look", "page", "opened"})
WORKED_FOR = frozenset({"working", "helping"})


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _calls() -> Iterator[tuple[ast.Module, ast.Call]]:
    for tree in SOURCES.values():
        yield from ((tree, node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _words(given: ast.expr, tree: ast.Module) -> set[str]:
    """The strings that it may be; of a name, what the file gives that name."""
    match given:
        case ast.Constant(value=str(text)):
            return {text} - {""}
        case ast.IfExp():
            return _words(given.body, tree) | _words(given.orelse, tree)
        case ast.Name():
            named = [
                node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
                and any(isinstance(target, ast.Name) and target.id == given.id for target in node.targets)
            ]  # fmt: skip
            return {text for each in named if not isinstance(each, ast.Name) for text in _words(each, tree)}
    return set()


def _written() -> Iterator[tuple[str, set[str]]]:
    """Each verb that is recorded with a reason, and the codes that stand in the text."""
    for tree, call in _calls():
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if _name(call) in {"record", "record_many", "_record"} and {"verb", "reason"} <= set(given):
            for verb in _words(given["verb"], tree):
                yield verb, _words(given["reason"], tree)


def _opened() -> set[str]:
    found: set[str] = set()
    for tree, call in _calls():
        if _name(call) in OPENED_FOR:
            found |= {text for k in call.keywords if k.arg == "why" for text in _words(k.value, tree)}
            found |= {text for given in call.args[2:3] if _name(call) == "opened" for text in _words(given, tree)}
        if _name(call) in WORKED_FOR:
            found |= {
                Permission[given.attr].name.lower()
                for given in call.args
                if isinstance(given, ast.Attribute) and given.attr in Permission.__members__
            }
    for tree in SOURCES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in OPENED_FOR:
                pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                found |= {text for arg, given in pairs if arg.arg == "why" and given for text in _words(given, tree)}
    return found


def test_each_verb_that_gives_a_reason_has_words_for_it() -> None:
    verbs = {verb for verb, _codes in _written()}
    assert len(verbs) > 40
    known = {verb for verb in verbs if verb in REASONS or f"{verb.partition('.')[0]}." in REASONS}
    assert verbs - known - NOTICES - {OPENS} == set()


@pytest.mark.parametrize("language", ["th", "en"])
def test_each_code_is_said_in_words(language: str) -> None:
    written = {(verb, code) for verb, codes in _written() for code in codes}
    written |= {("people.read", code) for code in _opened()}
    written |= {(verb, code) for verb in NOTICES for code, _kind in KINDS}
    written |= {(OPENS, code) for code, _page in OWN_PAGES}
    assert {("people.read", "case"), ("people.read", "pin_person"), ("accounts.ask_reset", "too often")} <= written
    with translation.override(language):
        assert sorted((verb, code) for verb, code in written if why(verb, code) == code) == []
