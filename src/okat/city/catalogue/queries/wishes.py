"""A person's own list of wishes, in order."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from okat.city.catalogue.models import Opportunity, Wish
from okat.city.catalogue.queries.search import LISTED
from okat.city.people.models import Person

MOST_WISHES = 20


def wishes(person: Person) -> list[Opportunity]:
    """The opportunities that the person would like, the dearest first; those that ended since are among them."""
    rows = Opportunity.objects.filter(wishes__person=person).select_related("provider", "area")
    return list(rows.only(*LISTED).order_by("wishes__place", "id"))


def export(person: UUID) -> Mapping[str, Any]:
    """The list for the person's own copy of all data."""
    rows = Wish.objects.filter(person=person).select_related("opportunity").order_by("place", "id")
    return {
        "wishes": [
            {"place": w.place, "opportunity": w.opportunity.title_th, "added": w.added_at.isoformat()} for w in rows
        ]
    }
