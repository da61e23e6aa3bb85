"""Guides quote the screens: every word in bold is a message that some page says now, in that language."""

import ast
import re
from pathlib import Path

import pytest

from okat.config import messages

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs" / "how-to").glob("*.md"), *(ROOT / "docs" / "tutorials").glob("*.md")])
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
ROLES = {"field-worker", "officer", "coordinator", "resident", "auditor", "operator"}


def said() -> set[str]:
    """Every message of the screens, in English and in Thai."""
    found: set[str] = set()
    for po in (ROOT / "src" / "okat" / "locale").glob(f"*/{messages.LANGUAGE}/LC_MESSAGES/django.po"):
        for message in messages.read(po):
            for text in (message.id, message.string):
                found.update([text] if isinstance(text, str) else text or ())
    return found


def quoted(text: str) -> list[str]:
    return [" ".join(word.split()) for word in BOLD.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_guide_quotes_stands_on_a_screen(page: Path) -> None:
    known, words = said(), quoted(page.read_text(encoding="utf-8"))
    assert words
    assert [word for word in words if word not in known] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem in ROLES], ids=lambda page: page.stem)
def test_a_guide_says_the_same_in_both_languages(page: Path) -> None:
    """Thai first; whatever is quoted in English is a message whose Thai is quoted, too."""
    words = quoted(page.read_text(encoding="utf-8"))
    assert re.search("[ก-๙]", words[0])
    thai = {word for word in words if re.search("[ก-๙]", word)}
    pairs = {
        str(message.id): str(message.string)
        for po in (ROOT / "src" / "okat" / "locale").glob(f"*/{messages.LANGUAGE}/LC_MESSAGES/django.po")
        for message in messages.read(po)
        if isinstance(message.id, str)
    }
    assert [word for word in words if word in pairs and word not in thai and pairs[word] not in thai] == []


def test_every_role_has_its_guide() -> None:
    assert ROLES - {page.stem for page in PAGES} == set()


def test_a_planted_stale_word_is_found() -> None:
    assert [word for word in quoted("press **Search** or **Fly\naway**") if word not in said()] == ["Fly away"]


def coded(source: str) -> list[int]:
    """Lines in which a line for a page (`Found`) is called by what the program calls it."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Found" and call.args
        and isinstance(call.args[0], ast.Constant) and call.args[0].value
    ]  # fmt: skip


def test_every_line_for_a_page_says_in_words_what_it_is() -> None:
    files = (ROOT / "src" / "okat" / "city").rglob("*.py")
    assert [f"{file}:{line}" for file in files for line in coded(file.read_text(encoding="utf-8"))] == []
    assert coded('Found("learning", said)\nFound(_("Course"), said)\nFound("", said)') == [1]
