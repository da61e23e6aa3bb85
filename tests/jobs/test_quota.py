"""The quota: known examples of the sources, and what must hold for all numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.city.jobs.rules.quota import (
    LAWS,
    RATES,
    SECTION_33,
    SECTION_34,
    Count,
    NoRuleError,
    Quota,
    Rate,
    Source,
    in_force,
    quota,
)

DAY = dt.date(2026, 10, 1)
heads = st.integers(0, 100_000)


def of(workers: int, employed: int = 0, helped: int = 0, wage: Decimal | None = None, on: dt.date = DAY) -> Quota:
    return quota(Count(on, workers, employed, helped, wage))


@pytest.mark.parametrize(
    ("workers", "required"),
    [(0, 0), (99, 0), (100, 1), (149, 1), (150, 1), (151, 2), (200, 2), (250, 2), (251, 3), (1000, 10)],
)
def test_one_for_each_hundred_and_the_second_from_151_on(workers: int, required: int) -> None:
    assert SECTION_33.required(workers, DAY) == required


def test_the_known_cost_of_one_missing_person() -> None:
    assert SECTION_34.contribution(1, Decimal(300)) == Decimal(109_500)
    found = of(100, on=dt.date(2014, 10, 1))
    assert (found.cost, found.wage_since, found.due) == (Decimal(109_500), dt.date(2014, 1, 1), dt.date(2015, 1, 31))


def test_a_named_wage_takes_the_place_of_the_table() -> None:
    found = of(320, employed=1, wage=Decimal("352.50"))
    assert (found.required, found.missing, found.wage_since) == (3, 2, None)
    assert found.cost == Decimal("352.50") * 365 * 2


def test_help_under_section_35_counts_and_never_below_zero() -> None:
    assert of(320, employed=1, helped=1).missing == 1
    assert of(320, employed=1, helped=9).missing == 0
    assert of(320, employed=9).met


def test_before_the_regulation_there_is_no_rule() -> None:
    assert of(100, on=dt.date(2011, 10, 26)).required == 1
    with pytest.raises(NoRuleError) as refused:
        of(100, on=dt.date(2011, 10, 25))
    assert (refused.value.code, refused.value.first) == ("quota.no_rule", dt.date(2011, 10, 26))


@pytest.mark.parametrize(("workers", "employed", "helped"), [(-1, 0, 0), (5, 6, 0), (5, -1, 0), (5, 0, -1)])
def test_impossible_numbers_are_refused(workers: int, employed: int, helped: int) -> None:
    with pytest.raises(ValueError, match="below zero"):
        of(workers, employed, helped)


def test_a_later_row_of_the_table_holds_from_its_day_on() -> None:
    later = Rate(dt.date(2030, 1, 1), 50, 25, Source("made up", False))
    table = (*RATES, later)
    assert in_force(table, dt.date(2029, 12, 31)) is RATES[0]
    assert in_force(table, dt.date(2030, 1, 1)) is later


@pytest.mark.parametrize(
    ("today", "day"),
    [(dt.date(2026, 9, 30), dt.date(2025, 10, 1)), (dt.date(2026, 10, 1), dt.date(2026, 10, 1))],
)
def test_the_day_of_counting(today: dt.date, day: dt.date) -> None:
    assert SECTION_33.counting_day(today) == day


@settings(deadline=None, max_examples=200)
@given(heads, heads)
def test_more_workers_never_mean_fewer_to_employ(some: int, more: int) -> None:
    fewer, larger = sorted((some, more))
    assert SECTION_33.required(fewer, DAY) <= SECTION_33.required(larger, DAY)


@settings(deadline=None, max_examples=200)
@given(heads)
def test_what_is_required_lies_within_half_a_hundred_of_one_percent(workers: int) -> None:
    required = SECTION_33.required(workers, DAY)
    assert workers < 100 or -50 <= workers - 100 * required <= 50


@settings(deadline=None, max_examples=200)
@given(heads, st.integers(0, 500), st.integers(0, 500))
def test_nothing_is_missing_exactly_where_enough_are_there(workers: int, employed: int, helped: int) -> None:
    found = of(workers, min(employed, workers), helped)
    assert found.met == (min(employed, workers) + helped >= found.required)
    assert found.met == (found.cost == 0)


def test_every_rule_has_a_section_a_source_and_words_in_both_languages() -> None:
    assert {law.section for law in LAWS} == {"33", "34", "35"}
    assert {law.source.verified for law in LAWS} == {True, False}
    for law in LAWS:
        assert law.source.ref or not law.source.verified
        with translation.override("en"):
            english = str(law.words)
        with translation.override("th"):
            assert str(law.words) != english
