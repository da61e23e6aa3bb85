"""Joint investment: what opportunities look for, what partners put in, and what of it was used."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.catalogue import actions
from okat.city.catalogue.forms import DeclineForm, PledgeForm, SoughtForm, UsedForm, WantedForm
from okat.city.catalogue.models import Opportunity, Pledge
from okat.city.catalogue.queries import read, sharing
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.sharing import PLEDGE_LABELS, PledgeStatus
from okat.city.catalogue.views import words
from okat.city.catalogue.views.manage import partner_of, user_of
from okat.city.core.access import staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.forms import OkatForm
from okat.city.core.numbers import whole
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import words as name_of
from okat.city.partners import queries as partners
from okat.city.places.queries import area_called

PAGE = 25
_TONES: dict[str, Any] = {"offered": "warn", "accepted": "good", "declined": "no", "taken_back": "plain"}


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_GET
def wanted(request: HttpRequest) -> HttpResponse:
    """What others look for, by kind and area, and what my own office has pledged."""
    partner = partner_of(request)
    asked = {name: request.GET.get(name, "")[:40] for name in ("resource", "area")}
    rows = sharing.wanted(partner, asked["resource"], area_called(asked["area"]) if asked["area"] else None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    general = [row for row in partners.wanted()[:100] if row.partner_id != partner.pk]
    if asked["resource"]:
        general = [row for row in general if row.resource.code == asked["resource"]]
    context = {
        "partner": partner, "page": page, "form": WantedForm(request.GET or None), "table": _wanted_table(page),
        "general": general, "mine": [(row, _status(row)) for row in sharing.my_pledges(partner)[:PAGE]],
        "narrowed": any(asked.values()),
    }  # fmt: skip
    return render(request, "catalogue/wanted.html", context)


def _wanted_table(page: Any) -> Table:
    columns = [Column(_("What is looked for")), Column(_("For")), Column(_("Where")), Column(_("Still missing"), True)]
    return Table(columns, [
        [
            Cell(name_of(row.resource), reverse("catalogue:pledge", args=[row.opportunity_id]), row.note),
            Cell(words.words_of(row.opportunity), words.address(row.opportunity), name_of(row.opportunity.provider)),
            Cell(name_of(row.opportunity.area)),
            Cell(f"{amount(row.missing)} {row.unit_words}"),
        ]
        for row in page.object_list
    ])  # fmt: skip


def amount(value: Any) -> str:
    text = f"{value:,.2f}"
    return text.removesuffix(".00")


def _status(row: Pledge) -> tuple[Any, str]:
    return PLEDGE_LABELS[PledgeStatus(row.status)], _TONES[row.status]


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def pledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer money or kind to an opportunity."""
    opportunity, partner, user = read.open_public(pk, request.user), partner_of(request), user_of(request)
    form = PledgeForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            actions.pledge(
                opportunity=opportunity, partner=partner, resource=data["resource"], unit=data["unit"],
                planned=data["amount"], note=data["note"], contribution=data["contribution"], by=user,
            )  # fmt: skip
            return reverse("catalogue:wanted")

        where = _kept(request, form, do)
        if where is not None:
            return where
    context = {
        "opportunity": opportunity, "title": words.words_of(opportunity), "partner": partner, "form": form,
        "sought": sharing.sought_of(opportunity),
    }  # fmt: skip
    return render(request, "catalogue/pledge.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What my opportunity looks for, who offers what, and what was used."""
    opportunity, user = read.open_mine(user_of(request), pk), user_of(request)
    form = SoughtForm(request.POST if "seek" in request.POST else None)
    here = reverse("catalogue:sharing", args=[pk])
    if "drop" in request.POST:
        number = whole(request.POST["drop"]) or 0
        actions.stop_seeking(opportunity=opportunity, sought=number, by=user)
        return HttpResponseRedirect(here)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            values = {name: data[name] for name in ("resource", "unit", "amount", "note")}
            actions.seek(opportunity=opportunity, by=user, **values)
            return here

        where = _kept(request, form, do)
        if where is not None:
            return where
    return _page(request, opportunity, form)


def _page(
    request: HttpRequest, opportunity: Opportunity, form: SoughtForm, odd: int = 0, said: OkatForm | None = None
) -> HttpResponse:
    """`odd`: the pledge whose form `said` was refused."""
    pledges = sharing.pledges_of(opportunity)
    rows = [
        {
            "pledge": row, "status": _status(row),
            "waits": row.status == PledgeStatus.OFFERED, "accepted": row.status == PledgeStatus.ACCEPTED,
            "form": said if said is not None and row.pk == odd else _row_form(row), "odd": row.pk == odd,
        }
        for row in pledges
    ]  # fmt: skip
    context = {
        "opportunity": opportunity, "title": words.words_of(opportunity), "sought": sharing.sought_of(opportunity),
        "rows": rows, "totals": sharing.totals(pledges), "form": form, "public": opportunity.status == "published",
        "waiting": sum(row.status == PledgeStatus.OFFERED for row in pledges),
    }  # fmt: skip
    return render(request, "catalogue/sharing.html", context)


def _row_form(row: Pledge) -> OkatForm:
    if row.status == PledgeStatus.OFFERED:
        return DeclineForm(auto_id=f"p{row.pk}_%s")
    return UsedForm(initial={"used": row.used}, auto_id=f"p{row.pk}_%s")


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, or decline with a reason."""
    row, user = sharing.pledge_to_answer(user_of(request), pk), user_of(request)
    accept = request.POST.get("answer") == "accept"
    form = DeclineForm(request.POST, auto_id=f"p{pk}_%s")
    if not accept and not form.is_valid():
        return _page(request, read.open_mine(user, row.opportunity_id), SoughtForm(), pk, form)

    def do() -> str:
        reason = "" if accept else form.cleaned_data["reason"]
        actions.answer_pledge(pledge=row, accept=accept, reason=reason, by=user)
        return reverse("catalogue:sharing", args=[row.opportunity_id])

    return _sent(request, row, do)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much of it was used in all."""
    row, user = sharing.pledge_to_answer(user_of(request), pk), user_of(request)
    form = UsedForm(request.POST, auto_id=f"p{pk}_%s")
    if not form.is_valid():
        return _page(request, read.open_mine(user, row.opportunity_id), SoughtForm(), pk, form)

    def do() -> str:
        actions.use_pledge(pledge=row, used=form.cleaned_data["used"], by=user)
        return reverse("catalogue:sharing", args=[row.opportunity_id])

    return _sent(request, row, do)


def _takes_back(request: HttpRequest, pk: int) -> Ending:
    row = sharing.pledge_of_mine(user_of(request), pk)
    said = {"title": words.words_of(row.opportunity), "what": name_of(row.resource)}
    follows = [_("“%(title)s” no longer counts on %(what)s from your office.") % said]
    undo, back_to = _("You can offer it again while it is looked for."), reverse("catalogue:wanted")
    return Ending(_("Take the offer for “%(title)s” back?") % said, follows, undo, _("Take it back"), back_to)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
@asks_first(_takes_back)
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take my office's own offer back."""
    row, user = sharing.pledge_of_mine(user_of(request), pk), user_of(request)

    def do() -> str:
        actions.take_back(pledge=row, by=user)
        return reverse("catalogue:wanted")

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except CatalogueError as refused:
        messages.error(request, str(refused.faults[0].words))
        return redirect("catalogue:wanted")


def _sent(request: HttpRequest, row: Pledge, do: Callable[[], str]) -> HttpResponse:
    try:
        where = once(user=user_of(request), token=request.POST.get("once", ""), do=do)
    except CatalogueError as refused:
        messages.error(request, str(refused.faults[0].words))
        return redirect("catalogue:sharing", row.opportunity_id)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(where)


def _kept(request: HttpRequest, form: OkatForm, do: Callable[[], str]) -> HttpResponse | None:
    """Where to go; None where it was refused, which the form then says."""
    try:
        where = once(user=user_of(request), token=form.cleaned_data["once"], do=do)
    except CatalogueError as refused:
        for fault in refused.faults:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault.words))
        return None
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(where)
