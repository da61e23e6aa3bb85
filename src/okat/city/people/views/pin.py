"""The pin of one person."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.partners.models import Partner
from okat.city.people import actions, queries
from okat.city.people.forms.fields import place_name
from okat.city.people.forms.pin import PinForm
from okat.city.people.queries import pages
from okat.city.people.rules import EvidenceKind, PeopleError
from okat.city.people.views.alike import Resembling, resembling
from okat.city.people.views.shared import acting, refuse, user_of


@staff(Permission.PIN_PERSON)
@never_cache
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """One page. Whoever may be there already is shown once more before anything is saved."""
    user, partner = user_of(request), acting(request, Permission.PIN_PERSON)
    near = pages.places_near(user, partner)
    form = pin_form(request, partner, near)
    found: list[Resembling] = []
    if request.method == "POST" and form.is_valid():
        found = [] if "sure" in request.POST else resembling(user, form.cleaned_data, form.cleaned_data["id"])
        if not found:
            try:
                do = saver(request, form, partner)
                return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
            except UndoneError as error:
                form.add_error(None, str(error))
    values: dict[str, Any] = {"form": form, "partner": partner, "alike": found, "asked": bool(found)}
    return render(request, "people/pin.html", {**values, "near": [place_name(area) for area in near]})


def pin_form(request: HttpRequest, partner: Partner, near: list[Any]) -> PinForm:
    """The form; where one works in a single place, that is where the person is."""
    small = [place_name(area) for area in near]
    return PinForm(
        request.POST or None, request.FILES or None, partner=partner, others=pages.partners_besides(partner),
        rounds=pages.round_partners(), initial={"where": small[0] if len(small) == 1 else request.GET.get("where", "")},
    )  # fmt: skip


def saver(request: HttpRequest, form: PinForm, partner: Partner) -> Any:
    def do() -> str:
        person = actions.pin_person(row=form.row(), partner=partner, by=user_of(request))
        photo = form.cleaned_data["photo"]
        if isinstance(photo, UploadedFile):
            try:
                actions.add_evidence(person=person, kind=EvidenceKind.PHOTO, data=photo.read(), by=user_of(request))
            except PeopleError as error:  # the pin is worth more than its photo
                refuse(request, error)
        if not queries.visible_to(user_of(request)).filter(pk=person.pk).exists():
            messages.success(request, _("The pin is saved. The place is outside your area: colleagues there go on."))
            return reverse("people:search")
        messages.success(request, _("The pin is saved."))
        return reverse("people:person", args=[person.pk])

    return do
