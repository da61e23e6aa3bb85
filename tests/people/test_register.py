"""A look-up in a large register finds the person, and asks the database the same few questions as in a small one.

How long it takes is measured by `make bench ONLY=look-up`, on 100,000 persons.
"""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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
def test_a_large_register_is_asked_as_little_as_a_small_one(city: City, system: User) -> None:
    asked = []
    for more in (300, 5_700):
        _pin(more, city, system)
        sample = list(Person.objects.order_by("?").select_related("household")[:40])
        with CaptureQueriesContext(connection) as seen:
            found = [person.pk in {one.person.pk for one in alike(compared(person), "th")} for person in sample]
        assert all(found)
        asked.append(len(seen))
    assert asked[0] == asked[1] == 2 * 40


def _pin(count: int, city: City, by: User) -> None:
    chance = random.Random(count)
    rows = [
        PinRow(
            area=chance.choice([city.ban_ped, city.sila]), given=chance.choice(GIVEN), family=chance.choice(FAMILY),
            sex=chance.choice("fm"), phone=f"08{chance.randrange(10**8):08d}",
            birth=PartialDate(chance.randrange(1935, 2020), chance.randrange(1, 13), chance.randrange(1, 29)),
        )
        for _ in range(count)
    ]  # fmt: skip
    pin_many(rows=rows, partner=city.education, by=by)
