"""Free places within reach: for everybody from where they are, and for the city team by area."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from okat.city.catalogue.forms import AccessForm, ReachForm
from okat.city.catalogue.queries import reach as read
from okat.city.catalogue.rules.look import Look, read_look
from okat.city.catalogue.rules.reach import AreaFigures, Place, Reached, reached
from okat.city.catalogue.solve import hushed
from okat.city.catalogue.solve import reach as solve
from okat.city.catalogue.views.narrow import narrowing
from okat.city.catalogue.views.words import distance_words
from okat.city.core.access import public, staff
from okat.city.core.csvfile import csv_file, dated
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import counted_on, words
from okat.city.places.models import Area

SHOWN = 100


def _here(look: Look) -> Area | None:
    return read.by_code().get(look.near) if look.near else None


def _point(area: Area | None) -> tuple[float, float] | None:
    return None if area is None or area.lat is None or area.lon is None else (area.lat, area.lon)


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Places with what is free and usable there, the nearest first; from where one is stands in the address alone."""
    look = read_look(request.GET)
    free, here = read.free(look, hushed()), _here(look)
    found = reached(free.places, _point(here), look.minutes)
    areas = read.by_code()
    context = {
        "title": _told(found, look, here), "lines": [_line(one, look, areas) for one in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN), "free": free, "home": _home(free, look),
        "filters": narrowing(look, here), "form": ReachForm(request.GET or None),
        "points": f"{reverse('catalogue:points')}?{look.address()}", "list": _list(look),
    }  # fmt: skip
    return render(request, "catalogue/reach.html", context)


def _told(found: list[Reached], look: Look, here: Area | None) -> str:
    seats = sum(one.place.seats for one in found)
    said = ngettext("%(seats)s free place", "%(seats)s free places", seats) % {"seats": f"{seats:,}"}
    where = ngettext("%(n)s place to go to", "%(n)s places to go to", len(found)) % {"n": len(found)}
    said = _("%(seats)s at %(places)s") % {"seats": said, "places": where}
    if here is not None and look.minutes:
        return _("%(said)s within %(minutes)s minutes of %(area)s") % {
            "said": said, "minutes": look.minutes, "area": words(here),
        }  # fmt: skip
    return said


def _line(one: Reached, look: Look, areas: Any) -> dict[str, Any]:
    place = one.place
    return {
        "place": place, "area": areas.get(place.area), "far": distance_words(one.km) if one.km is not None else "",
        "seats": seats_words(place), "url": place_url(look, place.key, place.area),
        "offers": ngettext("%(n)s opportunity", "%(n)s opportunities", place.offers) % {"n": place.offers},
    }  # fmt: skip


def seats_words(place: Place) -> str:
    seats, unlimited = place.seats, place.unlimited
    if place.some:
        told = ngettext("%(n)s place left", "%(n)s places left", seats) % {"n": seats}
        return _("%(places)s, and more that is not counted here") % {"places": told} if seats else _("some left")
    if unlimited:
        return _("no limit of places") if not seats else _("%(n)s places left, and more without a limit") % {"n": seats}
    return ngettext("%(n)s place left", "%(n)s places left", seats) % {"n": seats}


def place_url(look: Look, key: str, area: str) -> str:
    """The list of what is free there."""
    venue = key.removeprefix("venue-") if key.startswith("venue-") else ""
    where = {"venue": venue} if venue else {"area": area}
    return f"{reverse('catalogue:search')}?{look.address(places=True, **where)}"


def _list(look: Look) -> str:
    return f"{reverse('catalogue:search')}?{look.address(places=True)}"


def _home(free: read.Free, look: Look) -> dict[str, Any]:
    if not free.online:
        return {}
    said = ngettext("%(n)s opportunity is online", "%(n)s opportunities are online", free.online) % {"n": free.online}
    return {"text": said, "url": f"{reverse('catalogue:search')}?{look.address(online=True, places=True)}"}


