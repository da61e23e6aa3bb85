"""Each noun of the code has its line in GLOSSARY.md, once, in both languages."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from okat.config import messages

ROOT = Path(__file__).resolve().parents[2]
# Words that were used beside those of the glossary: the thing -> what nobody says any more.
DROPPED = {"partner": "ภาคี", "vulnerability score": "คะแนนความจำเป็น", "case": "เคส", "questionnaire": "แบบสอบถาม",
           "audit entry": "บันทึกการเข้าถึง"}  # fmt: skip
SAID = ("src/okat/locale/**/*.po", "src/okat/city/**/*.py", "cities/**/*.json", "cities/**/*.csv", "cities/**/*.toml",
        "docs/**/*.md", "*.md")  # fmt: skip
# What the screens call it -> the same thing's line.
ON_SCREENS = {"Partner": "partner", "Case": "case", "Vulnerability score": "vulnerability score",
              "Audit trail": "audit entry", "Opportunity": "opportunity", "Round": "round",
              "Referral": "referral"}  # fmt: skip


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


def stale(root: Path) -> list[str]:
    """Files that still say a dropped word."""
    files = sorted({path for pattern in SAID for path in root.glob(pattern)})
    return [
        f"{path.relative_to(root)}: {word}"
        for path in files
        for word in DROPPED.values()
        if word in path.read_text(encoding="utf-8")
    ]


def test_nobody_says_the_dropped_words() -> None:
    assert stale(ROOT) == []


@pytest.mark.parametrize("word", DROPPED.values())
def test_a_planted_dropped_word_is_found(tmp_path: Path, word: str) -> None:
    (tmp_path / "README.md").write_text(f"บอก{word}ให้รู้", encoding="utf-8")
    assert stale(tmp_path) == [f"README.md: {word}"]


def test_screens_use_the_words_of_the_glossary() -> None:
    thai = {row[0]: row[1] for row in rows()}
    said = {
        message.id: message.string
        for po in (ROOT / "src" / "okat" / "locale").glob("*/th/LC_MESSAGES/django.po")
        for message in messages.read(po)
        if isinstance(message.id, str) and message.id in ON_SCREENS and not message.context
    }
    assert said == {english: thai[thing] for english, thing in ON_SCREENS.items()}
