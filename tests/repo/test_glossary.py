"""Each noun of the code has its line in GLOSSARY.md, once, in both languages."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[list[str]]:
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]


def noun(name: str) -> str:
    """BreakGlass and "break glass (a record)" -> breakglass."""
    return re.sub(r"\s*\(.*?\)|[\s-]", "", name).lower()


def missing(names: list[str], words: list[str]) -> list[str]:
    known = {noun(word) for word in words}
    return sorted(name for name in names if noun(name) not in known)


def models() -> list[str]:
    """The house's own models; the tables of their history repeat the same nouns."""
    found = [model for model in apps.get_models() if model.__module__.startswith("okat.city.")]
    return [model.__name__ for model in found if not hasattr(model, "pgh_tracked_model")]


def test_every_model_is_in_the_glossary() -> None:
    assert missing(models(), [row[0] for row in rows()]) == []


def test_a_planted_model_is_missed() -> None:
    assert missing(["Case", "BreakGlass"], ["case (of a person)"]) == ["BreakGlass"]


def test_one_word_for_one_thing() -> None:
    found = rows()
    english = [row[0].lower() for row in found]
    assert english == sorted(english)
    assert len(set(english)) == len(english)
    assert [row for row in found if len(row) != 3 or not all(row)] == []
