"""Places under section 35: what employers give instead of work, for everybody to read and for the employer to keep."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.core.access import public, staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be, words
from okat.city.jobs import actions
from okat.city.jobs.forms.employing import GivenForm
from okat.city.jobs.models import Concession
from okat.city.jobs.queries import concessions
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.concessions import WAY_LABELS, Way
from okat.city.jobs.rules.quota import Section35
from okat.city.partners.queries import acting_partner


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What has free places, never how many: whoever takes one is of a group that tells of a disability."""
    rows = concessions.open_ones()
    columns = (Column(_("What it is")), Column(_("In which way")), Column(_("Given by")),
               Column(_("Until")), Column(_("Whom to ask")))  # fmt: skip
    context = {"table": Table(columns, [_line(row) for row in rows]), "offered": bool(rows), "laws": Section35.LAWS}
    return render(request, "jobs/concessions.html", context)


def _line(row: Concession) -> tuple[object, ...]:
    until = be(row.until) if row.until else _("without an end")
    where = Cell(words(row.partner), note=words(row.partner.area))
    return row.what, WAY_LABELS[Way(row.way)], where, until, row.contact or "–"


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found = concessions.one_of(acting_partner(request, Permission.MANAGE_PARTNER), pk)
    if found is None:
        raise Http404
    return _form(request, found)


def _form(request: HttpRequest, kept: Concession | None) -> HttpResponse:
    assert isinstance(request.user, User)
    user, partner = request.user, acting_partner(request, Permission.MANAGE_PARTNER)
    if partner is None:
        raise Http404
    form = GivenForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.give(partner=partner, given=form.given(), concession=kept, by=user)
            return reverse("jobs:employer") + "#given"

        try:
            to = once(user=user, token=form.cleaned_data["once"], do=do)
        except JobsError as error:
            form.add_error(error.code if error.code in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(to)
    note = _("Everybody sees free places with whom to ask; only numbers of persons are written here, never names.")
    context = {"form": form, "title": _("Places under section 35"), "partner": partner, "send": _("Save")}
    return render(request, "jobs/form.html", {**context, "back": reverse("jobs:employer"), "note": note})
