"""Opportunities for other programs: all that was ever published, whatever became of it, in the order it was made.

A copy elsewhere must hear that something was closed or cancelled, so what ended stays, with its status.
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q

from okat.city.catalogue.models import Opportunity, OpportunityQuerySet
from okat.city.catalogue.queries.ranked import levels
from okat.city.catalogue.queries.search import KM_PER_DEGREE, distance, matching
from okat.city.catalogue.queries.sessions import sessions
from okat.city.catalogue.queries.wish import narrow
from okat.city.places.models import Area

ALONG = ("venue", "funder")  # partners, areas and terms are in memory


@dataclass(frozen=True)
class Spot:
    """Within `km` of a point; with `codes` and no `km`: in one of these areas."""

    codes: tuple[str, ...]
    lat: float = 0.0
    lon: float = 0.0
    km: float | None = None


def harvest(
    *, text: str = "", provider: int | None = None, since: dt.datetime | None = None, spot: Spot | None = None,
    placed: bool = False, also: Iterable[Q] = (),
) -> OpportunityQuerySet:  # fmt: skip
    """What holds for every condition. `placed`: only what happens somewhere."""
    rows = Opportunity.objects.public().select_related(*ALONG).prefetch_related(Prefetch("sessions", sessions()))
    rows = rows.defer("search", "title_fold").order_by("id")
    for condition in also:
        rows = rows.filter(condition)
    if provider is not None:
        rows = rows.filter(provider=provider)
    if since is not None:
        rows = rows.filter(updated_at__gte=since)
    if placed:
        rows = rows.filter(online=False)
    if spot is not None:
        rows = _near(rows, spot)
    if text:
        rows = matching(rows, levels(narrow(text))[:1])  # as it is written: a program means what it asks
    return rows


def harvested(pk: UUID) -> Opportunity | None:
    return harvest().filter(pk=pk).first()


def _near(rows: OpportunityQuerySet, spot: Spot) -> OpportunityQuerySet:
    if spot.km is None:
        inside = Q(pk__in=[])
        for code in spot.codes:
            inside |= Q(area__path__contains=f"/{code}/")
        return rows.filter(inside)
    up = spot.km / KM_PER_DEGREE
    across = min(180.0, up / max(0.01, math.cos(math.radians(spot.lat))))
    box = Q(lat__range=(spot.lat - up, spot.lat + up), lon__range=(spot.lon - across, spot.lon + across))
    return rows.filter(box).annotate(km=distance(Area(lat=spot.lat, lon=spot.lon))).filter(km__lte=spot.km)
