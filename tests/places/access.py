"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity


def layer(city: SmallCity) -> Thing:
    return Thing({"level": "subdistrict"}, public=True)


MAKERS = {"places:layer": layer}
