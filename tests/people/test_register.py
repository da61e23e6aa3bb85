"""A look-up in a register of 100,000 persons, the database's work included: half of them stay under 50 ms."""

import random
import statistics
import time
from uuid import UUID

import pytest
from django.db import connection
from tests.people.conftest import City

from okat.city.accounts.models import User
from okat.city.people.actions import PinRow, pin_many
from okat.city.people.models import Person
from okat.city.people.solve import alike, compared
from okat.thai.partial import PartialDate

_STARTS = ("สม", "ณัฐ", "วิ", "กา", "ปรี", "ธน", "อร", "สุ", "พิ", "จิ")
_ENDS = ("ชาย", "หญิง", "พล", "ดา", "ชา", "พร", "วรรณ", "ชัย", "ศรี", "นันท์")
_HOUSES = ("แก้ว", "บุญ", "ศรี", "ทอง", "คำ", "จันทร์", "พรม", "วงศ์", "ชัย", "สิงห์")
_QUALITIES = ("ใส", "มี", "สุข", "ดี", "งาม", "แสง", "ชา", "ภู", "หอม", "นา")
GIVEN = [a + b for a in _STARTS for b in _ENDS]
FAMILY = [a + b + c for a in _HOUSES for b in _QUALITIES for c in ("", "กุล", "วงค์", "พันธ์")]


@pytest.mark.slow
@pytest.mark.django_db
def test_half_of_the_look_ups_among_100_000_take_under_50_ms(city: City, system: User) -> None:
    chance = random.Random(7)
    for _ in range(10):
        rows = [
            PinRow(
                area=chance.choice([city.ban_ped, city.sila]), given=chance.choice(GIVEN), family=chance.choice(FAMILY),
                sex=chance.choice("fm"), phone=f"08{chance.randrange(10**8):08d}",
                birth=PartialDate(chance.randrange(1935, 2020), chance.randrange(1, 13), chance.randrange(1, 29)),
            )
            for _ in range(10_000)
        ]  # fmt: skip
        pin_many(rows=rows, partner=city.education, by=system)
    with connection.cursor() as cursor:
        cursor.execute("analyze people_person, people_personkey")
    sample = list(Person.objects.order_by("?").select_related("household")[:60])
    spent, found = [], 0
    for person in sample:
        best, shortest = _looked_up(person)
        spent.append(shortest)
        found += person.pk in best
    assert found == len(sample)
    # By the wall clock; the slowest depends on what else the machine does, so it is told, not judged.
    assert statistics.median(spent) < 0.05, f"median {statistics.median(spent):.3f} s, slowest {max(spent):.3f} s"


def _looked_up(person: Person) -> tuple[set[UUID], float]:
    """Who was suggested, and the shortest of three times by the wall clock: the database's work counts, the noise of
    a shared machine does not."""
    wish, times = compared(person), []
    for _ in range(3):
        start = time.perf_counter()
        best = alike(wish, "th")
        times.append(time.perf_counter() - start)
    return {one.person.pk for one in best}, min(times)
