"""Areas for forms and maps; nobody's data."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from okat.city.core.access import public
from okat.city.places import queries
from okat.city.places.models import Level


@public
@require_GET
@cache_control(public=True, max_age=300)
def layer(request: HttpRequest, level: str) -> JsonResponse:
    wish = level if level in Level.values else Level.SUBDISTRICT
    return JsonResponse(queries.layer(wish), content_type="application/geo+json")


@public
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Options while somebody types the name of a place (htmx); the same search serves forms without scripts."""
    return render(
        request, "places/options.html", {"areas": queries.search(request.GET.get("q") or request.GET.get("where", ""))}
    )
