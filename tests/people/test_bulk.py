"""COPY writes what bulk_create writes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from tests.people.conftest import City

from okat.city.core.bulk import copy_in
from okat.city.core.models import DataKey
from okat.city.people.models import Grant, Household, Person
from okat.city.people.rules import Status, Tenure, Why

PASSING = {"id", "key_id", "household_id", "created_at", "updated_at"}  # differ from row to row


def rows_of(model: type[Person] | type[Household]) -> list[dict[str, object]]:
    return [
        {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items() if k not in PASSING}
        for row in model.objects.order_by("id").values()
    ]


def made(city: City) -> tuple[DataKey, Household, Person]:
    key = DataKey.fresh()
    house = Household(
        area=city.ban_ped, house="๑๒/๓ ซอย \t หนึ่ง\\", tenure=Tenure.RENT, lat=16.4, registered_by=city.education
    )
    person = Person(
        key=key, household=house, area=city.ban_ped, registered_by=city.education, given="สม\nศรี", sealed=b"\x00\xff\\",
        birth="2523-04", birth_first=dt.date(1980, 4, 1), birth_last=dt.date(1980, 4, 30), status=Status.MOVED,
        income=0, situations=["renter", 'a"b,{}'],
    )  # fmt: skip
    return key, house, person


def test_the_same_rows_as_by_insert(city: City) -> None:
    for rows in zip(made(city), strict=True):
        copy_in(rows)
    by_copy = rows_of(Household), rows_of(Person)
    Person.objects.all().delete()
    Household.objects.all().delete()
    for row in made(city):
        row.save(force_insert=True)
    assert by_copy == (rows_of(Household), rows_of(Person))
    assert by_copy[1][0]["situations"] == ["renter", 'a"b,{}']


def test_times_that_fill_themselves_are_filled(city: City) -> None:
    _key, house, _person = made(city)
    copy_in([house])
    assert Household.objects.get(pk=house.pk).created_at is not None
    assert not house._state.adding


def test_a_row_that_breaks_a_rule_is_refused_with_all_others(city: City) -> None:
    person = city.pin()
    twice = [
        Grant(person=person, partner=city.social, reason=Why.DUTY, source="x", since=dt.datetime.now(dt.UTC))
        for _ in (1, 2)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(twice)
    assert not Grant.objects.filter(source="x").exists()
