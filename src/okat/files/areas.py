"""Boundaries as GeoJSON (RFC 7946), with the attribute names of the humanitarian COD-AB sets or our own plain ones."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from okat.thai.areas import parse_area_code
from okat.thai.errors import ThaiValueError

MAX_BYTES = 200 * 1024 * 1024
# (code, Thai name, English name), most specific level first: a COD-AB row carries all levels above it too.
_NAMES = (
    ("ADM3_PCODE", "ADM3_TH", "ADM3_EN"),
    ("ADM2_PCODE", "ADM2_TH", "ADM2_EN"),
    ("ADM1_PCODE", "ADM1_TH", "ADM1_EN"),
    ("code", "name_th", "name_en"),
)
_BOX = (5.0, 97.0, 21.0, 106.0)  # south, west, north, east of Thailand, with a margin


class AreasFileError(Exception):
    """The file cannot be used; each problem says where it is and how to mend it. Nothing was imported."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class AreaShape:
    """One area: official code, names, a GeoJSON Polygon or MultiPolygon, and a point inside (degrees, WGS 84)."""

    code: str
    th: str
    en: str
    geometry: dict[str, Any]
    lat: float
    lon: float


def read_areas(data: bytes) -> list[AreaShape]:
    """All features of a FeatureCollection, or AreasFileError with every problem found."""
    features = _features(data)
    shapes: list[AreaShape] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, feature in enumerate(features, 1):
        try:
            shape = _shape(feature)
            if shape.code in seen:
                raise ValueError(f"code {shape.code} stands twice; keep one")
            seen.add(shape.code)
            shapes.append(shape)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            problems.append(f"feature {number}: {error}")
    if problems:
        raise AreasFileError(problems)
    return shapes


def _features(data: bytes) -> list[Any]:
    if len(data) > MAX_BYTES:
        raise AreasFileError([f"the file is larger than {MAX_BYTES // 2**20} MB; simplify the boundaries first"])
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise AreasFileError([f"not GeoJSON in UTF-8: {error}"]) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise AreasFileError(["a FeatureCollection with at least one feature is needed"])
    return features


def _shape(feature: dict[str, Any]) -> AreaShape:
    code, th, en = _names(feature["properties"])
    geometry = feature["geometry"]
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"{geometry['type']} is not an area; Polygon or MultiPolygon is needed")
    rings = list(_rings(geometry))
    for ring in rings:
        _check_ring(ring)
    lat, lon = _inside(geometry)
    return AreaShape(code, th, en, {"type": geometry["type"], "coordinates": geometry["coordinates"]}, lat, lon)


def _names(properties: dict[str, Any]) -> tuple[str, str, str]:
    given = {str(key).casefold(): value for key, value in properties.items()}
    for code, th, en in _NAMES:
        if value := given.get(code.casefold()):
            try:
                plain = parse_area_code(value).code
            except ThaiValueError as error:
                raise ValueError(error.message("en")) from error
            return plain, str(given.get(th.casefold()) or ""), str(given.get(en.casefold()) or "")
    wanted = ", ".join(names[0] for names in _NAMES)
    raise ValueError(f"no official code; one of these properties is needed: {wanted}")


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def _check_ring(ring: list[list[float]]) -> None:
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("a ring must have four positions or more and end where it began (RFC 7946, 3.1.6)")
    south, west, north, east = _BOX
    for lon, lat, *_ in ring:
        if south <= lon <= north and west <= lat <= east:
            raise ValueError(f"longitude and latitude are swapped near {lon}, {lat}")
        if not (west <= lon <= east and south <= lat <= north):
            raise ValueError(f"{lon}, {lat} is not in Thailand; WGS 84 degrees are needed, not metres")


def _inside(geometry: dict[str, Any]) -> tuple[float, float]:
    """A point inside the largest ring: the middle of its widest chord at half height (labels must not float off)."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    ring = max((polygon[0] for polygon in polygons), key=lambda r: abs(_twice_area(r)))
    lats = sorted({lat for _, lat, *_ in ring})
    middle = (lats[0] + lats[-1]) / 2
    if middle in lats:  # never run exactly through a corner
        middle += (lats[-1] - lats[0]) * 1e-6
    crossings = sorted(
        lon1 + (middle - lat1) * (lon2 - lon1) / (lat2 - lat1)
        for (lon1, lat1, *_), (lon2, lat2, *_) in itertools.pairwise(ring)
        if (lat1 > middle) != (lat2 > middle)
    )
    chords = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not chords:
        raise ValueError("the area has no inside")
    left, right = max(chords, key=lambda chord: chord[1] - chord[0])
    return middle, (left + right) / 2


def _twice_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
