"""A look-up in a register of 100,000 persons stays under 50 ms."""

import random
import statistics
import time

import pytest
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
def test_a_look_up_among_100_000_takes_under_50_ms(city: City, system: User) -> None:
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
    sample = list(Person.objects.order_by("?")[:60])
    spent, found = [], 0
    for person in sample:
        wish = compared(person)
        start = time.process_time()
        best = alike(wish, "th")
        spent.append(time.process_time() - start)
        found += person.pk in {one.person.pk for one in best}
    assert found == len(sample)
    assert statistics.median(spent) < 0.05
