"""Deadlines know the city's holidays: an office has days on which it is open, and nothing ends on a closed one."""

import datetime as dt

import pytest

from okat.city.cases.rules import FOLLOW_UP_DAYS, OPEN_STATES, TABLE, State, Who, due_on, follow_up_days
from okat.city.core.holidays import holidays, is_open, next_open, working_days_after
from okat.city.learning.rules.line import answer_by

SATURDAY = dt.date(2027, 4, 10)  # before Songkran, 13 to 15 April
YEARS = [dt.date(2026, 11, 1) + dt.timedelta(days=n) for n in range(700)]


def test_songkran_and_weekends_are_no_working_days() -> None:
    assert [working_days_after(SATURDAY, n).day for n in (1, 2, 3)] == [12, 16, 19]
    assert due_on(State.REFERRED, SATURDAY) == dt.date(2027, 4, 21)
    assert next_open(dt.date(2027, 4, 13)) == dt.date(2027, 4, 16)


@pytest.mark.parametrize("state", [state for state in OPEN_STATES if TABLE[state].days])
def test_no_deadline_of_a_case_is_a_closed_day(state: State) -> None:
    for day in YEARS:
        due = due_on(state, day)
        assert due is not None
        assert is_open(due), (state, day)
        if TABLE[state].acts is not Who.PERSON:
            days = TABLE[state].days or 0
            open_days = sum(is_open(day + dt.timedelta(days=n)) for n in range(1, (due - day).days + 1))
            assert open_days >= min(days, 14)


def test_offers_end_on_open_days() -> None:
    for day in YEARS:
        assert is_open(answer_by(day, None))
        assert is_open(next_open(day))
    for day in YEARS:  # before a session as many as there are, and never today
        for next_in in range(1, 9):
            session = day + dt.timedelta(days=next_in)
            last = answer_by(day, session)
            assert day < last
            between = [day + dt.timedelta(days=n) for n in range(1, next_in)]
            assert is_open(last) or not any(is_open(one) for one in between[:3])
    assert holidays()


def test_nobody_is_to_be_asked_on_a_closed_day() -> None:
    for day in YEARS:
        planned = follow_up_days(day)
        assert tuple(planned) == FOLLOW_UP_DAYS
        for days, asked in planned.items():
            assert is_open(asked), (day, days)
            assert asked == next_open(day + dt.timedelta(days=days))
        # One that was planned before the holidays were known falls due when somebody is there.
        assert due_on(State.COMPLETED, day, day + dt.timedelta(days=30)) == planned[30]
