"""Whom the team tells that a place is offered: people without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.people.queries import numbers_for
from okat.city.rounds import queries

PAGE = 50


@staff(Permission.APPLY_FOR_OTHERS)
@never_cache
@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """To be worked through from the first day to answer on; each name leads to the answer. A list of names is a look
    at each record."""
    assert isinstance(request.user, User)
    page = Paginator(queries.to_tell(request.user), PAGE).get_page(request.GET.get("page"))
    queries.note_names(request.user, page.object_list)
    told = [person for row in page.object_list if (person := row.application.person) is not None]
    numbers = numbers_for(request.user, told)
    rows = [
        (person.full_name, numbers[person.pk],
         queries.place_name(row.place.opportunity, deep=getattr(row, "deep", False)), row.answer_by,
         reverse("rounds:why", args=[row.application_id]))
        for row in page.object_list
        if (person := row.application.person) is not None and row.place is not None
    ]  # fmt: skip
    return render(request, "rounds/offers.html", {"page": page, "rows": rows})
