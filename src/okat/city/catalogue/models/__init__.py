"""Opportunities, what is put into them, wishes, and local wisdom."""

from okat.city.catalogue.models.opportunity import Opportunity, OpportunityQuerySet, Session
from okat.city.catalogue.models.people import Wisdom, WisdomQuerySet, Wish
from okat.city.catalogue.models.sharing import Pledge, Sought

__all__ = ["Opportunity", "OpportunityQuerySet", "Pledge", "Session", "Sought", "Wisdom", "WisdomQuerySet", "Wish"]
