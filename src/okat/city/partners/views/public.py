"""What anybody may see of the network."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from okat.city.core.access import public
from okat.city.partners import queries
from okat.city.partners.rules import DAYS
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import Stage


@public
@require_GET
def network(request: HttpRequest) -> HttpResponse:
    """Partners, what they share, what is used of it, what they look for, what they signed."""
    return render(
        request,
        "partners/network.html",
        {
            "partners": queries.network(), "use": queries.use_by_resource(), "wanted": queries.wanted()[:50],
            "memoranda": queries.memoranda(),
        },
    )  # fmt: skip


@public
@require_GET
def partner(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.partner_called(code)
    if found is None:
        raise Http404
    return render(
        request,
        "partners/partner.html",
        {
            "partner": found, "venues": queries.venues_of(found), "contributions": queries.contributions_of(found),
            "unused": queries.unused_of(found),
            "memoranda": queries.memoranda().filter(partners=found), "days": DAYS,
            "features": city_words().at(Stage.VENUE),
        },
    )  # fmt: skip
