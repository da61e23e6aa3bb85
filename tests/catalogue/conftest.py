"""A small city: areas, words, partners with an officer each, and a few opportunities, all made through actions."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.access import answered
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.partners.actions import load_partners
from okat.city.partners.models import Membership, Partner
from okat.city.partners.rules import Role
from okat.city.places.models import Area, Level
from okat.city.taxonomy.actions import load_terms
from okat.files.city import read_city

PASSWORD = "correct horse battery"
ROOT = Path(__file__).resolve().parents[2]
SOURCE = {"text": "ข้อกำหนดของผู้จัด", "ref": "ประกาศรับสมัคร", "verified": True}
OLDER = {"age": "birth_date", "op": ">=", "years": 60, "source": SOURCE}


@dataclass(frozen=True)
class SmallCity:
    officer: User  # of nfe
    other: User  # of commerce
    system: User


def member(login: str, partner: str, role: Role = Role.OFFICER) -> User:
    user = User.objects.make(login, PASSWORD, name=login)
    user.save()
    Membership.objects.create(
        partner=Partner.objects.get(code=partner), user=user, role=role, began_on=dt.date(2026, 1, 1)
    )
    return user


def _areas() -> None:
    """Five areas instead of the province's 234: each test makes its own city."""
    made: dict[str, Area] = {}
    for code, level, th, en, lat, lon in (
        ("40", Level.PROVINCE, "ขอนแก่น", "Khon Kaen", 16.43, 102.83),
        ("4001", Level.DISTRICT, "เมืองขอนแก่น", "Mueang Khon Kaen", 16.44, 102.83),
        ("4002", Level.DISTRICT, "บ้านฝาง", "Ban Fang", 16.46, 102.63),
        ("400101", Level.SUBDISTRICT, "ในเมือง", "Nai Mueang", 16.432, 102.835),
        ("400102", Level.SUBDISTRICT, "สำราญ", "Samran", 16.52, 102.85),
    ):
        area = Area(code=code, level=level, th=th, en=en, lat=lat, lon=lon, parent=made.get(code[:-2]))
        made[code] = area.fill()
        area.save()


@pytest.fixture
def city(db: None) -> SmallCity:
    return build()


def build() -> SmallCity:
    system, folder = system_user(), read_city(ROOT / "cities" / "khon-kaen")
    _areas()
    for load in (load_terms, load_partners):
        load(city=folder, by=system)
    return SmallCity(member("nfe-officer", "nfe"), member("commerce-officer", "commerce"), system)


def weaving(**changes: object) -> OpportunityRow:
    values: dict[str, object] = {
        "provider": "nfe", "area": "400101", "kind": "occupation", "capacity": 20,
        "title_th": "ฝึกทอผ้าไหมมัดหมี่", "title_en": "Ikat silk weaving",
        "summary_th": "เรียนทอผ้าตั้งแต่เริ่มต้น", "needs": ("skill-work",), "access": answered("session:onsite"),
    }  # fmt: skip
    return OpportunityRow(**{**values, **changes})  # type: ignore[arg-type]


def published(city: SmallCity, *rows: OpportunityRow) -> list[Opportunity]:
    made = publish_many(rows=rows, by=city.officer)
    by_id = {o.pk: o for o in Opportunity.objects.filter(pk__in=made.ids)}
    return [by_id[pk] for pk in made.ids]
