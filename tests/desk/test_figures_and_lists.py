"""A figure on Today and the list behind its address are one question: it has exactly that many rows."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve
from tests.cases.conftest import City, build
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.core import clock
from okat.city.core.registries import TASKS
from okat.city.desk.queries import today
from okat.city.partners.models import Membership
from okat.city.people.models import MergeProposal

pytestmark = pytest.mark.django_db
LATE, IN_TIME = 7, 3


def of_page(context: Any) -> int:
    return int(context["page"].paginator.count)


# How many rows the list at an address has, as it is shown. An address that a folded line of Today leads to and that
# stands not here fails the test.
ROWS: Mapping[str, Callable[[Any], int]] = {
    "cases:queue": of_page,
    "jobs:asks": of_page,
    "jobs:hires": of_page,
    "people:doubles": lambda context: int(context["listed"].paginator.count),
    "people:openings": lambda context: len(context["openings"]),
    "rounds:appeals": lambda context: len(context["waiting"]),
    "catalogue:sharing": lambda context: int(context["waiting"]),
}


@pytest.fixture
def busy(db: None) -> City:
    """Cases late and in time that wait for the town, and a pair of doubles."""
    city = build()
    first = city.person
    for number in range(LATE + IN_TIME):
        city.person = city.pin(f"คน{number}")
        city.offered()
    cases = list(Case.objects.order_by("opened_at", "id"))
    Case.objects.update(acts_next=city.town, due_on=clock.today() + dt.timedelta(days=4))
    late = [case.pk for case in cases[:LATE]]
    Case.objects.filter(pk__in=late).update(due_on=clock.today() - dt.timedelta(days=2))
    other = city.pin("สมหญิ่ง")
    MergeProposal.objects.create(left=first, right=other, source="worker", at=clock.now(), by=city.worker)
    return city


def users() -> list[User]:
    return list(User.objects.filter(pk__in=Membership.objects.values("user")).order_by("pk"))


def test_every_figure_of_today_is_the_number_of_rows_behind_its_address(busy: City) -> None:
    seen = set()
    for user in users():
        client = Client()
        sign_in_fully(client, user)
        for task in (task for _app, tasks in TASKS for task in tasks(user)):
            name = resolve(task.url.partition("?")[0].partition("#")[0]).view_name
            assert task.count == 1 or name in ROWS, task
            if name in ROWS:
                assert ROWS[name](client.get(task.url).context) == task.count, (user, task)
                seen.add(name)
    assert seen >= {"cases:queue", "people:doubles"}


def test_today_and_the_list_and_the_file_say_one_number(busy: City) -> None:
    client = Client()
    sign_in_fully(client, busy.manager)
    lines = today.today(busy.manager)
    waits = sum(line.task.count for line in lines if line.app == "cases")
    page = client.get("/cases/")
    counted = page.context["counts"]
    assert (waits, counted.waits, of_page(page.context)) == (LATE + IN_TIME,) * 3
    rows = client.get("/cases/?format=csv").content.decode("utf-8-sig").strip().splitlines()
    assert len(rows) - 1 == waits
    pill = re.search(r"เกินกำหนด (\d+)", client.get("/today/").content.decode())
    assert pill is not None
    assert int(pill[1]) == counted.late == LATE
    for late, number in (("1", LATE), ("0", IN_TIME)):
        assert of_page(client.get(f"/cases/?late={late}").context) == number
        assert len(client.get(f"/cases/?late={late}&format=csv").content.decode().strip().splitlines()) == number + 1


def test_a_few_late_cases_stand_one_by_one(busy: City) -> None:
    some = Case.objects.filter(due_on__lt=clock.today()).values_list("pk", flat=True)[:4]
    Case.objects.filter(pk__in=list(some)).update(due_on=clock.today())
    tasks = [line.task for line in today.today(busy.manager) if line.app == "cases"]
    assert sorted(task.count for task in tasks) == [1, 1, 1, IN_TIME + 4]
