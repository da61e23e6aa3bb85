"""Enhanced two-step floating catchment area with free places.

Source: Luo W., Qi Y. (2009), "An enhanced two-step floating catchment area (E2SFCA) method for measuring spatial
accessibility to primary care physicians", Health & Place 15(4):1100-1107.

    step 1, venue j:   ratio_j = seats_j / sum over people k of  demand_k * w(d_kj)
    step 2, person i:  score_i = sum over venues j of            ratio_j  * w(d_ij)

w is the weight of the zone in which the great-circle distance lies. A score says how many free places there are for
each person who competes for them. Both steps need the same weights, so each venue is looked at once: O(candidates)
time and O(people + venues) memory; the table of people x venues never exists.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from okat.engine.access.problem import EARTH_KM, Floats, People, Venues, Zones


@dataclass(frozen=True)
class Access:
    """`score` float64[n]: free places per person; `reached` float64[m]: weighted demand around each venue;
    `ratio` float64[m]: its seats for each of them, 0 where nobody reaches it."""

    score: Floats
    reached: Floats
    ratio: Floats


def scores(people: People, venues: Venues, zones: Zones) -> Access:
    """The scores of all people, in the order given."""
    # The index: people by latitude. Whoever is within reach is within as many degrees of latitude.
    order = np.argsort(people.lat, kind="stable")
    lat, demand = people.lat[order], people.demand[order]
    across = np.degrees(zones.reach_km / EARTH_KM) * (1 + 1e-9)
    first = np.searchsorted(lat, venues.lat - across, "left")
    last = np.searchsorted(lat, venues.lat + across, "right")
    here, there = _on_sphere(lat, people.lon[order]), _on_sphere(venues.lat, venues.lon)
    # Chords rise with arcs: squared chords are compared, and no pair costs a sine.
    limits = 4 * np.sin(np.array(zones.km) / (2 * EARTH_KM)) ** 2
    weight = np.array([*zones.weight, 0.0])
    sorted_score = np.zeros(len(people))
    reached, ratio = np.zeros(len(venues)), np.zeros(len(venues))
    for j in range(len(venues)):
        band = slice(first[j], last[j])
        near, zone = _near(here[:, band], there[:, j], limits)
        if len(near) == 0:
            continue
        counts = weight[zone]
        reached[j] = np.sum(demand[band][near] * counts)  # not `@`: its threads cost more than the sum
        if reached[j] > 0:
            ratio[j] = venues.seats[j] / reached[j]
            sorted_score[band][near] += ratio[j] * counts
    score = np.empty(len(people))
    score[order] = sorted_score
    return Access(score, reached, ratio)


def _near(band: Floats, venue: Floats, limits: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int8]]:
    """Who of the band is within reach, by position, and in which zone each of them is."""
    chord = np.square(band[0] - venue[0])
    chord += np.square(band[1] - venue[1])
    chord += np.square(band[2] - venue[2])
    near = np.flatnonzero(chord <= limits[-1])
    chord = chord[near]
    zone = np.zeros(len(near), np.int8)
    for limit in limits[:-1]:
        zone += chord > limit
    return near, zone


def _on_sphere(lat: Floats, lon: Floats) -> Floats:
    """float64[3, n]: points of the unit sphere."""
    up, east = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(up) * np.cos(east), np.cos(up) * np.sin(east), np.sin(up)])
