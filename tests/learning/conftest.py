"""A course of the school with four sessions, and one person who takes part in it; all through the actions."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from tests.cases.conftest import City, build

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.learning.models import Enrolment
from okat.city.people.models import Person

FIRST = dt.datetime(2026, 12, 7, 2, tzinfo=dt.UTC)  # nine in the morning here
HOURS = dt.timedelta(hours=3)
DAY = dt.timedelta(days=1)
DURING = FIRST + dt.timedelta(hours=1)
AFTER = FIRST + 5 * DAY


@dataclass
class School:
    """`teacher` is an officer of the school that provides the course; `learner` its first learner's account."""

    city: City
    course: Opportunity
    case: Case
    others: list[Person] = field(default_factory=list)

    @property
    def teacher(self) -> User:
        return self.city.officer

    @property
    def learner(self) -> User:
        return self.city.resident

    @property
    def sessions(self) -> list[Session]:
        return list(Session.objects.filter(opportunity=self.course).order_by("start"))

    @property
    def place(self) -> Enrolment:
        return Enrolment.objects.select_related("person__key").get(case=self.case)


def make(kind: str = "occupation", sessions: int = 4) -> School:
    city = build()
    row = OpportunityRow(
        provider=city.school.code, area=city.school.area.code, kind=kind, title_th="ทอผ้าไหมมัดหมี่", title_en="Silk",
        sessions=tuple(SessionRow(FIRST + n * DAY, FIRST + n * DAY + HOURS) for n in range(sessions)),
    )  # fmt: skip
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    return School(city, course, placed(city, course, city.person))


def placed(city: City, course: Opportunity, person: Person) -> Case:
    """Proposed, accepted, referred to the school, received and begun."""
    city.person = person
    city.consent(city.school)
    case = cases.propose(person=person, partner=city.town, opportunity=course, by=city.worker)
    case = cases.accept(case=case, by=city.worker)
    case = cases.refer(case=case, to=city.school, by=city.worker).case
    case = cases.receive(case=case, by=city.officer)
    return cases.start(case=case, by=city.officer)


@pytest.fixture
def school(db: None) -> Iterator[School]:
    with clock.at(FIRST - DAY):
        made = make()
    with clock.at(DURING):
        yield made