@public
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """The same places as GeoJSON, over the areas shaded by their free places."""
    look = read_look(request.GET)
    found = reached(read.free(look, hushed()).places, _point(_here(look)), look.minutes)
    features = [*_areas(found), *(_feature(one, look) for one in found if one.place.lat is not None)]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _feature(one: Reached, look: Look) -> dict[str, Any]:
    place = one.place
    text = " · ".join(filter(None, (
        seats_words(place), distance_words(one.km) if one.km is not None else "",
    )))  # fmt: skip
    return {
        "type": "Feature", "id": place.key, "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": {"name": words(place), "text": text, "seats": place.seats, "offers": place.offers,
                       "url": place_url(look, place.key, place.area)},
    }  # fmt: skip


def _areas(found: list[Reached]) -> list[dict[str, Any]]:
    seats: dict[str, int] = {}
    for one in found:
        seats[one.place.area] = seats.get(one.place.area, 0) + one.place.seats
    most = max(seats.values(), default=0) or 1
    layer: Any = read.layer()
    return [
        {**area, "properties": {**area["properties"], "name": area["properties"]["th"],
                                "share": seats.get(area["properties"]["code"], 0) / most}}
        for area in layer["features"]
        if area["geometry"]["type"] != "Point"
    ]  # fmt: skip


@staff(Permission.SEE_GAPS)
@require_GET
def by_area(request: HttpRequest) -> HttpResponse:
    """How many free places there are for those who look, by sub-district; with `as=csv` as a table."""
    look = read_look(request.GET)
    need = look.needs[0] if look.needs else ""
    wanted = replace(look, needs=read.narrower(need))
    day, people = read.looking(need)
    rows = solve.figures(read.free(wanted, hushed()).places, people, read.by_code())
    if request.GET.get("as") == "csv":
        return _csv(rows, day)
    shown = [row for row in rows if row.per_hundred is not None]
    worst = sorted(shown, key=lambda row: (row.per_hundred or 0, -(row.people or 0), row.code))
    rest = [row for row in rows if row.per_hundred is None]
    none = sum(1 for row in shown if row.per_hundred == 0)
    context = {
        "title": _("People are not counted yet") if day is None else ngettext(
            "In %(n)s of %(all)s sub-districts those who look reach no free place",
            "In %(n)s of %(all)s sub-districts those who look reach no free place", none,
        ) % {"n": none, "all": len(shown)},
        "table": _table([*worst, *rest], f"?{look.address()}&as=csv", day), "form": AccessForm(request.GET or None),
        "zones": _zones_words(), "rows": rows, "day": day, "filters": [one for one in narrowing(look, None) if one.on],
    }  # fmt: skip
    return render(request, "catalogue/by_area.html", context)


def _zones_words() -> str:
    rings = solve.zones()
    return ", ".join(
        _("up to %(km)s km: %(weight)s") % {"km": f"{km:g}", "weight": f"{weight:g}"}
        for km, weight in zip(rings.km, rings.weight, strict=True)
    )


def _table(rows: list[AreaFigures], url: str, day: dt.date | None) -> Table:
    columns = [
        Column(_("Sub-district")), Column(_("People who look"), True), Column(_("Free places there"), True),
        Column(_("Free places within reach, for 100 who look"), True), Column(_("People who reach none"), True),
    ]  # fmt: skip
    areas = read.by_code()
    cells = [
        [
            Cell(words(areas[row.code]), note=words(areas[row.code].parent)), _held(row.people, row, day), row.seats,
            "–" if row.per_hundred is None else f"{row.per_hundred:.1f}", _held(row.without, row, day),
        ]
        for row in rows
    ]  # fmt: skip
    return Table(columns, cells, csv_url=url)


def _held(value: int | None, row: AreaFigures, day: dt.date | None) -> str:
    if value is not None:
        return str(value)
    if day is None:
        return counted_on(day)
    return _("under ten") if row.people is None else "–"


def _csv(rows: list[AreaFigures], day: dt.date | None) -> HttpResponse:
    """Empty: held back. Free places are of today, people of `day`."""
    head = ("area_code", "area_th", "people", "free_places", "free_places_per_100", "people_without")
    areas = read.by_code()
    figures = ((row.code, areas[row.code].th, row.people, row.seats, row.per_hundred, row.without) for row in rows)
    return csv_file("okat-free-places.csv", dated(head, figures, day, "people_counted_on"))
