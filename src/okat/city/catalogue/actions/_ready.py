"""What is still missing before an opportunity may be published."""

from okat.city.catalogue import solve
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Fault, check_reserves
from okat.city.catalogue.rules.access import modes
from okat.city.catalogue.rules.publishing import check_publishable
from okat.city.core import clock


def publishing_faults(opportunity: Opportunity) -> list[Fault]:
    """What is still missing before it may be published."""
    o = opportunity
    return [
        *check_publishable(o, today=clock.today(), has_venue=o.venue_id is not None, has_formats=bool(modes(o.access))),
        *check_reserves(o.reserves, o.capacity, (group.code for group in solve.groups())),
    ]
