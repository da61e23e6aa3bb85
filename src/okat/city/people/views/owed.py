"""Work that stands with the team: visits that are due, and partners for which nobody works."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.core.access import staff
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.people import queries
from okat.city.people.queries import grown as of_age
from okat.city.people.queries import pages, team
from okat.city.people.views.shared import user_of

PAGE = 50


@staff(Permission.PIN_PERSON)
@never_cache
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """Everybody whom the user, or somebody of the team who is gone or away, wanted to see again by today."""
    rows = pages.due_to(user_of(request)).select_related("person__area")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    queries.note_list(user_of(request), [visit.person for visit in page.object_list])
    numbers = queries.numbers_for(user_of(request), [visit.person for visit in page.object_list])
    listed = [
        (visit.person.full_name, numbers[visit.person_id], visit.person.area, visit.next_on,
         reverse("people:person", args=[visit.person_id]))
        for visit in page.object_list
    ]  # fmt: skip
    return render(request, "people/visits.html", {"page": page, "rows": listed})


@staff(Permission.RECORD_CONSENT)
@never_cache
@require_GET
def grown(request: HttpRequest) -> HttpResponse:
    """People who turned twenty: each is asked what they allow themselves."""
    page = Paginator(of_age.to_ask(user_of(request)), PAGE).get_page(request.GET.get("page"))
    queries.note_list(user_of(request), page.object_list)
    rows = [(person, of_age.until(person)) for person in page.object_list]
    numbers = queries.numbers_for(user_of(request), page.object_list)
    return render(request, "people/grown.html", {"page": page, "rows": rows, "numbers": numbers})


@staff(Permission.RECORD_CONSENT)
@never_cache
@require_GET
def handed(request: HttpRequest) -> HttpResponse:
    """People taken over from a partner that left: each is told, and asked what they allow."""
    page = Paginator(team.taken_over(user_of(request)), PAGE).get_page(request.GET.get("page"))
    queries.note_list(user_of(request), page.object_list)
    numbers = queries.numbers_for(user_of(request), page.object_list)
    return render(request, "people/handed.html", {"page": page, "numbers": numbers})


@staff(Permission.MANAGE_NETWORK)
@require_GET
def partners(request: HttpRequest) -> HttpResponse:
    """Partners that answer for people and in which nobody works."""
    return render(request, "people/deserted.html", {"partners": list(team.deserted())})
