"""Opportunities, what is put into them, wishes, local wisdom, and what the search keeps."""

from okat.city.catalogue.models.opportunity import Opportunity, OpportunityQuerySet, Session
from okat.city.catalogue.models.people import Wisdom, WisdomQuerySet, Wish
from okat.city.catalogue.models.search import IndexWord, MissedSearch
from okat.city.catalogue.models.sharing import Pledge, Sought
from okat.city.catalogue.models.unmet import Lookout, Unmet

__all__ = [
    "IndexWord",
    "Lookout",
    "MissedSearch",
    "Opportunity",
    "OpportunityQuerySet",
    "Pledge",
    "Session",
    "Sought",
    "Unmet",
    "Wisdom",
    "WisdomQuerySet",
    "Wish",
]  # fmt: skip
