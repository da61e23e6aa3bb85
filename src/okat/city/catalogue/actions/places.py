"""What follows for opportunities when a venue says something else of itself."""

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import derive
from okat.city.catalogue.actions._holding import hold_courses
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.partners.models import Venue
from okat.city.taxonomy.queries import words


@action
def follow_venue(*, venue: Venue, by: User) -> int:
    """Who can use what happens there follows from the venue's answers; how many opportunities that changed."""
    stages, changed = words().stages(), []
    hold_courses(Opportunity.objects.filter(venue=venue).values_list("pk", flat=True))
    for opportunity in Opportunity.objects.filter(venue=venue).select_related("venue"):
        before = (opportunity.usable, opportunity.barred)
        derive(opportunity, stages)
        if before != (opportunity.usable, opportunity.barred):
            changed.append(opportunity)
    Opportunity.objects.bulk_update(changed, ["usable", "barred"], batch_size=500)
    forget("catalogue")
    audit.record(by=by, verb="catalogue.follow_venue", subject=venue, fields=["accessibility"])
    return len(changed)
