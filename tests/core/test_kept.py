"""Parts of pages that are kept for a moment."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from okat.city.core import kept


class Drawn:
    """Counts how often it is drawn."""

    times = 0

    def __call__(self) -> SafeString:
        self.times += 1
        return mark_safe(f"<p>{self.times}</p>")


def test_a_part_is_drawn_once_for_each_address_and_language() -> None:
    draw = Drawn()
    with translation.override("th"):
        assert kept.part("list", "q=a", draw) == kept.part("list", "q=a", draw) == "<p>1</p>"
        assert kept.part("list", "q=b", draw) == "<p>2</p>"
    with translation.override("en"):
        assert kept.part("list", "q=a", draw) == "<p>3</p>"


@pytest.mark.django_db
def test_a_change_is_seen_when_it_holds(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    draw = Drawn()
    kept.part("list", "", draw)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        kept.forget("list")
        assert kept.part("list", "", draw) == "<p>1</p>"
    assert kept.part("list", "", draw) == "<p>2</p>"


def test_long_addresses_are_not_kept() -> None:
    draw = Drawn()
    assert kept.part("list", "q=" + "x" * 400, draw) != kept.part("list", "q=" + "x" * 400, draw)
