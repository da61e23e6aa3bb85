"""The city team's pages: partners joining, memoranda."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners import actions
from okat.city.partners.forms import MemorandumForm, PartnerForm
from okat.city.partners.views.members import user_of


@staff(Permission.MANAGE_NETWORK)
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("code", "th", "en", "kind", "area")}

        def do() -> str:
            made = actions.add_partner(by=user_of(request), **values)
            return reverse("partners:partner", args=[made.code])

        return HttpResponseRedirect(once(user=request.user, token=form.cleaned_data["once"], do=do))
    return render(request, "partners/form.html", {"form": form, "title": _("Add a partner"), "partner": None})


@staff(Permission.MANAGE_NETWORK)
@require_http_methods(["GET", "POST"])
def memorandum(request: HttpRequest) -> HttpResponse:
    form = MemorandumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = ("title", "partners", "signed_on", "until", "summary", "source")
        values = {name: form.cleaned_data[name] for name in names}

        def do() -> str:
            actions.sign_memorandum(by=user_of(request), **values)
            return reverse("partners:network") + "#memoranda"

        return HttpResponseRedirect(once(user=request.user, token=form.cleaned_data["once"], do=do))
    return render(request, "partners/form.html", {"form": form, "title": _("Record a memorandum"), "partner": None})
