"""The definition of the scores, word for word, on plain numbers: slow, for tests and for readers."""

import math

from okat.engine.access.problem import EARTH_KM, People, Venues, Zones


def reference(people: People, venues: Venues, zones: Zones) -> list[float]:
    """The score of each person. O(people x venues)."""
    ratios = []
    for j in range(len(venues)):
        competing = sum(people.demand[k] * _weight(_km(people, k, venues, j), zones) for k in range(len(people)))
        ratios.append(venues.seats[j] / competing if competing else 0.0)
    return [
        math.fsum(ratios[j] * _weight(_km(people, i, venues, j), zones) for j in range(len(venues)))
        for i in range(len(people))
    ]


def _weight(km: float, zones: Zones) -> float:
    return next((weight for reach, weight in zip(zones.km, zones.weight, strict=True) if km <= reach), 0.0)


def _km(people: People, i: int, venues: Venues, j: int) -> float:
    """Great-circle distance by the haversine formula (Sinnott 1984)."""
    lat_a, lat_b = math.radians(people.lat[i]), math.radians(venues.lat[j])
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(venues.lon[j] - people.lon[i]) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
