"""Pages of a partner's officers: their opportunities, writing one, and its states."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.catalogue import actions
from okat.city.catalogue.forms import OpportunityForm, ReasonForm
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read
from okat.city.catalogue.rules import STATUS_LABELS, CatalogueError, StaleError, Status
from okat.city.catalogue.views import words
from okat.city.catalogue.views.state import TONES, state_of
from okat.city.core.access import staff
from okat.city.core.numbers import whole
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Filter, Table
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.partners.models import Partner
from okat.city.partners.queries import acting_partner, partners_where

PAGE = 25


@staff(Permission.MANAGE_OPPORTUNITIES, Permission.IMPORT_OPPORTUNITIES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What my partners offer, with filters in the address."""
    user = user_of(request)
    asked = {name: request.GET.get(name, "")[:200] for name in ("status", "partner", "q")}
    status = asked["status"] if asked["status"] in set(Status) else ""
    counts = read.mine_counted(user)
    page = Paginator(read.mine_listed(user, status, asked["partner"], asked["q"]), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "counts": counts,
        "published": counts.by_status.get(Status.PUBLISHED, 0),
        "page": page,
        "table": table(list(page.object_list)),
        "filters": _filters(user, asked, counts),
        "asked": asked,
        "import_page": _import_page(),
        "may_write": bool(partners_where(user, Permission.MANAGE_OPPORTUNITIES)),
    }
    return render(request, "catalogue/manage.html", context)


def table(rows: list[Opportunity]) -> Table:
    columns = [
        Column(_("Opportunity")), Column(_("State")), Column(_("Places left"), True), Column(_("Last day to apply")),
        Column(_("By")),
    ]  # fmt: skip
    return Table(
        columns,
        [
            [
                Cell(words.words_of(o), reverse("catalogue:edit", args=[o.pk]), words.kind_words(o)),
                Cell(words.status_words(o), tone=TONES[o.status]),  # type: ignore[arg-type]  # the four states
                _places(o),
                Cell(be(o.closes_on) or "–"),
                Cell(name_of(o.provider), note=name_of(o.area)),
            ]
            for o in rows
        ],
    )


def _places(opportunity: Opportunity) -> Cell:
    if opportunity.status == Status.CANCELLED:
        return Cell("–")
    if opportunity.capacity is None:
        return Cell(_("no limit"))
    return Cell(_("%(left)s of %(all)s") % {"left": opportunity.places_left, "all": opportunity.capacity})


def _filters(user: User, asked: dict[str, str], counts: read.Counts) -> list[Filter]:
    found = [
        _chip(asked, "status", status.value, f"{STATUS_LABELS[status]} {counts.by_status.get(status, 0)}")
        for status in Status
    ]
    partners = partners_where(user, Permission.MANAGE_OPPORTUNITIES)
    if len(partners) > 1:
        found += [_chip(asked, "partner", p.code, name_of(p)) for p in partners]
    return found


def _chip(asked: dict[str, str], name: str, value: str, label: str) -> Filter:
    on = asked[name] == value
    query = {**asked, name: "" if on else value}
    text = urlencode({key: said for key, said in query.items() if said})
    return Filter(label, f"?{text}" if text else reverse("catalogue:manage"), on)


def _import_page() -> str:
    try:
        return reverse("people:import", args=["opportunities"])
    except NoReverseMatch:
        return ""


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    partner = partner_of(request)
    form = OpportunityForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        made = _keep(request, form, None)
        if made is not None:
            return HttpResponseRedirect(made)
    context = {
        "form": form,
        "partner": partner,
        "title": _("Write a new opportunity"),
        "opportunity": None,
        "state": {},
    }
    return render(request, "catalogue/form.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    opportunity = read.open_mine(user_of(request), pk)
    form = OpportunityForm(request.POST or None, partner=opportunity.provider, opportunity=opportunity)
    if request.method == "POST" and form.is_valid():
        kept = _keep(request, form, opportunity)
        if kept is not None:
            return HttpResponseRedirect(kept)
    context = {
        "form": form,
        "partner": opportunity.provider,
        "title": words.words_of(opportunity),
        "opportunity": opportunity,
        "state": state_of(opportunity),
    }
    return render(request, "catalogue/form.html", context)


def _keep(request: HttpRequest, form: OpportunityForm, opportunity: Opportunity | None) -> str | None:
    """Write it, and say where to go; None where it was refused, which the form then shows."""
    user, data = user_of(request), form.cleaned_data

    def do() -> str:
        version = data["version"] if opportunity is not None else None
        kept = actions.write(
            row=form.row(), opportunity=opportunity, version=version, teachers=list(data["teachers"]), by=user
        )
        return reverse("catalogue:rule" if request.POST.get("then") == "rule" else "catalogue:open", args=[kept.pk])

    try:
        where = once(user=user, token=data["once"], do=do)
    except CatalogueError as refused:
        form.refuse(refused)
        if isinstance(refused, StaleError) and opportunity is not None:
            # Saving again writes over the other's change, which the reader has now been told of.
            form.seen(read.open_mine(user, opportunity.pk).version)
        return None
    messages.success(request, _("Saved."))
    return where


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _move(request, pk, lambda o, by, v: actions.publish(opportunity=o, by=by, version=v), _("It is published."))


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then take no more people."""
    return _end(request, pk, Status.CLOSED)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then call it off."""
    return _end(request, pk, Status.CANCELLED)


def _end(request: HttpRequest, pk: UUID, to: Status) -> HttpResponse:
    opportunity = read.open_mine(user_of(request), pk)
    form = ReasonForm(request.POST or None, initial={"version": opportunity.version})
    if request.method == "POST" and form.is_valid():
        act = actions.cancel if to is Status.CANCELLED else actions.close
        reason = form.cleaned_data["reason"]
        told = _("It is cancelled.") if to is Status.CANCELLED else _("It is closed.")
        return _move(request, pk, lambda o, by, v: act(opportunity=o, reason=reason, by=by, version=v), told)
    context = {"form": form, "opportunity": opportunity, "title": words.words_of(opportunity), "to": to.value}
    return render(request, "catalogue/end.html", context)


def _move(
    request: HttpRequest, pk: UUID, act: Callable[[Opportunity, User, int], Opportunity], told: str
) -> HttpResponse:
    user = user_of(request)
    opportunity = read.open_mine(user, pk)
    version = whole(request.POST.get("version"))
    seen = -1 if version is None else version

    def do() -> str:
        act(opportunity, user, seen)
        return reverse("catalogue:open", args=[pk])

    try:
        where = once(user=user, token=request.POST.get("once", ""), do=do)
    except CatalogueError as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.words))
        missing = not {"status", "version"} & {fault.field for fault in refused.faults}
        return redirect("catalogue:edit" if missing else "catalogue:open", pk)
    messages.success(request, told)
    return HttpResponseRedirect(where)


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def partner_of(request: HttpRequest) -> Partner:
    partner = acting_partner(request, Permission.MANAGE_OPPORTUNITIES)
    if partner is None:
        raise Http404
    return partner
