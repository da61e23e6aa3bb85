"""Opportunities held in one order, before the first of them is changed (CONTRIBUTING)."""

from collections.abc import Iterable
from uuid import UUID

from okat.city.catalogue.models import Opportunity


def hold_courses(*courses: Iterable[UUID]) -> None:
    """Until the transaction ends, all of these in the order of their ids: whoever changes several, one after another
    or in one statement, meets others who do the same. Nobody and no round is held after a course."""
    wanted = {pk for each in courses for pk in each}
    rows = Opportunity.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
    list(rows.order_by("pk").values_list("pk"))
