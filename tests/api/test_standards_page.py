"""The page on standards names tests and addresses that are there."""

import re
from pathlib import Path

from django.urls import resolve

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "standards.md").read_text(encoding="utf-8")
SOME = "0190c4a4-7d3e-7abc-8def-0123456789ab"


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(tests/[^`]+)`", PAGE))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_address_that_is_named_leads_to_a_view() -> None:
    named = re.findall(r"`(/(?:api|catalogue)/[^`]+)`", PAGE)
    assert len(named) >= 8
    for address in named:
        assert resolve(address.replace("{id}", SOME)).func
