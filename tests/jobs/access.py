"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.jobs import actions
from okat.city.partners.rules import Role


def ask(city: SmallCity) -> Thing:
    """Asked of `here` by whoever manages `there`."""
    made = actions.ask_for_candidates(employer=city.there, to=city.here, wanted=2, by=city.stranger)
    return Thing({"pk": made.pk}, owner=city.users[Role.OFFICER])


MAKERS = {"jobs:answer": ask}
