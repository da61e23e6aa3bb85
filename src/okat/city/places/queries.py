"""Finding areas."""

from django.db.models import QuerySet

from okat.city.core import kept
from okat.city.places.models import Area, Level
from okat.thai.text import fold, normalise

KEPT = "places"


def known() -> dict[int, Area]:
    """Every area by its id, each with its parents; without boundaries."""
    return kept.value(KEPT, _read)


def _read() -> dict[int, Area]:
    rows = {area.pk: area for area in Area.objects.defer("boundary")}
    for area in rows.values():
        area.parent = rows.get(area.parent_id or 0)
    return rows


def search(text: str, limit: int = 12) -> list[Area]:
    """Areas whose Thai or English name begins with or holds the text, the most specific first."""
    plain = normalise(text).removeprefix("ตำบล").removeprefix("ต.").removeprefix("ชุมชน").strip()
    if not plain:
        return []
    found = Area.objects.filter(th__contains=plain) | Area.objects.filter(en__icontains=plain)
    ranked = found.select_related("parent__parent").order_by("sort")[:200]
    level = {Level.COMMUNITY: 0, Level.SUBDISTRICT: 1, Level.DISTRICT: 2, Level.PROVINCE: 3}
    return sorted(ranked, key=lambda a: (not a.th.endswith(plain), level[Level(a.level)]))[:limit]


def area_called(code: str) -> Area | None:
    return Area.objects.filter(code=code).first()


def subdistricts() -> QuerySet[Area]:
    return Area.objects.filter(level=Level.SUBDISTRICT).select_related("parent")


def layer(level: str = Level.SUBDISTRICT) -> dict[str, object]:
    """The areas of one level as a GeoJSON FeatureCollection: boundaries where known, else labelled points."""
    return kept.value(f"{KEPT}:{level}", lambda: _layer(level))


def _layer(level: str) -> dict[str, object]:
    rows = Area.objects.filter(level=level).exclude(lat=None).only("code", "th", "en", "lat", "lon", "boundary")
    return {"type": "FeatureCollection", "features": [_feature(area) for area in rows]}


def _feature(area: Area) -> dict[str, object]:
    point = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {
        "type": "Feature", "id": area.pk, "geometry": area.boundary or point,
        "properties": {"code": area.code, "th": area.th, "en": area.en, "label_lon": area.lon, "label_lat": area.lat},
    }  # fmt: skip


_PREFIXES = {
    "province": ("จังหวัด", "จ."), "district": ("อำเภอ", "อ.", "เขต"), "subdistrict": ("ตำบล", "ต.", "แขวง"),
    "community": ("ชุมชน", "หมู่บ้าน"),
}  # fmt: skip
_SEAT = "เมือง"


def wordings(area: Area) -> frozenset[str]:
    """Every way in which files write the name of an area, folded: with and without the word for its level, in both
    languages, and the district of the province's seat as people say it (เมือง)."""
    names = {area.th, area.en}
    for prefix in _PREFIXES.get(area.level, ()):
        names |= {area.th.removeprefix(prefix).strip(), f"{prefix}{area.th.removeprefix(prefix).strip()}"}
    seat = area.level == Level.DISTRICT and area.th.startswith(_SEAT)  # of others the parent is not asked for
    if seat and area.parent is not None and area.th == f"{_SEAT}{area.parent.th}":
        names |= {_SEAT, *(f"{prefix}{_SEAT}" for prefix in _PREFIXES["district"])}
    return frozenset(folded for name in names if (folded := fold(name)))
