"""A partner's own pages: what it says of itself, its venues, and what it gives and looks for."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import staff
from okat.city.core.forms import OkatForm
from okat.city.core.menu import address
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners import actions, queries
from okat.city.partners.forms import AboutForm, ContributionForm, UseForm, VenueForm
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.rules import DAYS
from okat.city.partners.views.members import own_partner, user_of
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import Stage


@staff(Permission.MANAGE_PARTNER)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    partner = own_partner(request)
    values = {
        "partner": partner, "venues": queries.venues_of(partner), "contributions": queries.contributions_of(partner),
        "members": queries.members_of(partner).count(), "wanted": queries.wanted().exclude(partner=partner)[:10],
        "choices": queries.partners_where(user_of(request), Permission.MANAGE_PARTNER), "days": DAYS,
        "features": city_words().at(Stage.VENUE), "unused": queries.unused_of(partner),
        "wanted_page": address("catalogue:wanted"),
        "employer_page": address("jobs:employer"),
    }  # fmt: skip
    return render(request, "partners/home.html", values)


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    partner = own_partner(request)
    names = ("about_th", "about_en", "website", "email", "phone")
    form = AboutForm(request.POST or None, initial={name: getattr(partner, name) for name in names})

    def act() -> None:
        data = {name: form.cleaned_data[name] for name in names}
        actions.describe_partner(partner=partner, by=user_of(request), **data)

    return _page(request, form, _("About us"), act)


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def venue(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    partner = own_partner(request)
    found = queries.venue_of(partner, pk) if pk else None
    if pk and found is None:
        raise Http404
    form = VenueForm(request.POST or None, partner=partner, venue=found)
    title = _("Change a venue") if found else _("Add a venue")
    return _page(
        request,
        form,
        title,
        lambda: actions.keep_venue(partner=partner, venue=found, values=form.values(), by=user_of(request)),
    )


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def contribution(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    partner = own_partner(request)
    found = _contribution(partner, pk) if pk else None
    form = ContributionForm(request.POST or None, partner=partner, contribution=found)

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in form.NAMES}
        actions.keep_contribution(partner=partner, contribution=found, values=values, by=user_of(request))

    return _page(request, form, _("Change what we share") if found else _("Share or look for something"), act)


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, pk: int) -> HttpResponse:
    found = _contribution(own_partner(request), pk)
    form = UseForm(request.POST or None, contribution=found)
    return _page(
        request,
        form,
        _("Record use: %(what)s") % {"what": found.title},
        lambda: actions.record_use(contribution=found, amount=form.cleaned_data["amount"], by=user_of(request)),
    )


def _page(request: HttpRequest, form: OkatForm, title: str, act: Callable[[], object]) -> HttpResponse:
    """Draw the form; when it is sent and right, act once and go to the partner's page."""
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            act()
            return reverse("partners:settings")

        address = once(user=user_of(request), token=form.cleaned_data["once"], do=do)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(address)
    return render(request, "partners/form.html", {"form": form, "title": title, "partner": own_partner(request)})


def _contribution(partner: Partner, pk: int) -> Contribution:
    found = queries.contribution_of(partner, pk)
    if found is None:
        raise Http404
    return found
