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


def counted() -> Callable[[], int]:
    made = iter(range(1, 9))
    return lambda: next(made)


@pytest.mark.django_db(transaction=True)
def test_a_value_is_made_once_until_it_is_forgotten() -> None:
    make = counted()
    assert kept.value("words", make) == kept.value("words", make) == 1
    kept.forget("word")  # another name
    assert kept.value("words", make) == 1
    kept.forget("words")
    assert kept.value("words", make) == 2


@pytest.mark.django_db(transaction=True)
def test_names_below_a_name_are_forgotten_with_it() -> None:
    make = counted()
    assert (kept.value("map:1", make), kept.value("mapped", make)) == (1, 2)
    kept.forget("map")
    assert (kept.value("map:1", make), kept.value("mapped", make)) == (3, 2)


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_sees_is_not_kept_for_others() -> None:
    make = counted()
    with transaction.atomic():
        kept.value("words", make)
        kept.forget("words")
        kept.value("words", make)
    assert kept.value("words", make) == 3


@pytest.mark.django_db(transaction=True)
def test_a_value_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    make, now = counted(), 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    assert kept.value("words", make, seconds=60) == 1
    now += 61
    assert kept.value("words", make, seconds=60) == 2


@pytest.mark.django_db(transaction=True)
def test_values_whose_time_is_over_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for number in range(kept.MOST):
        kept.value(f"day:{number}", lambda: 1)
    now += kept.SECONDS + 1
    kept.value("today", lambda: 1)
    assert list(kept._values) == ["today"]
