"""Some of the demo's courses take people first come, first served."""

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.learning.actions import set_first_come
from okat.city.learning.queries import line

MOST = 12


def first_come(by: User) -> str:
    """Those that no round gives away, by title; what was done, in words."""
    rows = Opportunity.objects.published().filter(kind__in=FAMILIES[Family.LEARN]).order_by("title_th", "id")
    free = [course for course in rows.select_related("provider")[: 5 * MOST] if not line.in_round(course)][:MOST]
    for course in free:
        set_first_come(opportunity=course, on=True, by=by)
    return f"{len(free)} courses take people first come, first served"
