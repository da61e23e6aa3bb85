"""The page on standards names commands, judges and addresses that are there."""

import importlib.metadata
import json
import re
from pathlib import Path

from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "standards.md").read_text(encoding="utf-8")
SOME = "0190c4a4-7d3e-7abc-8def-0123456789ab"
LINES = [line for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
COMMAND = re.compile(r"`\.venv/bin/pytest ((?: ?tests/[^` ]+\.py)+)` \|$")


def test_every_line_ends_with_a_command_that_finds_tests() -> None:
    rows = [line for line in LINES if not line.endswith("| command |")]
    assert len(rows) >= 14
    for line in rows:
        command = COMMAND.search(line)
        assert command, line
        for name in command[1].split():
            test = ROOT / name
            assert test.is_file(), line
            assert re.search(r"^def test_", test.read_text(encoding="utf-8"), re.M), line


def test_every_judge_that_is_named_is_installed() -> None:
    npm = {
        name.removeprefix("node_modules/")
        for lock in (ROOT / "tests").rglob("package-lock.json")
        for name in json.loads(lock.read_text(encoding="utf-8"))["packages"]
    }
    judges = {name for line in LINES for name in re.findall(r"`([a-z][\w.-]*)`", line.split(" | ")[2])}
    assert {"jsonschema", "vobject", "khal", "ical.js", "atoma", "feedparser", "html5lib", "geojson"} <= judges
    for name in judges:
        assert name in npm or importlib.metadata.version(name), name


def test_every_address_that_is_named_leads_to_a_view() -> None:
    named = re.findall(r"`(/(?:api|catalogue)/[^`]*)`", PAGE)
    assert len(named) >= 16
    for address in named:
        assert resolve(address.replace("{id}", SOME)).func
