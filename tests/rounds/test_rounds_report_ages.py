"""Whom the report of a round counts in which band of ages."""

import datetime as dt

import pytest
from tests.rounds.conftest import BANGKOK, City

from okat.city.people.models import Person
from okat.city.rounds.models import Round
from okat.city.rounds.queries.manage import AGES, labels_of

SIXTY = next(low for low, _high in AGES if low in (60, 61))


@pytest.mark.parametrize(("late", "bands"), [(0, True), (1, False)])
def test_a_band_begins_on_the_birthday_here(city: City, late: int, bands: bool) -> None:
    """Applications close at two in the morning here, when it is still yesterday in UTC."""
    (one,) = city.pin(1)
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    city.applied(made, {one: offers})
    born = dt.date(2026 - SIXTY, 11, 20) + dt.timedelta(days=late)
    Person.objects.filter(pk=one.pk).update(birth_first=born, birth_last=born, birth=born.isoformat())
    Round.objects.filter(pk=made.pk).update(closes_at=dt.datetime(2026, 11, 20, 2, tzinfo=BANGKOK))
    made.refresh_from_db()
    ((labels),) = labels_of(made).values()
    assert any(label.startswith(f"age:{SIXTY}-") for label in labels) is bands
