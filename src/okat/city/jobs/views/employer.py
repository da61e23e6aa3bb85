"""A partner's own page as an employer: its count, what follows from it, and the way to candidates."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.jobs import actions
from okat.city.jobs.forms.asking import CandidatesForm
from okat.city.jobs.forms.employing import CountForm
from okat.city.jobs.queries import concessions, employers
from okat.city.jobs.rules.concessions import WAY_LABELS, Way
from okat.city.jobs.views.words import told
from okat.city.partners.models import Partner
from okat.city.partners.queries import acting_partner


@staff(Permission.MANAGE_PARTNER)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    partner = _own(request)
    counts = [(row, told(employers.as_quota(row))) for row in employers.counts_of(partner)]
    day, candidates = employers.candidates_near(partner)
    context = {
        "partner": partner, "counts": counts, "found": counts[0][1] if counts else None,
        "candidates": candidates, "day": day,
        "asked": employers.asks_for(partner), "jobs": employers.quota_jobs_of(partner).count(),
        "given": [(row, WAY_LABELS[Way(row.way)]) for row in concessions.given_by(partner)],
        "helped": concessions.helped_by(partner),
    }  # fmt: skip
    return render(request, "jobs/employer.html", context)


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def headcount(request: HttpRequest) -> HttpResponse:
    partner, user = _own(request), _user(request)
    form = CountForm(request.POST or None, initial={"helped": concessions.helped_by(partner) or ""})
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.keep_headcount(partner=partner, count=form.count(), by=user)
            return reverse("jobs:employer")

        address = once(user=user, token=form.cleaned_data["once"], do=do)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(address)
    context = {"form": form, "title": _("Write down how many work here"), "partner": partner, "send": _("Save")}
    return render(request, "jobs/form.html", {**context, "back": reverse("jobs:employer"), "note": ""})


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest) -> HttpResponse:
    partner, user = _own(request), _user(request)
    form = CandidatesForm(request.POST or None, employer=partner)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            names = ("to", "wanted", "opportunity", "phone")
            actions.ask_for_candidates(employer=partner, by=user, **{name: form.cleaned_data[name] for name in names})
            return reverse("jobs:employer") + "#asked"

        address = once(user=user, token=form.cleaned_data["once"], do=do)
        messages.success(request, _("Your question was sent. The partner answers you here."))
        return HttpResponseRedirect(address)
    note = _(
        "The partner proposes your job to people who agreed to be referred. You see nobody's name until a person "
        "says yes."
    )
    context = {"form": form, "title": _("Ask for candidates"), "partner": partner, "send": _("Send the question")}
    return render(request, "jobs/form.html", {**context, "back": reverse("jobs:employer"), "note": note})


def _own(request: HttpRequest) -> Partner:
    partner = acting_partner(request, Permission.MANAGE_PARTNER)
    if partner is None:
        raise Http404
    return partner


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
