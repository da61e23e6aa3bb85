"""Every published number of people counts people, not rows: who was hired twice or asked in two cases is one."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.small_city import build
from tests.weekly import next_monday

from okat.city.cases import actions as cases
from okat.city.core.registries import FIGURES
from okat.city.desk.queries import pulse
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, pin_many
from okat.city.people.models import Person
from okat.city.people.rules import Purpose
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
# Of what each kind is counted here.
OF: dict[str, Any] = {
    "catalogue.asked": 2, "catalogue.looking": "", "desk.gaps": ["40/"], "desk.pulse": "", "desk.waiting": ["40/"],
    "jobs.candidates": "40", "jobs.courses": "", "jobs.employers": "", "jobs.ways": "",
    "learning.opinion": str(uuid4()), "people.urban": "",
}  # fmt: skip
ROWS = re.compile(r"count\((?!distinct)[^)]*\)[^,]*", re.IGNORECASE)
# A number of rows that is one of people, or is said to be of something else.
REASONS = {
    "desk.gaps": "one row of the pass for each person",
    "desk.pulse": "records of people; of referrals and follow-ups a percent, where ten people are behind it",
    "desk.waiting": "records of people",
    "jobs.candidates": "records of people",
    "learning.opinion": "answers, without who gave them",
}


def counting(kind: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        FIGURES[kind](OF[kind])
    return [query["sql"] for query in seen.captured_queries if ROWS.search(query["sql"] or "")]


def test_each_kind_counts_people_or_says_why_not() -> None:
    build()
    assert set(OF) == {kind for kind, _count in FIGURES}
    assert {kind for kind in OF if counting(kind)} == set(REASONS)


def test_how_referrals_are_answered_is_told_where_ten_people_are_behind_it() -> None:
    city = build()
    officer = city.users[Role.OFFICER]
    for code in ("learn", "job"):
        Term(vocabulary="need", code=code, th=code, en=code).save()
    consents = (ConsentRow(Purpose.CARE, city.here),)
    rows = [PinRow(area=city.here.area, given=f"คน{n}", family="ก", consents=consents) for n in range(10)]
    people = pin_many(rows=rows, partner=city.here, by=city.users[Role.FIELD_WORKER])

    def refer(person: UUID, code: str) -> None:
        need = Term.objects.get(code=code)
        case = cases.propose(person=Person.objects.get(pk=person), partner=city.here, need=need, by=officer)
        cases.accept(case=case, by=officer)
        cases.refer(case=case, to=city.here, by=officer)
        cases.receive(case=case, by=officer)

    for person in people[:9]:
        refer(person, "learn")
        refer(person, "job")
    assert pulse.pulse().answered is None  # eighteen, of nine
    refer(people[9], "job")
    next_monday()
    assert pulse.pulse().answered == 100
