"""The first pages: the public door, what waits for me, one search box."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core import menu
from okat.city.core.access import public, signed_in
from okat.city.desk import queries


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What do you need? One box, and the doors with what stands open behind each."""
    return render(request, "desk/home.html", {"doors": queries.doors(), "catalogue": menu.address("catalogue:search")})


@signed_in
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    return render(request, "desk/today.html", {"lines": queries.today(request.user)})


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    text = request.GET.get("q", "")
    return render(request, "desk/search.html", {"text": text, "found": queries.found(request.user, text)})
