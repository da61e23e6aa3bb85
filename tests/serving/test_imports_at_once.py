"""The same file sent twice and imported by two at the same time makes nothing twice; what does not fit is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.catalogue import conftest as opportunities
from tests.catalogue.test_import_opportunities import ROWS as PLANS
from tests.catalogue.test_import_opportunities import workbook as plans
from tests.people import conftest as people
from tests.people.test_imports import ROWS, workbook
from tests.said_law import say_law

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.partners.models import Partner
from okat.city.people.actions import NotReadyError, run_import, upload
from okat.city.people.models import ImportBatch, Person
from okat.city.people.queries.importing import IMPORTERS
from okat.city.people.queries.imports import check_batch
from okat.city.people.rules import Law

city = people.city
small = opportunities.city


def at_once(batches: list[ImportBatch], by: User) -> list[Any]:
    """Each imported by a connection of its own, all started together."""
    gate, done = threading.Barrier(len(batches)), []

    def run(batch: ImportBatch) -> None:
        try:
            gate.wait(timeout=20)
            done.append(run_import(batch=batch, by=by))
        except Exception as error:
            done.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return done


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_people_make_nobody_twice(city: people.City) -> None:
    rows = [[n, f"นายคนที่{n} ใจดี", "", "2520", "", "ศิลา", "", "", ""] for n in range(40)]
    data = workbook([*ROWS, *rows])
    batches = [
        upload(kind="people", partner=city.education, filename="a.xlsx", data=data, by=city.teacher)
        for _each in range(3)
    ]
    batches = [say_law(batch=batch, law=Law.TASK, by=city.teacher) for batch in batches]
    done = at_once(batches, city.teacher)
    assert sorted((batch.imported, batch.known) for batch in done) == [(0, 43), (0, 43), (43, 0)]
    assert Person.objects.count() == 43


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_courses_make_none_twice(small: opportunities.SmallCity) -> None:
    nfe = Partner.objects.get(code="nfe")
    data = plans(PLANS)
    batches = [
        upload(kind="opportunities", partner=nfe, filename="a.xlsx", data=data, by=small.officer) for _each in range(2)
    ]
    done = at_once(batches, small.officer)
    assert sorted((batch.imported, batch.known) for batch in done) == [(0, 6), (6, 0)]
    assert Opportunity.objects.count() == 6


def fewer(small: opportunities.SmallCity) -> ImportBatch:
    """A table of 20 places of which 5 are taken, sent once more with 3."""
    nfe = Partner.objects.get(code="nfe")

    def sent(rows: Any) -> ImportBatch:
        return upload(kind="opportunities", partner=nfe, filename="a.xlsx", data=plans(rows), by=small.officer)

    run_import(batch=sent(PLANS[:1]), by=small.officer)
    Opportunity.objects.update(seats_taken=5)
    return sent([[*PLANS[0][:4], 3, *PLANS[0][5:]]])


@pytest.mark.django_db
def test_fewer_places_than_are_taken_is_an_error_of_the_row(small: opportunities.SmallCity) -> None:
    batch = fewer(small)
    (error,) = check_batch(batch).errors
    assert (error.row, error.column) == (4, "E")
    assert error.message("th") == "มีคนได้ที่ไปแล้ว 5 ที่"
    assert error.message("en") == "5 places are taken already."
    with pytest.raises(NotReadyError):
        run_import(batch=batch, by=small.officer)
    assert Opportunity.objects.get().capacity == 20


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind, _importer in IMPORTERS])
@pytest.mark.parametrize(
    "refused",
    ["insert into places_area (code) values (null)", "insert into places_area (code) values (repeat('9', 999))"],
)
def test_what_the_database_refuses_is_told_for_every_kind(
    small: opportunities.SmallCity, monkeypatch: pytest.MonkeyPatch, kind: str, refused: str
) -> None:
    nfe, importer = Partner.objects.get(code="nfe"), IMPORTERS[kind]
    head = {"people": workbook, "opportunities": plans, "jobs": plans}[kind]
    batch = upload(kind=kind, partner=nfe, filename="a.xlsx", data=head(FIRST[kind]), by=small.system)

    def write(*_arguments: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(refused)
        return 1

    monkeypatch.setattr(importer, "write", write)
    monkeypatch.setattr(type(importer), "prepare", _nothing_wrong(importer))
    with pytest.raises(NotReadyError, match="ไม่เข้ากับ"):
        run_import(batch=batch, by=small.system)
    assert ImportBatch.objects.get().status == ImportBatch.Status.WAITING


FIRST = {"people": ROWS[:1], "opportunities": PLANS[:1], "jobs": PLANS[:1]}


def _nothing_wrong(importer: Any) -> Callable[..., Any]:
    from okat.city.people.queries.importing import Prepared

    return lambda _self, rows, partner: Prepared(list(rows))
