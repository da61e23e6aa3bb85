"""The city team's pages: partners joining and leaving, memoranda."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from okat.city.accounts.views.again import asks_again
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners import actions, queries
from okat.city.partners.forms import LeaveForm, MemorandumForm, PartnerForm
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
@asks_again
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    partner = queries.partner_called(code)
    if partner is None or partner.left_on is not None:
        raise Http404
    form = LeaveForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        ended = actions.leave_network(partner=partner, reason=form.cleaned_data["reason"], by=user_of(request))
        text = ngettext("The partner has left; %(n)s role ended.", "The partner has left; %(n)s roles ended.", ended)
        messages.success(request, text % {"n": ended})
        return redirect("partners:network")
    return render(request, "partners/leave.html", {"form": form, "partner": partner})


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
