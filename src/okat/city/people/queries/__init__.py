"""Reading people: always through the scope of the one who reads."""

from okat.city.people.queries.consents import consented, consents_of, has_grant
from okat.city.people.queries.record import accesses_of, export_of, open_person, timeline
from okat.city.people.queries.scope import Reach, may_see_point, may_see_sensitive, reach, seeing_partner, visible_to
from okat.city.people.queries.search import search

__all__ = [
    "Reach",
    "accesses_of",
    "consented",
    "consents_of",
    "export_of",
    "has_grant",
    "may_see_point",
    "may_see_sensitive",
    "open_person",
    "reach",
    "search",
    "seeing_partner",
    "timeline",
    "visible_to",
]
