"""Three partners and one person with consents, all through the actions."""

import datetime as dt
from dataclasses import dataclass

import pytest
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions
from okat.city.cases.models import Case
from okat.city.core.holidays import next_open
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Consent, Person
from okat.city.people.rules import How, Purpose
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate

NOON = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)


def asked_after(days: int) -> dt.datetime:
    """So many days after `NOON`, or as soon as offices are open again."""
    return dt.datetime.combine(next_open(NOON.date() + dt.timedelta(days=days)), NOON.timetz())


@dataclass
class City:
    town: Partner
    school: Partner
    hospital: Partner
    worker: User  # of town, in the field
    manager: User  # of town
    officer: User  # of school
    nurse: User  # of hospital
    resident: User
    stranger: User  # manages a partner that has nothing to do with it
    person: Person
    need: Term

    def consent(self, to: Partner) -> Consent:
        row = ConsentRow(Purpose.REFER, to, How.SIGNATURE)
        return people.record_consent(person=self.person, given=row, by=self.worker, partner=self.town)

    def pin(self, given: str) -> Person:
        row = PinRow(
            area=self.town.area, given=given, family="ใจดี", sex="f", birth=PartialDate(1980, 5, 17),
            consents=(ConsentRow(Purpose.CARE, self.town, How.SIGNATURE),),
        )  # fmt: skip
        return people.pin_person(row=row, partner=self.town, by=self.worker)

    def offered(self) -> Case:
        return actions.propose(person=self.person, partner=self.town, need=self.need, by=self.worker)

    def accepted(self) -> Case:
        return actions.accept(case=self.offered(), by=self.resident)

    def referred(self) -> Case:
        self.consent(self.school)
        return actions.refer(case=self.accepted(), to=self.school, by=self.worker).case

    def active(self) -> Case:
        case = actions.receive(case=self.referred(), by=self.officer)
        return actions.start(case=case, by=self.officer)


@pytest.fixture
def city(db: None) -> City:
    return build()


def build() -> City:
    system = system_user()
    province = Area(code="40", level=Level.PROVINCE, th="ขอนแก่น", en="Khon Kaen", lat=16.4, lon=102.8)
    province.save()
    made = {
        code: partners.add_partner(code=code, th=th, en=code, kind="provincial", area=province, by=system)
        for code, th in (
            ("town", "เทศบาล"), ("school", "สำนักงานส่งเสริมการเรียนรู้"), ("hospital", "โรงพยาบาล"), ("bank", "ธนาคาร")
        )
    }  # fmt: skip

    def member(partner: str, role: Role, login: str) -> User:
        user = make_user(login, name=login)
        partners.add_member(partner=made[partner], user=user, role=role, by=system)
        return user

    worker = member("town", Role.FIELD_WORKER, "worker")
    need = Term(vocabulary="need", code="learn", th="เรียนต่อ", en="Learning")
    need.save()
    city = City(
        made["town"], made["school"], made["hospital"], worker, member("town", Role.MANAGER, "manager"),
        member("school", Role.OFFICER, "officer"), member("hospital", Role.OFFICER, "nurse"),
        make_user("resident", name="ชาวบ้าน"), member("bank", Role.MANAGER, "stranger"), Person(), need,
    )  # fmt: skip
    city.person = city.pin("สมหญิง")
    people.link_account(person=city.person, user=city.resident, by=worker)
    return city
