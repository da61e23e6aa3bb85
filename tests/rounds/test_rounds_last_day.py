"""The last day to answer is one on which somebody can be asked: it rolls over weekends and holidays."""

import datetime as dt

import pytest
from tests.rounds.conftest import BANGKOK, DRAWN, City

from okat.city.core import clock
from okat.city.core.holidays import holidays, is_open
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer, RoundError
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import expire

DAY = dt.timedelta(days=1)
FRIDAY, SATURDAY, MONDAY, TUESDAY = (dt.date(2026, 12, day) for day in (4, 5, 7, 8))


def published(city: City, last: dt.date) -> tuple[Round, Application]:
    """A round whose first offers would end on `last`, were every day the same; and who holds its one place."""
    (offer,) = city.offers({"capacity": 1})
    made = city.opened([offer], Policy(grace_hours=0, answer_days=(last - DRAWN.date()).days))
    city.applied(made, {person: [offer] for person in city.pin(2)})
    city.published(made)
    return made, Application.objects.get(round=made, result__answer=Answer.OFFERED)


def test_the_days_of_this_test_are_what_they_say() -> None:
    assert SATURDAY in holidays()
    assert MONDAY in holidays()
    assert [is_open(day) for day in (FRIDAY, SATURDAY, MONDAY, TUESDAY)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("counted", "last"),
    [(FRIDAY, FRIDAY), (SATURDAY, TUESDAY), (SATURDAY + DAY, TUESDAY), (MONDAY, TUESDAY), (TUESDAY, TUESDAY)],
)
def test_it_rolls_to_the_next_open_day_and_holds_to_its_evening(city: City, counted: dt.date, last: dt.date) -> None:
    made, row = published(city, counted)
    made.refresh_from_db()
    assert (made.answer_by, row.result.answer_by) == (last, last)
    with clock.at(dt.datetime.combine(last, dt.time(0, 30), tzinfo=BANGKOK)):
        expire(0)
    assert Result.objects.get(application=row).answer == Answer.OFFERED
    with clock.at(dt.datetime.combine(last, dt.time(23, 59), tzinfo=BANGKOK)):
        actions.accept_place(application=row, by=city.system)
    assert Result.objects.get(application=row).answer == Answer.ACCEPTED


def test_the_morning_after_it_goes_to_the_next_whose_own_last_day_rolls_too(city: City) -> None:
    made, row = published(city, MONDAY)
    after = dt.datetime.combine(TUESDAY + DAY, dt.time(0, 30), tzinfo=BANGKOK)
    with clock.at(after):
        with pytest.raises(RoundError) as late:
            actions.accept_place(application=row, by=city.system)
        expire(0)
    assert late.value.code == "late"
    assert Result.objects.get(application=row).answer == Answer.EXPIRED
    moved = Result.objects.get(application__round=made, answer=Answer.OFFERED)
    assert moved.answer_by is not None
    assert moved.answer_by >= after.date() + (MONDAY - DRAWN.date())
    assert is_open(moved.answer_by)
