"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.notices import actions, queries


def follow(city: SmallCity) -> Thing:
    actions.notify(users=[city.resident], kind="partners.left", params={"code": "x"})
    return Thing({"pk": queries.notices_of(city.resident)[0].pk}, owner=city.resident)


MAKERS = {"notices:follow": follow}
