"""Opportunities held in one order, before the first of them is changed (CONTRIBUTING)."""

from collections.abc import Iterable
from uuid import UUID

from okat.city.catalogue.models import Opportunity
from okat.city.core.connections import hold_rows


def hold_courses(*courses: Iterable[UUID]) -> None:
    """Until the transaction ends, all of these in the order of their ids: whoever changes several, one after another
    or in one statement, meets others who do the same. Nobody and no round is held after a course."""
    hold_rows(Opportunity.objects.filter(pk__in={pk for each in courses for pk in each}))
