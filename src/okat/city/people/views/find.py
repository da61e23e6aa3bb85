"""Search first, and possible duplicates of what is typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.limits import limited
from okat.city.core.permissions import Permission
from okat.city.people import queries, rules
from okat.city.people.queries import pages
from okat.city.people.queries.search import LIMIT
from okat.city.people.views.alike import resembling
from okat.city.people.views.shared import user_of

SEEKS = (Permission.SEARCH_PEOPLE, Permission.SEE_PERSON, Permission.PIN_PERSON)


@staff(*SEEKS)
@limited("people-search", limit=300, seconds=300, methods=("GET",))
@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One box; without a wish, whom one wanted to see again. There is no list of people to browse."""
    wish, user = request.GET.get("q", "").strip()[:200], user_of(request)
    found = queries.search(user, wish) if wish else []
    values = {
        "q": wish, "lines": [(person, rules.age_of(person.birth, clock.today())) for person in found],
        "due": [] if wish else pages.visits_due(user), "many": len(found) == LIMIT,
    }  # fmt: skip
    return render(request, "people/search.html", values)


@staff(Permission.PIN_PERSON)
@limited("people-alike", limit=600, seconds=300)
@never_cache
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Possible duplicates while somebody types. By POST, so that no name or number ends in a log of addresses."""
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in ("given", "family", "nickname", "sex")}
    typed |= {name: request.POST.get(name, "") for name in ("phone", "birth", "pin")}
    return render(request, "people/alike.html", {"alike": resembling(user_of(request), typed), "asked": False})
