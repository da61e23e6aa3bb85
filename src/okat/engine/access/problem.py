"""What is asked: where people are, where free places are, and how far is how good."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from okat.engine.errors import ProblemError

Floats = npt.NDArray[np.float64]
EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG), kilometres."""


class AccessError(ProblemError):
    """`code` names the fault; `where` the array, `row` its first bad row (-1: the array as a whole)."""

    def __init__(self, code: str, where: str, row: int, mend: str) -> None:
        self.code, self.where, self.row = code, where, row
        at = f", row {row}" if row >= 0 else ""
        super().__init__(f"{where}{at}: {code}. {mend}.")


@dataclass(frozen=True)
class People:
    """`lat`, `lon` float64[n], degrees (WGS 84); `demand` float64[n]: how many people stand there, 0 or more.

    Raises `AccessError` for arrays of different lengths, and for values that are not such numbers."""

    lat: Floats
    lon: Floats
    demand: Floats

    def __post_init__(self) -> None:
        _clean(self, "demand")

    def __len__(self) -> int:
        return len(self.lat)


@dataclass(frozen=True)
class Venues:
    """`lat`, `lon` float64[m], degrees (WGS 84); `seats` float64[m]: places that are still free, 0 or more.

    Raises `AccessError` as `People` does."""

    lat: Floats
    lon: Floats
    seats: Floats

    def __post_init__(self) -> None:
        _clean(self, "seats")

    def __len__(self) -> int:
        return len(self.lat)


@dataclass(frozen=True)
class Zones:
    """Rings around a venue: up to `km[z]` (included) a place counts `weight[z]`; beyond the last, nothing.

    Raises `AccessError` unless distances rise and weights, above 0 and at most 1, do not."""

    km: tuple[float, ...]
    weight: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.km or len(self.km) != len(self.weight):
            raise AccessError("length", "zones", -1, "Give one weight for each distance, and at least one of each")
        if not all(low < high for low, high in zip((0.0, *self.km), (*self.km, 1000.0), strict=False)):
            raise AccessError("distance", "zones", -1, "Give rising distances between 0 and 1,000 km")
        if not all(0 < low <= high for high, low in zip((1.0, *self.weight), self.weight, strict=False)):
            raise AccessError("weight", "zones", -1, "Give weights above 0, at most 1, none above the one before it")

    @property
    def reach_km(self) -> float:
        return self.km[-1]


LEAST = 1e-6
"""A demand below this is no person, and dividing by it would leave the range of numbers."""

LUO_QI = (1.0, 0.68, 0.22)
"""The published weights of three zones (Luo & Qi 2009, fast decay)."""


def _clean(given: People | Venues, amount: str) -> None:
    """Arrays of one length, as float64, each value within its range."""
    ranges = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0), amount: (0.0, 1e12)}
    length = len(given.lat)
    for field in fields(given):
        where = f"{type(given).__name__.lower()}.{field.name}"
        values = np.ascontiguousarray(getattr(given, field.name), dtype=np.float64)
        if values.ndim != 1 or len(values) != length:
            raise AccessError("length", where, -1, f"Give one number for each of the {length} rows")
        low, high = ranges[field.name]
        bad = ~((values >= low) & (values <= high))  # also what is not a number
        if field.name == amount:
            bad |= (values > 0) & (values < LEAST)
        if bad.any():
            more = f", and none between 0 and {LEAST:g}" if field.name == amount else ""
            raise AccessError("range", where, int(bad.argmax()), f"Give a number from {low:g} to {high:g}{more}")
        object.__setattr__(given, field.name, values)
