"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.partners.rules import Role
from okat.city.people import actions

TABLE = "ชื่อ-สกุล,ตำบล\nนายสมชาย ใจดี,ในเมือง\n".encode()


def kind(city: SmallCity) -> Thing:
    """Who imports acts for a partner of their own: the stranger sees an empty page of theirs."""
    return Thing({"kind": "people"}, public=True)


def batch(city: SmallCity) -> Thing:
    officer = city.users[Role.OFFICER]
    made = actions.upload(kind="people", partner=city.here, filename="a.csv", data=TABLE, by=officer)
    return Thing({"pk": made.pk}, owner=officer)


MAKERS = {
    "people:import": kind,
    "people:import-template": kind,
    "people:import-batch": batch,
    "people:import-columns": batch,
    "people:import-run": batch,
    "people:import-drop": batch,
    "people:import-undo": batch,
    "people:import-errors": batch,
    "people:import-mend": batch,
}
