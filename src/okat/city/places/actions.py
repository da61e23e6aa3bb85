"""Writing areas: names and codes from the official list, boundaries from a file."""

import math
from collections.abc import Iterable
from typing import Any

from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.places.models import Area, Level
from okat.city.places.queries import KEPT
from okat.files.areas import AreasFileError, AreaShape
from okat.files.city import City, CityFolderError, read_rows

_LEVELS = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUBDISTRICT, 8: Level.COMMUNITY}
_NAMES = "geothai, CC BY 4.0"


@action
def load_areas(*, city: City, by: Any) -> str:
    """Province, districts and sub-districts by the official list, communities by the folder; safe to repeat."""
    points = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in _points(city)}
    kept = {area.code: area for area in Area.objects.all()}
    urban = set(city.words.get("urban", {}).get("subdistricts", []))
    made: dict[str, Area] = {}
    for code, parent, th, en, source in [*_official(city.province), *_communities(city)]:
        area = kept.get(code) or Area(code=code)
        area.level = _LEVELS.get(len(code), Level.COMMUNITY)
        area.parent, area.th, area.en, area.source = made.get(parent), th, en, source
        area.urban = code in urban or parent in urban
        if area.lat is None:
            area.lat, area.lon = _place(code, parent, points, made)
        made[code] = area.fill()
        if area._state.adding:
            area.save(force_insert=True)
    Area.objects.bulk_update(
        made.values(), ["level", "parent", "th", "en", "source", "urban", "lat", "lon", "path", "sort"], batch_size=500
    )
    audit.record(by=by, verb="places.load")
    forget(KEPT)
    return f"{len(made)} areas"


@action
def import_boundaries(*, shapes: Iterable[AreaShape], source: str, by: Any) -> tuple[int, list[str]]:
    """Give known areas their boundary and a true point. Returns how many, and the codes that are no area here.

    Raises AreasFileError where no code is known: nothing is written.
    """
    given = {shape.code: shape for shape in shapes}
    areas = list(Area.objects.filter(code__in=given))
    if not areas:
        raise AreasFileError(["none of these codes is an area of this city; load the city's folder first"])
    for area in areas:
        shape = given[area.code]
        area.boundary, area.lat, area.lon = shape.geometry, shape.lat, shape.lon
        area.source = f"{_NAMES}; boundary: {source}"[:300]
    Area.objects.bulk_update(areas, ["boundary", "lat", "lon", "source"], batch_size=50)
    _move_communities(areas)
    forget(KEPT)
    audit.record(by=by, verb="places.import_boundaries")
    return len(areas), sorted(set(given) - {area.code for area in areas})


def _move_communities(areas: list[Area]) -> None:
    """A community without a point of its own follows its sub-district."""
    parents = {area.pk: area for area in areas}
    children = list(Area.objects.filter(parent__in=parents, level=Level.COMMUNITY, boundary=None))
    for number, child in enumerate(children):
        parent = parents[child.parent_id or 0]
        child.lat, child.lon = _around((parent.lat or 0, parent.lon or 0), number + 1, 0.006)
    Area.objects.bulk_update(children, ["lat", "lon"], batch_size=500)


def _points(city: City) -> list[dict[str, str]]:
    path = city.folder / "district_points.csv"
    return read_rows(path, ("code", "lat", "lon")) if path.exists() else []


def _official(province: str) -> list[tuple[str, str, str, str, str]]:
    import geothai

    top = geothai.province(province)
    if top is None:
        raise CityFolderError(f"city.toml: {province} is not the code of a province.")
    rows = [(top.code, "", top.name_th, top.name_en, _NAMES)]
    for district in geothai.districts(province):
        rows.append((district.code, province, district.name_th, district.name_en, _NAMES))
        rows += [(s.code, district.code, s.name_th, s.name_en, _NAMES) for s in geothai.subdistricts(district.code)]
    return rows


def _communities(city: City) -> list[tuple[str, str, str, str, str]]:
    path = city.folder / "communities.csv"
    rows = read_rows(path, ("code", "subdistrict", "th")) if path.exists() else []
    return [(r["code"], r["subdistrict"], r["th"], r.get("en", ""), r.get("source", "")) for r in rows]


def _place(
    code: str, parent: str, points: dict[str, tuple[float, float]], made: dict[str, Area]
) -> tuple[float | None, float | None]:
    """A known point, else one beside the parent's so that labels do not lie on each other; None where none is known."""
    if code in points:
        return points[code]
    above = made.get(parent)
    if above is None or above.lat is None or above.lon is None:
        middle = list(points.values())
        return (
            (sum(p[0] for p in middle) / len(middle), sum(p[1] for p in middle) / len(middle))
            if middle
            else (None, None)
        )
    number = sum(1 for area in made.values() if area.parent is above) + 1
    return _around((above.lat, above.lon), number, 0.035 if len(code) == 6 else 0.006)


def _around(centre: tuple[float, float], number: int, step: float) -> tuple[float, float]:
    """The `number`-th point of a sunflower spiral with `step` degrees between neighbours (Vogel 1979)."""
    angle, radius = number * math.radians(137.508), step * math.sqrt(number)
    return round(centre[0] + radius * math.sin(angle), 5), round(centre[1] + radius * math.cos(angle), 5)
