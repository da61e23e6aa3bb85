"""The papers of the house: ADRs are numbered once, commands are documented, templates are used."""

import re
from collections import Counter
from pathlib import Path

import click

from okat.cli import main

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "okat" / "templates"


def numbers_twice(names: list[str]) -> list[str]:
    return [number for number, times in Counter(name.split("-")[0] for name in names).items() if times > 1]


def test_adr_numbers_are_unique_and_well_formed() -> None:
    names = [p.stem for p in (ROOT / "docs" / "adr").glob("*.md") if p.stem != "index"]
    assert names
    assert all(re.fullmatch(r"\d{4}-[a-z0-9-]+", name) for name in names), names
    assert numbers_twice(names) == []


def test_a_planted_second_number_is_found() -> None:
    assert numbers_twice(["0001-a", "0001-b", "0002-c"]) == ["0001"]


def command_names(group: click.Group, prefix: str = "okat") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        found += command_names(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_is_in_the_reference_and_helps() -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in command_names(main) if f"`{name}" not in text] == []


def test_every_command_has_a_word_of_help() -> None:
    def bare(group: click.Group) -> list[str]:
        found = []
        for name, command in group.commands.items():
            found += bare(command) if isinstance(command, click.Group) else []
            found += [] if command.help else [name]
        return found

    assert bare(main) == []


def unused(templates: Path, sources: list[str]) -> list[str]:
    """Templates that no view, include, extends or form names."""
    names = [p.relative_to(templates).as_posix() for p in templates.rglob("*") if p.is_file()]
    return sorted(name for name in names if not any(name in text for text in sources))


def test_every_template_is_used() -> None:
    texts = [
        p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*") if p.suffix in {".py", ".html", ".txt", ".xml"}
    ]
    # Error pages are named by number in core.pages; mails and components may be named by a family's stem.
    assert unused(TEMPLATES, texts) == []


def test_a_planted_template_is_found(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "stray.html").write_text("x", encoding="utf-8")
    assert unused(tmp_path, ["render('core/other.html')"]) == ["core/stray.html"]
