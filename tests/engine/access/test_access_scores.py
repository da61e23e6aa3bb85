"""Scores against their definition, and what must hold of them whatever the city."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.access.worlds import worlds

from okat.engine.access import LUO_QI, Access, AccessError, People, Venues, Zones, by_area, check, scores
from okat.engine.access.reference import reference

World = tuple[People, Venues, Zones]
KM = 180 / (np.pi * 6371.0088)  # degrees of latitude

few = settings(max_examples=40, deadline=None)


def line(*km: float) -> tuple[list[float], list[float]]:
    """Points north of one point, so many kilometres away."""
    return [16.0 + one * KM for one in km], [102.0] * len(km)


def test_the_sums_on_paper() -> None:
    """Three people at 1.5, 6 and 10.5 km north of a course with 10 places; the second also by a library with 3."""
    people = People(*line(1.5, 6, 10.5), np.array([2.0, 1.0, 5.0]))
    venues = Venues(*line(0, 6), np.array([10.0, 3.0]))
    found = scores(people, venues, Zones((2, 5, 8), LUO_QI))
    course, library = 10 / (2 * 1 + 1 * 0.22), 3 / (2 * 0.68 + 1 * 1 + 5 * 0.68)
    assert found.score == pytest.approx([course + 0.68 * library, 0.22 * course + library, 0.68 * library], rel=1e-12)
    assert found.ratio == pytest.approx([course, library], rel=1e-12)


@few
@given(worlds())
def test_the_definition_and_the_check_agree(world: World) -> None:
    found = scores(*world)
    assert found.score == pytest.approx(reference(*world), rel=1e-9, abs=1e-12)
    assert check(*world, found) == ()


@few
@given(worlds(), st.floats(0.1, 50))
def test_more_seats_scale_the_scores(world: World, factor: float) -> None:
    people, venues, zones = world
    more = Venues(venues.lat, venues.lon, venues.seats * factor)
    assert scores(people, more, zones).score == pytest.approx(scores(*world).score * factor, rel=1e-9)


@few
@given(worlds(), st.floats(0.1, 50))
def test_more_people_everywhere_share_the_same_seats(world: World, factor: float) -> None:
    people, venues, zones = world
    more = People(people.lat, people.lon, people.demand * factor)
    assert scores(more, venues, zones).score * factor == pytest.approx(scores(*world).score, rel=1e-9)


@few
@given(worlds())
def test_no_seat_is_made_and_none_is_lost(world: World) -> None:
    people, venues, _zones = world
    found = scores(*world)
    assert found.score @ people.demand == pytest.approx(venues.seats[found.reached > 0].sum(), rel=1e-9)


@few
@given(worlds(), st.floats(1, 1000))
def test_a_venue_that_nobody_reaches_changes_nothing(world: World, seats: float) -> None:
    people, venues, zones = world
    far = float(venues.lat[0]) if len(venues) else 0.0
    far = -60.0 if far > 0 else 60.0
    more = Venues(np.append(venues.lat, far), np.append(venues.lon, 10.0), np.append(venues.seats, seats))
    if len(people) and abs(float(people.lat[0]) - far) < 20:
        return
    found = scores(people, more, zones)
    assert found.score == pytest.approx(scores(*world).score, rel=1e-12)
    assert found.ratio[-1] == found.reached[-1] == 0


@few
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(world: World, random: object) -> None:
    people, venues, zones = world
    order = list(range(len(people)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = People(people.lat[order], people.lon[order], people.demand[order])
    assert scores(mixed, venues, zones).score == pytest.approx(scores(*world).score[order], rel=1e-9)


@few
@given(worlds())
def test_areas_add_up_to_the_people(world: World) -> None:
    people = world[0]
    found = scores(*world)
    rows = by_area(people, found, ["ก" if i % 3 else "ข" for i in range(len(people))])
    assert [row.area for row in rows] == sorted(row.area for row in rows)
    assert sum(row.demand for row in rows) == pytest.approx(people.demand.sum())
    assert sum(row.score * row.demand for row in rows) == pytest.approx(found.score @ people.demand, rel=1e-9)
    assert sum(row.without for row in rows) == pytest.approx(people.demand[found.score == 0].sum())


FAULTS = {
    "score": lambda a: dataclasses.replace(a, score=a.score * np.array([1, 1 + 1e-6, 1])),
    "reached": lambda a: dataclasses.replace(a, reached=a.reached + np.array([0, 0.01])),
    "ratio": lambda a: dataclasses.replace(a, ratio=a.ratio * 1.001),
    "seats": lambda a: dataclasses.replace(a, score=a.score[::-1]),
    "length": lambda a: dataclasses.replace(a, score=a.score[:2]),
    "nan": lambda a: dataclasses.replace(a, score=a.score * np.array([1, np.nan, 1])),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    people = People(*line(1.5, 6, 10.5), np.array([2.0, 1.0, 5.0]))
    venues = Venues(*line(0, 6), np.array([10.0, 3.0]))
    zones = Zones((2, 5, 8), LUO_QI)
    wrong: Access = FAULTS[fault](scores(people, venues, zones))
    assert {"nan": "score"}.get(fault, fault) in {one.code for one in check(people, venues, zones, wrong)}


@pytest.mark.parametrize(
    ("lat", "lon", "amount", "where", "row"),
    [
        ([16.0, 102.0], [102.0, 16.0], [1.0, 1.0], "people.lat", 1),  # latitude and longitude swapped
        ([16.0], [float("nan")], [1.0], "people.lon", 0),
        ([16.0], [102.0], [-1.0], "people.demand", 0),
        ([16.0], [102.0], [1e-300], "people.demand", 0),
        ([16.0], [102.0], [1.0, 2.0], "people.demand", -1),
    ],
)
def test_bad_rows_are_named(lat: list[float], lon: list[float], amount: list[float], where: str, row: int) -> None:
    with pytest.raises(AccessError) as caught:
        People(np.array(lat), np.array(lon), np.array(amount))
    assert (caught.value.where, caught.value.row) == (where, row)


@pytest.mark.parametrize(
    ("km", "weight", "code"),
    [
        ((), (), "length"),
        ((1, 2), (1,), "length"),
        ((2, 1), (1, 0.5), "distance"),
        ((0,), (1,), "distance"),
        ((5000,), (1,), "distance"),
        ((1, float("nan")), (1, 0.5), "distance"),
        ((1, 2), (0.5, 1), "weight"),
        ((1, 2), (1, 0), "weight"),
        ((1,), (1.5,), "weight"),
    ],
)
def test_zones_must_make_sense(km: tuple[float, ...], weight: tuple[float, ...], code: str) -> None:
    with pytest.raises(AccessError) as caught:
        Zones(km, weight)
    assert caught.value.code == code


def test_areas_of_another_length_are_refused() -> None:
    people = People(*line(1, 6), np.array([2.0, 1.0]))
    found = scores(people, Venues(*line(0), np.array([1.0])), Zones((2,), (1,)))
    with pytest.raises(AccessError, match="areas"):
        by_area(people, found, ["ก"])


def test_a_large_city_needs_little_memory() -> None:
    """20,000 people x 2,000 venues would be 320 MB as a table."""
    script = """
import resource, numpy as np
from okat.engine.access import LUO_QI, People, Venues, Zones, scores
random = np.random.default_rng(1)
n, m = 20_000, 2_000
people = People(16 + random.random(n) / 2, 102 + random.random(n) / 2, np.ones(n))
venues = Venues(16 + random.random(m) / 2, 102 + random.random(m) / 2, np.ones(m))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
scores(people, venues, Zones((2, 5, 8), LUO_QI))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40, "megabytes"
