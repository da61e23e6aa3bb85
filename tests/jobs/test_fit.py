"""How well work suits: the published formula by example, what must hold for all, and held-back figures."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.fit import CONDITIONS, SKILLS, TIMES, WAY, Name, Offer, Seeker, weigh
from okat.city.jobs.rules.talks import overlap, times_of

FOUR = ("a", "b", "c", "d")
offers = st.builds(
    Offer, st.lists(st.sampled_from(FOUR), unique=True).map(tuple), st.none() | st.integers(1, 60).map(Decimal),
    st.sampled_from(["", "none", "free", "paid"]), st.sampled_from(["", "light", "middle", "heavy"]),
)  # fmt: skip
seekers = st.builds(
    Seeker, st.frozensets(st.sampled_from(FOUR)), st.none() | st.integers(1, 60),
    st.sampled_from(["", "light", "middle", "heavy"]), st.none() | st.integers(1, 40),
    st.frozensets(st.sampled_from(list(Name))), st.booleans(),
)  # fmt: skip
ways = st.integers(0, WAY)
kms = st.none() | st.floats(0, 50)


def test_three_of_four_skills_four_kilometres_away_with_lodging() -> None:
    found = weigh(Offer(FOUR, lodging="free"), Seeker(frozenset("abc")), way=26, times=5, km=4.0)
    assert (found.skills, found.way, found.conditions, found.times, found.total) == (30, 26, 20, 5, 81)
    assert (found.has, found.lacks) == (("a", "b", "c"), ("d",))


@pytest.mark.parametrize(
    ("lodging", "move", "way"), [("free", True, 30), ("paid", True, 20), ("none", True, 0), ("free", False, 0)]
)
def test_lodging_counts_for_those_who_would_live_there(lodging: str, move: bool, way: int) -> None:
    found = weigh(Offer(lodging=lodging), Seeker(km=10, must=frozenset([Name.KM]), move=move), way=0, times=5, km=80.0)
    assert found.way == way
    assert found.broken == (() if move and lodging != "none" else (Name.KM,))


@pytest.mark.parametrize(
    ("hours", "broken", "unsaid", "points"), [(20, (), (), 20), (40, ("hours",), (), 0), (None, (), ("hours",), 10)]
)
def test_a_must_rules_out_what_fails_and_asks_what_is_not_said(
    hours: int | None, broken: tuple[str, ...], unsaid: tuple[str, ...], points: int
) -> None:
    offer = Offer(hours=Decimal(hours) if hours else None)
    hard = weigh(offer, Seeker(hours=24, must=frozenset([Name.HOURS])), way=0, times=0, km=None)
    assert (hard.broken, hard.unsaid, hard.conditions) == (broken, unsaid, points)
    soft = weigh(offer, Seeker(hours=24), way=0, times=0, km=None)
    assert (soft.broken, soft.unsaid, soft.conditions) == ((), (), points)


@settings(deadline=None, max_examples=150)
@given(offers, seekers, ways, st.integers(0, TIMES), kms)
def test_points_stay_within_the_published_bounds(
    offer: Offer, seeker: Seeker, way: int, times: int, km: float | None
) -> None:
    found = weigh(offer, seeker, way=way, times=times, km=km)
    assert 0 <= found.skills <= SKILLS
    assert way <= found.way <= WAY
    assert 0 <= found.conditions <= CONDITIONS
    assert found.total <= 100
    assert set(found.has) | set(found.lacks) == set(offer.needed)
    assert set(found.broken) | set(found.unsaid) <= seeker.must


@settings(deadline=None, max_examples=100)
@given(offers, seekers, st.sampled_from(FOUR), kms)
def test_one_more_skill_never_lowers_the_sum(offer: Offer, seeker: Seeker, more: str, km: float | None) -> None:
    other = Seeker(seeker.skills | {more}, seeker.hours, seeker.strength, seeker.km, seeker.must, seeker.move)
    assert weigh(offer, seeker, way=9, times=5, km=km).total <= weigh(offer, other, way=9, times=5, km=km).total


def test_times_of_day_as_people_write_them() -> None:
    assert times_of("9:00, 13.30 น. 9:00") == [dt.time(9), dt.time(13, 30)]
    for wrong in ("25:00", "nine", "9:75", " , ", "9"):
        with pytest.raises(JobsError):
            times_of(wrong)


def test_talks_that_touch_do_not_overlap() -> None:
    nine = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    assert not overlap(nine, 30, [(nine + dt.timedelta(minutes=30), 30)])
    assert overlap(nine, 31, [(nine + dt.timedelta(minutes=30), 30)])
