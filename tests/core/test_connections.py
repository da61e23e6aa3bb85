"""No query is asked inside an open COPY, and every COPY of the city goes through the one that knows it."""

import ast
import threading
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from tests.people.conftest import City, city

from okat.city.core.bulk import copy_values
from okat.city.core.connections import BusyConnectionError
from okat.city.core.models import OnceToken
from okat.city.people.actions import update_person
from okat.city.people.actions.rows import HouseRow
from okat.city.people.models import Person, PersonKey

__all__ = ["city"]
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def test_a_query_inside_an_open_copy_fails_at_once_instead_of_waiting_for_itself() -> None:
    outcome: list[BaseException | None] = []

    def planted() -> None:
        try:
            with (
                transaction.atomic(),
                connection.cursor() as cursor,
                cursor.copy("COPY django_session (session_key, session_data, expire_date) FROM STDIN"),
            ):
                OnceToken.objects.count()
        except BaseException as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=planted, daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive(), "it waits for ever"
    assert isinstance(outcome[0], BusyConnectionError)


def test_values_that_ask_the_database_are_made_before_the_copy_opens() -> None:
    columns = ("session_key", "session_data", "expire_date")
    copy_values(Session, columns, ((f"key{n}", str(OnceToken.objects.count()), timezone.now()) for n in (1, 2)))
    assert Session.objects.filter(session_key__in=["key1", "key2"], session_data="0").count() == 2


def test_somebody_who_lives_in_a_household_is_changed_and_found_under_the_new_keys(city: City) -> None:
    person = city.pin(household=HouseRow(key="1", house="12/3"))
    before = set(PersonKey.objects.filter(person=person).values_list("code", flat=True))
    changed = update_person(
        person=Person.objects.get(pk=person.pk), version=1, changes={"phone": "0811111111"}, by=city.teacher
    )
    after = set(PersonKey.objects.filter(person=person).values_list("code", flat=True))
    assert before < after
    assert changed.household_id == person.household_id


def copies(source: str) -> list[int]:
    """Lines that open a COPY: `x.copy(...)` with an argument is a cursor's, where x is no module of copies."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "copy"
        and (node.args or node.keywords)
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id in {"shutil", "copy"})
    ]


def test_only_core_bulk_opens_a_copy() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src" / "okat").rglob("*.py")
        if (lines := copies(path.read_text(encoding="utf-8")))
    }
    assert list(found) == ["src/okat/city/core/bulk.py"]


def test_a_planted_copy_is_seen() -> None:
    assert copies("import shutil\nwith cursor.copy('COPY x FROM STDIN') as c:\n    rows.copy()\nshutil.copy(a, b)") == [
        2
    ]
