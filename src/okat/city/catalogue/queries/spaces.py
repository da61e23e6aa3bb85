"""Learning spaces: places where anybody may come in and learn, by hours, area and who can use them.

A city has some hundreds; they are asked one by one.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from okat.city.catalogue.queries.usable import demand
from okat.city.catalogue.rules.access import Sides, Usable, judge, sides
from okat.city.catalogue.rules.ranking import distance_km
from okat.city.catalogue.rules.spaces import SpaceLook
from okat.city.partners import queries as partners
from okat.city.partners.models import Venue
from okat.city.partners.rules import OpenNow, open_at
from okat.city.places import queries as places
from okat.city.places.models import Area
from okat.city.taxonomy.queries import words
from okat.city.taxonomy.rules import Stage


@dataclass(frozen=True)
class Space:
    """`km` from where the visitor said, as the crow flies; None where either is not known."""

    venue: Venue
    area: Area
    now: OpenNow
    usable: Usable
    km: float | None


def spaces(look: SpaceLook, moment: dt.datetime) -> list[Space]:
    """The nearest first where the visitor said from where, else those that are open now, then by name."""
    known, stages = places.known(), words().stages()
    by_code = {area.code: area for area in known.values()}
    inside, near = by_code.get(look.area), by_code.get(look.near)
    wanted = tuple(clause for clause in demand(look.formats, look.usable) if any(_place(each) for each in clause))
    rows = partners.venues().filter(open_to_all=True)
    if look.kinds:
        rows = rows.filter(kind__in=look.kinds)
    found = []
    for venue in rows.order_by("th", "id"):
        area = known[venue.area_id]
        if look.area and (inside is None or not inside.holds(area)):
            continue
        verdict, _clauses = judge(wanted, sides_of(venue, stages))
        now = open_at(venue.opening, timezone.localtime(moment))
        if verdict is (Usable.ASK if look.ask else Usable.YES) and (now.open or not look.open):
            found.append(Space(venue, area, now, verdict, _km(venue, area, near)))
    return sorted(found, key=lambda one: (one.km if one.km is not None else 1e6, not one.now.open))


def sides_of(venue: Venue, stages: dict[str, list[str]]) -> Sides:
    """What a place answers. Nobody teaches there online or at home."""
    said = sides({Stage.VENUE: venue.accessibility}, stages)
    return Sides(said.usable, said.barred | {"session:online", "session:home-visit"})


def _place(token: str) -> bool:
    return token.startswith(f"{Stage.VENUE.value}:") or token.startswith("?")


def _km(venue: Venue, area: Area, near: Area | None) -> float | None:
    lat, lon = (venue.lat, venue.lon) if venue.lat is not None else (area.lat, area.lon)
    if near is None or near.lat is None or near.lon is None or lat is None or lon is None:
        return None
    return distance_km(near.lat, near.lon, lat, lon)
