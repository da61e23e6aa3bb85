"""What is open by its row and opens nothing any more is in nobody's way."""

import datetime as dt

import pytest
from tests.people.conftest import City

from okat.city.core import clock
from okat.city.people import actions
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Basis, Grant
from okat.city.people.queries import visible_to
from okat.city.people.rules import How, Law, Purpose, Why

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def basis(city: City, until: dt.datetime | None = None) -> Basis:
    return actions.record_basis(partner=city.social, law=Law.TASK, source="task:1", until=until, by=city.officer)


def test_the_same_source_grants_anew_once_the_first_opens_nothing(city: City) -> None:
    person = city.pin()
    given = {"person": person, "partner": city.social, "reason": Why.REFERRAL, "source": "referral:1"}
    now = clock.now()
    first = actions.grant(**given, rests_on=basis(city), until=now + DAY, by=city.officer)
    assert actions.grant(**given, rests_on=basis(city), by=city.officer) == first
    with clock.at(now + 2 * DAY):
        assert not visible_to(city.officer).filter(pk=person.pk).exists()
        second = actions.grant(**given, rests_on=basis(city), by=city.officer)
        assert second != first
        assert visible_to(city.officer).filter(pk=person.pk).exists()
        assert Grant.objects.get(pk=first.pk).ended_at is not None


def test_a_source_whose_consent_was_withdrawn_rests_on_the_new_one(city: City) -> None:
    person = city.pin()
    row = ConsentRow(Purpose.REFER, city.social, How.SIGNATURE)
    given = {"person": person, "partner": city.social, "reason": Why.REFERRAL, "source": "referral:1"}
    old = actions.record_consent(person=person, given=row, by=city.teacher)
    first = actions.grant(**given, rests_on=old, by=city.officer)
    old.withdrawn_at = clock.now()  # as a row that came in by another way
    old.save()
    new = actions.record_consent(person=person, given=row, by=city.teacher)
    second = actions.grant(**given, rests_on=new, by=city.officer)
    assert (second.consent, second == first) == (new, False)
    assert visible_to(city.officer).filter(pk=person.pk).exists()


def test_a_basis_whose_time_is_over_is_noted_anew(city: City) -> None:
    now = clock.now()
    first = basis(city, now + DAY)
    assert basis(city) == first
    with clock.at(now + 2 * DAY):
        second = basis(city)
        assert second != first
        given = {"person": city.pin(), "partner": city.social, "reason": Why.DUTY, "source": "task:1"}
        assert actions.grant(**given, rests_on=second, by=city.officer).basis == second
