"""Remaining places by place, and people who look for them by area; a handful of statements, whatever the numbers."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from okat.city.catalogue.queries.search import has_places, matched
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.reach import Place
from okat.city.core import clock, weekly
from okat.city.partners.queries import venues
from okat.city.people.models import Need
from okat.city.people.rules import NeedStatus, Status
from okat.city.places import queries as places
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words


@dataclass(frozen=True)
class Free:
    """`at_home`: free places that need no way to go (online), and how many opportunities those are."""

    places: list[Place]
    at_home: int
    online: int


def free(look: Look, hushed: Collection[UUID]) -> Free:
    """What a look finds and still has places, by where it is; of `hushed` (solve.hushed) only whether there are any."""
    rows = matched(look).filter(has_places()).order_by()
    summed = rows.filter(online=False).values_list("venue", "area", "lat", "lon").annotate(
        offers=Count("id"), some=Count("id", filter=Q(id__in=hushed)),
        seats=Sum(F("capacity") - F("seats_taken"), filter=~Q(id__in=hushed)),
        unlimited=Count("id", filter=Q(capacity=None))
    )  # fmt: skip
    named, areas = {venue.pk: venue for venue in venues()}, places.known()
    found: dict[str, Place] = {}
    for venue_id, area_id, lat, lon, offers, some, seats, unlimited in summed:
        area, venue = areas[area_id], named.get(venue_id)
        key = f"venue-{venue_id}" if venue is not None else f"{area.code}:{lat}:{lon}"
        before = found.get(key)
        th, en = (venue.th, venue.en) if venue is not None else (area.th, area.en)
        found[key] = Place(
            key, th, en, area.code, lat, lon, offers + (before.offers if before else 0),
            (seats or 0) + (before.seats if before else 0), unlimited + (before.unlimited if before else 0),
            some + (before.some if before else 0),
        )  # fmt: skip
    home = rows.filter(online=True).aggregate(
        n=Count("id"), seats=Sum(F("capacity") - F("seats_taken"), filter=~Q(id__in=hushed))
    )
    return Free(list(found.values()), home["seats"] or 0, home["n"])


def narrower(need: str) -> tuple[str, ...]:
    """A need with those below it; nothing for none."""
    known = words()
    top = known.by_code.get((Vocabulary.NEED, need))
    if top is None:
        return (need,) if need else ()
    return (need, *(term.code for term in known.by_id.values() if term.parent_id == top.pk))


def looking(need: str) -> tuple[dt.date | None, Mapping[str, int]]:
    """People of the register with this need or one below it open (any, for none), by sub-district, as of when: weekly
    figures; where fewer than ten are, none."""
    if need and (Vocabulary.NEED, need) not in words().by_code:
        return clock.today(), {}
    sheet = weekly.told("catalogue.looking", need)
    return sheet.day, {code: sheet.number(code) or 0 for code in sheet.names}


def counted(need: str) -> dict[str, int]:
    """The numbers of one need, for the weekly figures."""
    rows = Need.objects.filter(status=NeedStatus.OPEN, person__status=Status.ACTIVE)
    if need:
        rows = rows.filter(term__code__in=narrower(need))
    counts = rows.order_by().values_list("person__area").annotate(n=Count("person", distinct=True))
    areas, found = places.known(), dict[str, int]()
    for area_id, number in counts:
        code = _subdistrict(areas[area_id])
        found[code] = found.get(code, 0) + number
    return found


def _subdistrict(area: Area) -> str:
    while area.level == Level.COMMUNITY and area.parent is not None:
        area = area.parent
    return area.code


def layer() -> dict[str, object]:
    """The sub-districts as shapes."""
    return places.layer()


def by_code() -> Mapping[str, Area]:
    return {area.code: area for area in places.known().values()}
