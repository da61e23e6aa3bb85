"""A file is read one at a time for each office and each reader: nobody keeps all of the site busy with files."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.said_law import say_law
from tests.signing import sign_in_fully

from okat.city.core import connections
from okat.city.core.ids import new_id
from okat.city.partners.rules import Role
from okat.city.people.actions import run_import, set_columns, upload
from okat.city.people.models import ImportBatch
from okat.city.people.queries.imports import check
from okat.city.people.rules import Law
from okat.files.office import OfficeError
from okat.files.office.limits import DEFAULT

TABLE = "ชื่อ-สกุล,ตำบล\nนายสมชาย ใจดี,บ้านเป็ด\n".encode()
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def elsewhere(name: str) -> Iterator[None]:
    """Another process has this in hand."""
    server = connection.settings_dict
    with psycopg.connect(host=server["HOST"], user=server["USER"], dbname=server["NAME"]) as held:
        held.execute("select pg_advisory_lock(hashtextextended(%s, 1))", [name])
        yield


@pytest.mark.parametrize("whose", ["office", "reader"])
def test_every_way_to_read_a_file_waits_for_nobody_and_says_so(city: City, whose: str) -> None:
    manager = member(city.education, Role.MANAGER, "manager")
    batch = upload(kind="people", partner=city.education, filename="a.csv", data=TABLE, by=manager)
    name = f"reading:{city.education.pk}" if whose == "office" else f"reading:by:{manager.pk}"
    client = Client()
    sign_in_fully(client, manager)
    pages = [reverse(f"people:import-{part}", args=[batch.pk]) for part in ("batch", "errors", "mend")]
    start = reverse("people:import", args=["people"])

    def send() -> str:
        form = {"file": SimpleUploadedFile("b.csv", TABLE), "once": str(new_id())}
        return client.post(start, form, follow=True).content.decode()

    with elsewhere(name):
        for do in (
            lambda: upload(kind="people", partner=city.education, filename="b.csv", data=TABLE, by=manager),
            lambda: set_columns(batch=batch, choices={}, by=manager),
            lambda: run_import(batch=batch, by=manager),
        ):
            with pytest.raises(OfficeError) as refused:
                do()
            assert refused.value.code == "file_in_hand"
        for page in pages:
            answer = client.get(page)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30"), page
            assert "ครึ่งนาที" in answer.content.decode()
        assert "ครึ่งนาที" in send()
        assert ImportBatch.objects.count() == 1
        run = client.post(reverse("people:import-run", args=[batch.pk]), {"once": str(new_id())})
        assert run.status_code == 302
        assert ImportBatch.objects.get().status == ImportBatch.Status.WAITING
        other = member(city.social, Role.MANAGER, "other")
        assert upload(kind="people", partner=city.social, filename="c.csv", data=TABLE, by=other)  # others go on
    for page in pages[:1]:
        assert client.get(page).status_code == 200
    said = say_law(batch=ImportBatch.objects.get(pk=batch.pk), law=Law.TASK, by=manager)
    assert run_import(batch=said, by=manager).imported == 1


def test_a_file_that_cannot_be_read_leaves_nothing_in_hand(city: City) -> None:
    for _again in range(3):
        with pytest.raises(OfficeError) as refused:
            check(b"\x00\x01nothing", "a.xlsx", "people", city.education, by=city.teacher)
        assert refused.value.code != "file_in_hand"
    free: list[bool] = []

    def look() -> None:
        with connections.in_hand(f"reading:{city.education.pk}", f"reading:by:{city.teacher.pk}") as found:
            free.append(found)
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(timeout=30)
    assert free == [True]


def test_of_two_names_none_is_kept_where_one_is_taken() -> None:
    with elsewhere("b"):
        with connections.in_hand("a", "b") as found:
            assert found is False
        with connections.in_hand("a") as found:
            assert found is True


def test_reading_has_seconds_not_minutes() -> None:
    assert DEFAULT.seconds <= 20
