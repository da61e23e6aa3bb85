"""Free places for each person of an area, shared with everybody else who reaches them: the engine's access scores."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from okat.city.catalogue.rules.reach import AreaFigures, Place, protected
from okat.city.places.models import Area
from okat.engine.access import LUO_QI, AccessError, People, Venues, Zones, by_area, check, scores
from okat.files.city import CityFolderError, read_city


@lru_cache(maxsize=4)
def _zones(folder: Path) -> Zones:
    said = read_city(folder).words.get("reach", {})
    try:
        return Zones(tuple(map(float, said.get("km", (5, 15, 30)))), tuple(map(float, said.get("weight", LUO_QI))))
    except (AccessError, TypeError, ValueError) as error:
        raise CityFolderError(f"city.toml, [reach]: {error}") from error


def zones() -> Zones:
    """How far is how good, as `[reach]` of city.toml says it; else 5, 15 and 30 km with the weights of Luo & Qi."""
    return _zones(Path(settings.CITY))


def figures(places: Sequence[Place], people: Mapping[str, int], areas: Mapping[str, Area]) -> list[AreaFigures]:
    """Each sub-district where somebody looks or something is free. The scores are proved before they are shown.

    Raises RuntimeError where the proof fails."""
    placed = [p for p in places if p.lat is not None and p.lon is not None and p.seats > 0]
    lived = [(code, number) for code, number in sorted(people.items()) if areas[code].lat is not None]
    where = np.array([(areas[code].lat, areas[code].lon) for code, _n in lived], dtype=float).reshape(-1, 2)
    stand = np.array([(p.lat, p.lon) for p in placed], dtype=float).reshape(-1, 2)
    given = People(where[:, 0], where[:, 1], np.array([n for _code, n in lived], dtype=float))
    venues = Venues(stand[:, 0], stand[:, 1], np.array([p.seats for p in placed], dtype=float))
    found = scores(given, venues, zones())
    if broken := check(given, venues, zones(), found):
        raise RuntimeError(f"the access scores fail their check: {broken[0]}")
    seats: dict[str, int] = {}
    for place in places:
        seats[place.area] = seats.get(place.area, 0) + place.seats
    scored = {one.area: one for one in by_area(given, found, [code for code, _n in lived])}
    return [
        protected(code, people.get(code, 0), seats.get(code, 0), scored[code].score if code in scored else 0.0,
                  round(scored[code].without) if code in scored else people.get(code, 0))
        for code in sorted(people.keys() | seats.keys())
    ]  # fmt: skip
