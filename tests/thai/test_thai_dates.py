"""Dates as offices write them."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.thai.dates import format_be, parse_date
from okat.thai.errors import ThaiValueError
from okat.thai.partial import AgeRange, PartialDate, age, be_year
from okat.thai.periods import Period, parse_period

DAY = PartialDate(2026, 12, 6)
DAYS = st.dates(date(1880, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "6 ธ.ค. 2569", "๖/๑๒/๖๙", "06-12-2569", "6 ธันวาคม พ.ศ. 2569", "2026-12-06", "6/12/2026",
        "6 ธ.ค. 69", "6ธ.ค.69",
        "วันที่ 6 เดือน ธันวาคม พ.ศ. ๒๕๖๙", "วันอาทิตย์ที่ 6 ธันวาคม 2569", "6.12.2569", "6 12 2569",
        "6 / 12 / 2569", "6 ธค 69",
        "6-ธ.ค.-69", "6 ธันวา 2569", "06/12/2569 09:00 น.", "2569-12-06", "2026/12/06",
        "2026-12-06T00:00:00", "2026-12-06 00:00:00",
        "06122569", "25691206", "6 Dec 2026", "December 6, 2026", "6th December 2026", "6 Dec 2569",
        "6-Dec-2026", "6 ธันวาคม ค.ศ. 2026",
        "6/12/2569 BE", "พ.ศ. 2569-12-06", " 6  ธ.ค.\u00a02569 ", "6 ธ.ค. พศ 69", "46362", 46362, 46362.0,
        date(2026, 12, 6),
        datetime(2026, 12, 6, 9, 30), datetime(2569, 12, 6),  # noqa: DTZ001 (as spreadsheets give them)
    ],
)  # fmt: skip
def test_ways_to_write_one_day(text: object) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2569", "2026"),
        (2569, "2026"),
        (2026.0, "2026"),
        ("พ.ศ. 2569", "2026"),
        ("ปี 2569", "2026"),
        ("ธ.ค. 2569", "2026-12"),
        ("12/2569", "2026-12"),
        ("เดือนธันวาคม 2569", "2026-12"),
        ("00/00/2499", "1956"),
        ("-/-/2499", "1956"),
        ("0/5/2499", "1956-05"),
        ("24990500", "1956-05"),
        ("2480", "1937-04/1938-03"),
        ("ก.พ. 2480", "1938-02"),
        ("พ.ค. 2480", "1937-05"),
        ("5 มี.ค. 2480", "1938-03-05"),
        ("5/4/2480", "1937-04-05"),
        ("31/3/2483", "1941-03-31"),
        ("1/1/2484", "1941-01-01"),
        ("29/2/2567", "2024-02-29"),
    ],
)
def test_partial_dates_and_years_that_began_in_april(text: object, expected: str) -> None:
    assert parse_date(text).isoformat() == expected
    assert PartialDate.from_iso(expected) == parse_date(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12/25/2026", "date_impossible"),
        ("29/2/2568", "date_impossible"),
        ("31 เม.ย. 2569", "date_impossible"),
        ("5/0/2569", "date_impossible"),
        ("6/12/3569", "year_out_of_range"),
        ("6/12/1026", "year_out_of_range"),
        ("6 ธ.ค. ค.ศ. 2569", "year_out_of_range"),
        ("6 Dec 69", "year_ambiguous"),
        ("เร็ว ๆ นี้", "date_unreadable"),
        ("6 ธ.ค.", "date_unreadable"),
        ("69", "date_unreadable"),
        ("", "date_unreadable"),
        (None, "date_unreadable"),
        (True, "date_unreadable"),
        (12, "date_unreadable"),
        (float("nan"), "date_unreadable"),
        (float("inf"), "date_unreadable"),
        ("6 ธ.ค. 2569" * 100, "date_unreadable"),
        (date(3000, 1, 1), "year_out_of_range"),
    ],
)
def test_what_cannot_be_read_says_why(text: object, code: str) -> None:
    with pytest.raises(ThaiValueError) as caught:
        parse_date(text)
    assert caught.value.code == code
    assert caught.value.message("th") != caught.value.message("en")


def test_the_century_of_two_digits() -> None:
    assert parse_date("6/12/98", latest=date(2026, 11, 1)).isoformat() == "1955-12-06"
    assert parse_date("6/12/60", latest=date(2026, 11, 1)).isoformat() == "2017-12-06"
    assert parse_date("6/12/26", era="ce").isoformat() == "2026-12-06"
    assert parse_date("6 Dec 98", era="ce", latest=date(2026, 11, 1)).isoformat() == "1998-12-06"
    assert parse_date("6/2/80", latest=date(2026, 11, 1)).isoformat() == "1938-02-06"


@given(DAYS, st.sampled_from(["short", "long", "numeric"]), st.sampled_from(["th", "en"]), st.booleans())
@settings(deadline=None)
def test_what_is_written_is_read_back(day: date, style: str, lang: str, thai_digits: bool) -> None:
    text = format_be(day, lang, style, thai_digits=thai_digits)  # type: ignore[arg-type]
    assert parse_date(text) == PartialDate.of(day)


@given(st.text(max_size=40) | st.text("0123456789/-. กพมคธ๖ๆพศ", max_size=25) | st.floats() | st.integers())
@settings(deadline=None, max_examples=400)
def test_any_input_gives_a_date_or_a_typed_error(value: object) -> None:
    for read in (parse_date, parse_period):
        with contextlib.suppress(ThaiValueError):
            read(value)


def test_dates_for_people() -> None:
    day = date(2026, 12, 6)
    assert format_be(day) == "6 ธ.ค. 2569"
    assert format_be(day, "th", "long") == "6 ธันวาคม 2569"
    assert format_be(day, "en") == "6 Dec 2026"
    assert format_be(day, thai_digits=True) == "๖ ธ.ค. ๒๕๖๙"
    assert format_be(PartialDate(1938, 2)) == "ก.พ. 2480"
    assert format_be(PartialDate(1937, april_year=True)) == "2480"
    assert format_be(PartialDate(1937, april_year=True), "en") == "1937–1938"
    assert format_be(PartialDate(1938)) == "2480–2481"
    assert be_year(date(1940, 12, 31)) == 2483
    assert be_year(date(1941, 1, 1)) == 2484


def test_bounds_of_partial_dates() -> None:
    old = PartialDate(1940, april_year=True)
    assert (old.first(), old.last()) == (date(1940, 4, 1), date(1940, 12, 31))
    assert PartialDate(2024, 2).last() == date(2024, 2, 29)
    for bad in ("2024-13", "2024-02-30", "x", "1937-04/1940-03"):
        with pytest.raises(ThaiValueError):
            PartialDate.from_iso(bad)


def test_age_in_completed_years() -> None:
    on = date(2026, 12, 6)
    assert age(date(1966, 12, 6), on) == AgeRange(60, 60)
    assert age(date(1966, 12, 7), on).exact == 59
    assert age(PartialDate(1966), on) == AgeRange(59, 60)
    assert age(PartialDate(1966, 12), on) == AgeRange(59, 60)
    assert age(PartialDate(1966, 11), on).exact == 60
    assert age(date(2004, 2, 29), date(2026, 2, 28)).exact == 21
    assert age(PartialDate(2026), on) == AgeRange(0, 0)
    with pytest.raises(ThaiValueError, match="after the day"):
        age(date(2027, 1, 1), on)


@given(DAYS, DAYS)
@settings(deadline=None)
def test_a_partial_age_holds_the_true_one(born: date, on: date) -> None:
    if born > on:
        return
    true = age(born, on).exact
    assert true is not None
    for partial in (PartialDate(born.year), PartialDate(born.year, born.month)):
        bounds = age(partial, on)
        assert bounds.low <= true <= bounds.high


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("6-8 ธ.ค. 2569", "2026-12-06", "2026-12-08"),
        ("๖ – ๘ ธันวาคม ๒๕๖๙", "2026-12-06", "2026-12-08"),
        ("6 ธ.ค. - 8 ม.ค. 2570", "2026-12-06", "2027-01-08"),
        ("6 ธ.ค. 2569 ถึง 8 ม.ค. 2570", "2026-12-06", "2027-01-08"),
        ("ระหว่างวันที่ 6 - 8 ธันวาคม 2569", "2026-12-06", "2026-12-08"),
        ("01-12-2569 - 15-12-2569", "2026-12-01", "2026-12-15"),
        ("1/12/2569-15/12/2569", "2026-12-01", "2026-12-15"),
        ("06-12-2569", "2026-12-06", "2026-12-06"),
        ("ธ.ค. 2569 - ม.ค. 2570", "2026-12", "2027-01"),
        ("บัดนี้ - 15 ธ.ค. 2569", None, "2026-12-15"),
        ("บัดนี้ถึง 15 ธ.ค. 2569", None, "2026-12-15"),
        ("ภายในวันที่ 15 ธ.ค. 2569", None, "2026-12-15"),
        ("1 ธ.ค. 2569 เป็นต้นไป", "2026-12-01", None),
        ("ตั้งแต่ 1 ธ.ค. 2569", "2026-12-01", None),
        ("เปิดรับสมัครตลอดปี", None, None),
        ("ตลอดปี", None, None),
    ],
)
def test_periods(text: str, start: str | None, end: str | None) -> None:
    found = parse_period(text)
    assert (found.start and found.start.isoformat(), found.end and found.end.isoformat()) == (start, end)


def test_a_period_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ThaiValueError, match="ends before"):
        parse_period("8-6 ธ.ค. 2569")
    assert parse_period(date(2026, 12, 6)) == Period(DAY, DAY)
