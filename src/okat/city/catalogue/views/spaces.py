"""Learning spaces for everybody: libraries, temples, community centres, parks, open now and usable for whom."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from okat.city.catalogue.forms import SpaceForm
from okat.city.catalogue.queries import spaces as read
from okat.city.catalogue.queries.usable import abilities
from okat.city.catalogue.rules.spaces import SpaceLook, read_space_look
from okat.city.catalogue.views.access import ability_words, format_words, venue_chips
from okat.city.catalogue.views.words import distance_words
from okat.city.core import clock
from okat.city.core.access import public
from okat.city.core.show import Filter
from okat.city.core.templatetags.okat import words
from okat.city.partners.rules import DAYS, VENUE_KINDS, OpenNow, VenueKind
from okat.city.places import queries as places


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    look = read_space_look(request.GET)
    found = read.spaces(look, clock.now())
    asked = 0
    if (look.formats or look.usable) and not look.ask:
        asked = len(read.spaces(replace(look, ask=True), clock.now()))
    context = {
        "title": _told(look, found), "lines": [_line(one) for one in found], "filters": _filters(look),
        "form": SpaceForm(request.GET or None), "ask": asked, "ask_url": f"?{look.address(ask=True)}",
        "points": f"{reverse('catalogue:space-points')}?{look.address()}",
    }  # fmt: skip
    return render(request, "catalogue/spaces.html", context)


@public
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """The same places as GeoJSON."""
    found = read.spaces(read_space_look(request.GET), clock.now())
    features = [
        {
            "type": "Feature", "id": one.venue.pk, "geometry": {"type": "Point", "coordinates": list(where)},
            "properties": {"name": words(one.venue), "text": now_words(one.now)},
        }
        for one in found
        if (where := _where(one)) is not None
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _where(one: read.Space) -> tuple[float, float] | None:
    place: Any = one.venue if one.venue.lat is not None else one.area
    return None if place.lat is None or place.lon is None else (place.lon, place.lat)


def _told(look: SpaceLook, found: list[read.Space]) -> str:
    n = {"n": len(found)}
    if look.open:
        return ngettext("%(n)s learning space is open now", "%(n)s learning spaces are open now", len(found)) % n
    return ngettext("%(n)s learning space", "%(n)s learning spaces", len(found)) % n


def _line(one: read.Space) -> dict[str, Any]:
    return {
        "venue": one.venue, "kind": VENUE_KINDS[VenueKind(one.venue.kind)], "area": one.area,
        "now": now_words(one.now), "open": one.now.open, "chips": venue_chips(one.venue),
        "far": distance_words(one.km) if one.km is not None else "",
        "hours": [(label, ", ".join("-".join(span) for span in one.venue.opening[day])) for day, label in DAYS.items()
                  if one.venue.opening.get(day)],
    }  # fmt: skip


def now_words(now: OpenNow) -> str:
    if now.open:
        return _("open now, until %(time)s") % {"time": now.until}
    if now.day:
        return _("closed; opens on %(day)s at %(time)s") % {"day": DAYS[now.day], "time": now.opens}
    return _("hours are not known")


def _filters(look: SpaceLook) -> list[Filter]:
    found = [Filter(_("open now"), f"?{look.address(open=not look.open)}", look.open)]
    for kind, label in VENUE_KINDS.items():
        on = kind in look.kinds
        kinds = tuple(k for k in look.kinds if k != kind) if on else (*look.kinds, kind.value)
        if kind not in {VenueKind.OFFICE, VenueKind.OTHER} or on:
            found.append(Filter(str(label), f"?{look.address(kinds=kinds)}", on))
    for ability in abilities():
        on, code = ability.code in look.usable, ability.code
        if on or any(token.startswith("venue:") for clause in ability.clauses for token in clause):
            codes = tuple(c for c in look.usable if c != code) if on else (*look.usable, code)
            text = _("usable for %(whom)s") % {"whom": ability_words(code)}
            found.append(Filter(text, f"?{look.address(usable=codes)}", on))
    for code in look.formats:
        left = tuple(c for c in look.formats if c != code)
        found.append(Filter(format_words(code), f"?{look.address(formats=left)}", True))
    if look.ask:
        found.append(Filter(_("only those to ask about"), f"?{look.address(ask=False)}", True))
    named = {area.code: area for area in places.known().values() if area.code in (look.area, look.near)}
    if look.area in named:
        found.append(Filter(words(named[look.area]), f"?{look.address(area='')}", True))
    if look.near in named:
        text = _("near %(area)s") % {"area": words(named[look.near])}
        found.append(Filter(text, f"?{look.address(near='')}", True))
    return found
