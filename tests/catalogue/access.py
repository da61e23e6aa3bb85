"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.rules.rows import OpportunityRow


def opportunity(city: SmallCity) -> Thing:
    """A published one: anybody may read it."""
    row = OpportunityRow(provider=city.here.code, area=city.here.area.code, kind="service", title_th="พาไปหาหมอ")
    return Thing({"pk": publish_many(rows=[row], by=system_user()).ids[0]}, public=True)


MAKERS = {"catalogue:open": opportunity, "catalogue:ics": opportunity}
