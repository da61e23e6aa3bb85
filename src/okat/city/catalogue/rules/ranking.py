"""The published formula by which what fits is ordered: at most 100 points, each part said on the page.

    needs     40   the share of the person's open needs that it helps with; 20 where no need is known
    way       30   online, or at the person's home; else 30 at the door, falling to 0 at 30 km; 10 where unknown
    access    20   the share of the conditions that hold for the person to use it; what rules it out is not listed
    times     10   when the person can come; 5 where that is not known

Places that are full stand behind all that have places. Equal points: what closes first, then the title's order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from okat.city.catalogue.rules.access import Clause, Sides, Usable, judge

NEEDS, WAY, ACCESS, TIMES = 40, 30, 20, 10
FAR_KM = 30.0
EARTH_KM = 6371.0088
AT_HOME = frozenset({"session:online", "session:home-visit"})


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of the one who asks, as far as the order goes. `demand`: what must hold for
    them to take part (rules.access)."""

    needs: frozenset[str] = frozenset()
    lat: float | None = None
    lon: float | None = None
    demand: tuple[Clause, ...] = ()
    slots: frozenset[str] = frozenset()


class Points(NamedTuple):
    """The parts of the sum, and the distance in kilometres as the crow flies (None: unknown or no way to go)."""

    needs: int
    way: int
    access: int
    times: int
    km: float | None

    @property
    def total(self) -> int:
        return self.needs + self.way + self.access + self.times


class Use(NamedTuple):
    """Whether one who asks can use it, the clauses to ask about or those that rule it out, and what that counts."""

    usable: Usable
    clauses: tuple[Clause, ...]
    points: int
    at_home: bool


class Scale:
    """The formula for one who asks. Thousands of opportunities share few needs, answers and places: each part is
    worked out once. `above` gives each need with those above it."""

    def __init__(self, asker: Asker, above: Mapping[str, frozenset[str]]) -> None:
        self.asker, self.above = asker, above
        self._met: dict[str, int] = {}
        self._uses: dict[str, Use] = {}
        self._times: dict[str, int] = {}
        self._km: dict[tuple[float | None, float | None], float | None] = {}

    def points(
        self, needs: Sequence[str], use: Use, slots: Sequence[str], lat: float | None,
        lon: float | None, *, online: bool,
    ) -> Points:  # fmt: skip
        """How well one opportunity suits."""
        key = "|".join(needs)
        if (met := self._met.get(key)) is None:
            met = self._met[key] = self._needs(needs)
        key = "|".join(slots)
        if (times := self._times.get(key)) is None:
            times = self._times[key] = self._slots(frozenset(slots))
        where = (lat, lon)
        if where not in self._km:
            self._km[where] = self._way(lat, lon)
        km = self._km[where]
        return Points(met, _reach(km, at_home=online or use.at_home), use.points, times, None if online else km)

    def use(self, usable: Sequence[str], barred: Sequence[str]) -> Use:
        """Whether the one who asks can take part at all."""
        key = f"{'|'.join(usable)}!{'|'.join(barred)}"
        if (found := self._uses.get(key)) is None:
            found = self._uses[key] = self._use(Sides(frozenset(usable), frozenset(barred)))
        return found

    def _needs(self, needs: Sequence[str]) -> int:
        if not self.asker.needs:
            return NEEDS // 2
        helped = {code for need in needs for code in self.above.get(need, (need,))}
        return round(NEEDS * len(self.asker.needs & helped) / len(self.asker.needs))

    def _use(self, known: Sides) -> Use:
        verdict, clauses = judge(self.asker.demand, known)
        size = len(self.asker.demand)
        met = size - len(clauses) if size else 1
        return Use(verdict, clauses, round(ACCESS * met / (size or 1)), bool(known.usable & AT_HOME))

    def _slots(self, when: frozenset[str]) -> int:
        if not self.asker.slots or not when:
            return TIMES // 2
        return TIMES if when & self.asker.slots else 0

    def _way(self, lat: float | None, lon: float | None) -> float | None:
        if self.asker.lat is None or self.asker.lon is None or lat is None or lon is None:
            return None
        return distance_km(self.asker.lat, self.asker.lon, lat, lon)


def _reach(km: float | None, *, at_home: bool) -> int:
    if at_home:
        return WAY
    return WAY // 3 if km is None else round(WAY * max(0.0, 1 - km / FAR_KM))


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance by the haversine formula (Sinnott 1984)."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
