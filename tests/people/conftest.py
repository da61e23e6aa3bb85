"""A small city, built once for each test through the actions."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate


@dataclass
class City:
    province: Area
    ban_ped: Area
    sila: Area
    education: Partner
    social: Partner
    teacher: User
    officer: User

    def row(self, given: str = "สมหญิง", family: str = "ใจดี", **values: object) -> PinRow:
        """A row with consent to its registering partner, the education office."""
        plain: dict[str, object] = {
            "area": self.ban_ped, "given": given, "family": family, "sex": "f",
            "birth": PartialDate(1960, 5, 17),
            "consents": (ConsentRow(Purpose.CARE, self.education, How.SIGNATURE, sensitive=True),),
        }  # fmt: skip
        return PinRow(**{**plain, **values})  # type: ignore[arg-type]

    def pin(self, given: str = "สมหญิง", family: str = "ใจดี", **values: object) -> Person:
        return pin_person(row=self.row(given, family, **values), partner=self.education, by=self.teacher)


def area(code: str, th: str, level: str, parent: Area | None = None) -> Area:
    made = Area(code=code, th=th, en=th, level=level, parent=parent)
    made.save()
    return made


def member(partner: Partner, role: Role, login: str, *areas: Area) -> User:
    user = User.objects.make(login, "รหัสผ่านยาวพอ-2569", name=login)
    user.save()
    joined = Membership.objects.create(partner=partner, user=user, role=role, began_on=dt.date(2026, 1, 1))
    joined.areas.set(areas)
    return user


@pytest.fixture
def city(db: None) -> City:
    province = area("40", "ขอนแก่น", "province")
    district = area("4001", "เมืองขอนแก่น", "district", province)
    ban_ped = area("400107", "บ้านเป็ด", "subdistrict", district)
    sila = area("400105", "ศิลา", "subdistrict", district)
    partners = {
        code: Partner.objects.create(code=code, th=th, en=code, kind="provincial", area=province)
        for code, th in (("education", "สำนักงานศึกษาธิการจังหวัด"), ("social", "พัฒนาสังคมและความมั่นคงของมนุษย์"))
    }
    for vocabulary, code, th in (
        ("need", "income", "รายได้"), ("need", "learn", "เรียนต่อ"), ("need", "papers", "เอกสารและสิทธิ"),
        ("disability", "seeing", "ทางการเห็น"), ("situation", "renter", "ผู้เช่า"),
    ):  # fmt: skip
        Term.objects.create(vocabulary=vocabulary, code=code, th=th, en=code)
    return City(
        province, ban_ped, sila, partners["education"], partners["social"],
        teacher=member(partners["education"], Role.FIELD_WORKER, "kru", ban_ped),
        officer=member(partners["social"], Role.OFFICER, "officer"),
    )  # fmt: skip


@pytest.fixture
def join(city: City) -> Callable[..., User]:
    return member


@pytest.fixture
def system(db: None) -> User:
    return system_user()
