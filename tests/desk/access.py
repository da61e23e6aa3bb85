"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity


def table(city: SmallCity) -> Thing:
    """Figures of one's own areas: whoever has the permission gets their own, so there is no stranger."""
    return Thing({"name": "sex"}, public=True)


MAKERS = {"desk:gaps-csv": table}
