"""Objects of this app's addresses, for tests/access."""

from decimal import Decimal

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.partners import actions, queries
from okat.city.partners.models import Invitation
from okat.city.partners.rules import Role
from okat.city.taxonomy.models import Term


def partner(city: SmallCity) -> Thing:
    return Thing({"code": city.here.code}, public=True)


def leave(city: SmallCity) -> Thing:
    return Thing({"code": city.here.code}, owner=city.users[Role.COORDINATOR])


def member(city: SmallCity) -> Thing:
    """The officer's: the manager may move, reset and end it."""
    found = queries.members_of(city.here).get(role=Role.OFFICER)
    return Thing({"pk": found.pk}, owner=city.users[Role.MANAGER])


def _offered(city: SmallCity, email: str, role: Role) -> Invitation:
    return actions.invite_member(partner=city.here, name="ครู", email=email, role=role, by=city.users[Role.MANAGER])


def again(city: SmallCity) -> Thing:
    return Thing({"pk": _offered(city, "again@example.org", Role.OFFICER).pk}, owner=city.users[Role.MANAGER])


def recall(city: SmallCity) -> Thing:
    return Thing({"pk": _offered(city, "recall@example.org", Role.OFFICER).pk}, owner=city.users[Role.MANAGER])


def link(city: SmallCity) -> Thing:
    made = _offered(city, "resident@example.org", Role.OFFICER)
    return Thing({"token": made.token()}, public=True)  # whoever holds the letter


def answer(city: SmallCity) -> Thing:
    made = _offered(city, "resident@example.org", Role.FIELD_WORKER)
    return Thing({"token": made.token()}, owner=city.resident)


def venue(city: SmallCity) -> Thing:
    manager = city.users[Role.MANAGER]
    made = actions.keep_venue(partner=city.here, values={"th": "ศาลา", "area": city.here.area}, by=manager)
    return Thing({"pk": made.pk}, owner=manager)


def contribution(city: SmallCity) -> Thing:
    manager = city.users[Role.MANAGER]
    values = {
        "direction": "gives", "resource": Term.objects.get(code="room"), "title": "ห้อง", "planned": Decimal(1),
        "unit": "day",
    }  # fmt: skip
    made = actions.keep_contribution(partner=city.here, values=values, by=manager)
    return Thing({"pk": made.pk}, owner=manager)


MAKERS = {
    "partners:partner": partner,
    "partners:leave": leave,
    "partners:settle": leave,
    "partners:rename": leave,
    "partners:name-manager": leave,
    "partners:member-away": member,
    "partners:member-areas": member,
    "partners:member-reset": member,
    "partners:member-end": member,
    "partners:invitation-again": again,
    "partners:invitation-recall": recall,
    "partners:invitation": link,
    "partners:invitation-answer": answer,
    "partners:venue": venue,
    "partners:contribution": contribution,
    "partners:use": contribution,
}
