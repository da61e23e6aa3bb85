"""Rows of several tables in one statement: the same instances as by one query each."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext
from tests.people.conftest import City

from okat.city.core.together import Together
from okat.city.people.actions import record_visit
from okat.city.people.models import Consent, Grant, Person, Visit
from okat.city.people.rules import VisitKind

TABLES = Together(
    UUID,
    dt.date,
    person=lambda pk, _day: Person.objects.filter(pk=pk),
    consents=lambda pk, _day: Consent.objects.filter(person=pk),
    grants=lambda pk, _day: Grant.objects.filter(person=pk),
    visits=lambda pk, day: Visit.objects.filter(person=pk, next_on__lte=day).annotate(by_name=F("by__name"))[:3],
    few=lambda pk, _day: Person.objects.filter(pk=pk).only("id", "given"),
    counts=lambda pk, _day: Visit.objects.filter(person=pk).order_by().values("kind").annotate(n=Count("pk")),
)
DAY = dt.date(2026, 12, 6)


@pytest.fixture
def person(city: City) -> Person:
    found = city.pin()
    for day in (DAY, DAY + dt.timedelta(days=1)):
        record_visit(
            person=found, kind=VisitKind.HOME, note="ไปเยี่ยม", next_on=day, partner=city.education, by=city.teacher
        )
    return found


def test_every_column_comes_back_as_the_model_has_it(person: Person) -> None:
    found = TABLES.of(person.pk, DAY)
    for name, rows in (
        ("person", Person.objects.filter(pk=person.pk)),
        ("consents", Consent.objects.filter(person=person)),
        ("grants", Grant.objects.filter(person=person)),
        ("visits", Visit.objects.filter(person=person, next_on__lte=DAY)),
    ):
        assert rows
        names = [field.attname for field in rows.model._meta.concrete_fields]
        as_read = [[_plain(getattr(row, n)) for n in names] for row in rows]
        assert [[_plain(getattr(row, n)) for n in names] for row in found[name]] == as_read
        assert not any(row._state.adding for row in found[name])


def test_added_left_out_and_counted_columns(person: Person) -> None:
    found = TABLES.of(person.pk, DAY)
    assert [visit.by_name for visit in found["visits"]] == [visit.by.name for visit in Visit.objects.all()][:1]
    assert found["few"][0].get_deferred_fields() >= {"family", "phone"}
    assert found["counts"] == [{"kind": "home", "n": 2}]


def test_one_statement_whatever_is_asked(person: Person) -> None:
    TABLES.of(person.pk, DAY)
    with CaptureQueriesContext(connection) as queries:
        found = [TABLES.of(one, day) for one in (person.pk, UUID(int=1)) for day in (DAY, DAY + dt.timedelta(days=1))]
    assert [len(rows["visits"]) for rows in found] == [1, 2, 0, 0]
    assert len(queries) == len(found)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview | bytes) else value
