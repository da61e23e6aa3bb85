"""Small groups stay hidden, also from those who subtract."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.city.desk.rules import SMALLEST, Group, protect, share, small, suppressed, total


@st.composite
def tables(draw: st.DrawFn) -> list[Group]:
    pairs = draw(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=8))
    return [Group(str(n), need, min(need, reached)) for n, (need, reached) in enumerate(pairs)]


@given(tables())
@settings(deadline=None, max_examples=400)
def test_nothing_shown_is_small_and_nothing_follows_from_the_total(groups: list[Group]) -> None:
    shown = protect(groups)
    hidden_need = [g for g, s in zip(groups, shown, strict=True) if s.need is None]
    hidden_split = [g for g, s in zip(groups, shown, strict=True) if s.reached is None]
    for s in shown:
        assert not any(small(figure) for figure in (s.need, s.reached, s.waits) if figure is not None)
    if len(hidden_need) < len(groups):  # else the total is all there is to see
        assert len(hidden_need) != 1
        assert not small(sum(g.need for g in hidden_need))
    if len(hidden_split) < len(groups):
        assert len(hidden_split) != 1
        assert not small(sum(g.reached for g in hidden_split))
        assert not small(sum(g.waits for g in hidden_split))
    assert {g.key for g in hidden_need} <= {g.key for g in hidden_split}


@given(tables())
@settings(deadline=None, max_examples=200)
def test_large_groups_are_not_held_back_without_a_reason(groups: list[Group]) -> None:
    if all(min(g.need, g.reached, g.waits) >= SMALLEST for g in groups):
        assert all(s.reached is not None for s in protect(groups))


def test_one_small_group_takes_the_next_smallest_along() -> None:
    shown = protect([Group("few", 4, 1), Group("some", 30, 12), Group("many", 500, 200)])
    assert [(s.need, s.reached) for s in shown] == [(None, None), (None, None), (500, 200)]


def test_nobody_reached_is_shown_because_it_is_the_news() -> None:
    shown = protect([Group("a", 40, 0), Group("b", 60, 20)])
    assert [(s.need, s.reached) for s in shown] == [(40, 0), (60, 20)]


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, None), (9, None), (10, 10)])
def test_under_ten(count: int, seen: int | None) -> None:
    assert suppressed(count) == seen


def test_shares_and_totals() -> None:
    assert share(10, 40) == 25
    assert share(None, 40) is share(3, 0) is share(3, None) is None
    assert total([Group("a", 3, 1), Group("b", 4, 2)]) == Group("", 7, 3)
