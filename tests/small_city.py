"""A very small city, built through the actions: two partners of different sub-districts and one user for each role."""

from dataclasses import dataclass

from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.partners import actions
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term


@dataclass
class SmallCity:
    """`here` and `there` are partners whose areas do not touch; `users` are of `here`, one per role."""

    province: Area
    here: Partner
    there: Partner
    users: dict[Role, User]
    stranger: User  # manages `there`
    resident: User


def build() -> SmallCity:
    province = _area("40", Level.PROVINCE, "ขอนแก่น")
    district = _area("4001", Level.DISTRICT, "เมืองขอนแก่น", province)
    near = _area("400101", Level.SUBDISTRICT, "ในเมือง", district)
    far = _area("400102", Level.SUBDISTRICT, "สำราญ", district)
    system = system_user()
    here = actions.add_partner(code="here", th="เทศบาล", en="Municipality", kind="municipality", area=near, by=system)
    there = actions.add_partner(code="there", th="อีกแห่ง", en="Elsewhere", kind="community", area=far, by=system)
    users = {role: make_user(role.value, name=f"คน {role.value}") for role in Role}
    for role, user in users.items():
        actions.add_member(partner=here, user=user, role=role, by=system)
    stranger = make_user("stranger", name="คนแปลกหน้า")
    actions.add_member(partner=there, user=stranger, role=Role.MANAGER, by=system)
    Term(vocabulary="resource", code="room", th="ห้อง", en="Room").save()
    return SmallCity(province, here, there, users, stranger, make_user("resident", name="ชาวบ้าน"))


def _area(code: str, level: Level, th: str, parent: Area | None = None) -> Area:
    area = Area(code=code, level=level, th=th, parent=parent, lat=16.4, lon=102.8)
    area.save()
    return area
