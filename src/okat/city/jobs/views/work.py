"""What a partner's jobs and courses have to do with work."""

from uuid import UUID

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
from okat.city.core.templatetags.okat import words
from okat.city.jobs import actions
from okat.city.jobs.forms import WorkForm
from okat.city.jobs.queries import ways


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    rows = ways.described(request.user)
    open_ = sum(1 for _row, work in rows if work is None or work.occupation is None)
    return render(request, "jobs/works.html", {"rows": rows, "silent": open_})


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    user, opportunity = request.user, ways.one_of_mine(request.user, pk)
    if opportunity is None:
        raise Http404
    work = ways.work_of(opportunity)
    names = ("occupation", "skills", "lodging", "strength")
    first = {name: getattr(work, name) for name in ("occupation", "lodging", "strength")} if work else {}
    form = WorkForm(request.POST or None, initial={**first, "skills": work.skills.all() if work else []})
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            values = {name: form.cleaned_data[name] for name in names}
            actions.describe_work(opportunity=opportunity, by=user, **values)
            return reverse("jobs:works")

        address = once(user=user, token=form.cleaned_data["once"], do=do)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(address)
    context = {"form": form, "title": words(opportunity), "partner": opportunity.provider, "send": _("Save")}
    note = _("Young people find it by its occupation, and those who look for work by its skills.")
    return render(request, "jobs/form.html", {**context, "back": reverse("jobs:works"), "note": note})
