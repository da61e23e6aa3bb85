"""The peer of the search benchmark: each look as one statement, written by hand."""

from typing import Any

# A condition by the look's field that sets it; the names are those of the parameters.
CONDITIONS = {
    "kinds": "o.kind = any(%(kinds)s)",
    "needs": "o.need_codes && %(needs)s::varchar[]",
    "slots": "o.slots && %(slots)s::varchar[]",
    "partner": "p.code = %(partner)s",
    "free": "o.cost = 0",
    "no_papers": "not o.needs_papers",
    "places": "(o.capacity is null or o.seats_taken < o.capacity)",
    "open_on": "(o.opens_on is null or o.opens_on <= %(open_on)s)",
    "area": "a.path like %(inside)s",
    "levels": "o.level = any(%(levels)s)",
    "hours": "o.hours <= %(hours)s",
    "credits": "o.credits > 0",
    "within": "(o.online or o.lat between %(south)s and %(north)s and o.lon between %(west)s and %(east)s)",
    "starts_from": "(o.starts_on between %(starts_from)s and %(starts_to)s or exists (select from catalogue_session s"
    " where s.opportunity_id = o.id and (s.start at time zone 'Asia/Bangkok')::date"
    " between %(starts_from)s and %(starts_to)s))",
}
KM = (
    "6371.0088 * acos(least(sin(radians(o.lat)) * sin(radians(%(lat)s)) + cos(radians(o.lat)) * cos(radians(%(lat)s))"
    " * cos(radians(o.lon) - radians(%(lon)s)), 1))"
)
TABLES = (
    "select o.id, o.title_th, o.title_en, o.summary_th, p.th, a.th from catalogue_opportunity o"
    " join partners_partner p on p.id = o.provider_id join places_area a on a.id = o.area_id"
)


def statement(look: Any, found: Any, levels: list[tuple[Any, str]], today: Any) -> tuple[str, dict[str, Any]]:
    """SQL and parameters of a look; `levels` are the grades and words by which its page was found."""
    from okat.city.catalogue.queries import usable
    from okat.city.catalogue.queries.search import KM_PER_DEGREE
    from okat.city.catalogue.rules import FAMILIES, Family

    kinds = [*look.kinds, *(kind.value for family in look.families for kind in FAMILIES[Family(family)])]
    given: dict[str, Any] = {
        "kinds": kinds, "needs": list(look.needs), "slots": list(look.slots), "partner": look.partner, "day": today,
        "inside": _inside(look.area), "open_on": look.open_on, "starts_from": look.starts_from,
        "starts_to": look.starts_to, "levels": list(look.levels), "hours": look.hours,
    }  # fmt: skip
    where = ["o.status = 'published'", "(o.closes_on is null or o.closes_on >= %(day)s)"]
    where += [text for name, text in CONDITIONS.items() if (kinds if name == "kinds" else getattr(look, name))]
    order = ["o.published_at desc", "o.id"]
    for number, clause in enumerate(usable.demand(look.formats, look.usable)):
        given[f"clause{number}"] = sorted(clause)
        where.append(f"o.usable && %(clause{number})s::varchar[]")
    if found.near is not None:
        given |= _box(found.near, look.within / KM_PER_DEGREE)
        order = [f"{KM} nulls last", *order]
    if levels:
        given["words"] = " | ".join(dict.fromkeys(literal for _grade, literal in levels))
        where.append("o.search @@ %(words)s::tsquery")
        order = _order(levels, given, near=found.near is not None)
    return f"{TABLES} where {' and '.join(where)} order by {', '.join(order)} limit 21", given


def _inside(code: str) -> str:
    from okat.city.places.models import Area

    return f"{Area.objects.get(code=code).path}%" if code else ""


def _order(levels: list[tuple[Any, str]], given: dict[str, Any], *, near: bool) -> list[str]:
    for number, (_grade, literal) in enumerate(levels):
        given[f"level{number}"] = literal
    better = [f"when o.search @@ %(level{n})s::tsquery then {n}" for n in range(len(levels) - 1)]
    grade = [f"case {' '.join(better)} else {len(levels)} end"] if better else []
    free = f"case when {CONDITIONS['places']} then 1.5 else 1 end"
    rank = f"ts_rank('{{0.1, 0.2, 0.4, 1.0}}', o.search, %(words)s::tsquery) * {free} desc"
    return [*grade, f"{KM} nulls last", rank, "o.id"] if near else [*grade, rank, "o.published_at desc", "o.id"]


def _box(near: Any, up: float) -> dict[str, float]:
    import math

    across = up / max(0.01, math.cos(math.radians(near.lat)))
    return {
        "lat": near.lat, "lon": near.lon, "south": near.lat - up, "north": near.lat + up, "west": near.lon - across,
        "east": near.lon + across,
    }  # fmt: skip
