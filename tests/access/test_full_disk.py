"""With the disk full every page that anybody may open still opens: what it writes beside what it shows can wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.test_weekly import urls
from tests.signing import sign_in_fully

from okat.city.catalogue.models import MissedSearch
from okat.city.core import kept
from okat.city.core.models import RateCount, WeeklyFigures
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db
FULL = "raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'"
# What is not given where it cannot be written how often somebody asked, or that somebody looked.
NOT_GIVEN = {
    "catalogue:suggest": "words while somebody types; the box works without them",
    "learning:passport": "what a person's link shows of them",
}


@contextmanager
def full_disk() -> Iterator[None]:
    """PostgreSQL says so to whoever writes anything."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f"create function no_room() returns trigger language plpgsql as $$ begin {FULL}; end $$")
        for table in tables:
            cursor.execute(
                f'create trigger no_room before insert or update on "{table}" for each row execute function no_room()'
            )
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f'drop trigger no_room on "{table}"')
            cursor.execute("drop function no_room()")


def status(client: Client, url: str) -> int:
    kept.forget_all()
    mark = transaction.savepoint()
    try:
        return client.get(url).status_code
    finally:
        transaction.savepoint_rollback(mark)


def test_every_page_for_anybody_opens() -> None:
    city = small_city.build()
    client = Client(raise_request_exception=False)
    pages = [(address.name, url) for address, url, _owner in urls(city)]
    pages.append(("catalogue:search", f"/catalogue/?q={quote('ดำน้ำ')}"))
    WeeklyFigures.objects.all().delete()
    RateCount.objects.all().delete()
    opened = [(name, url) for name, url in pages if status(client, url) == 200]
    assert len(opened) > 30
    with full_disk():
        shut = {name: code for name, url in opened if (code := status(client, url)) != 200}
    assert shut == dict.fromkeys(NOT_GIVEN, 503)


def test_a_search_in_vain_and_figures_that_were_never_drawn_wait_for_room() -> None:
    city = small_city.build()
    team = Client(raise_request_exception=False)
    sign_in_fully(team, city.users[Role.COORDINATOR])
    for client, url in ((Client(), f"/catalogue/?q={quote('ดำน้ำ')}"), (team, reverse("desk:gaps"))):
        kept.forget_all()
        with full_disk():
            assert client.get(url).status_code == 200, url
    assert not MissedSearch.objects.exists()
    assert not WeeklyFigures.objects.exists()
    assert team.get(reverse("desk:gaps")).status_code == 200
    assert WeeklyFigures.objects.exists()  # with room again
