"""Finding areas."""

from django.core.cache import cache
from django.db.models import QuerySet

from okat.city.places.models import Area, Level
from okat.thai.text import normalise


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
    key = f"layer:{level}"
    kept: dict[str, object] | None = cache.get(key)
    if kept is None:
        rows = Area.objects.filter(level=level).exclude(lat=None).only("code", "th", "en", "lat", "lon", "boundary")
        kept = {"type": "FeatureCollection", "features": [_feature(area) for area in rows]}
        cache.set(key, kept, 60)
    return kept


def _feature(area: Area) -> dict[str, object]:
    point = {"type": "Point", "coordinates": [area.lon, area.lat]}
    return {
        "type": "Feature", "id": area.pk, "geometry": area.boundary or point,
        "properties": {"code": area.code, "th": area.th, "en": area.en, "label_lon": area.lon, "label_lat": area.lat},
    }  # fmt: skip
