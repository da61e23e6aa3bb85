"""Local wisdom: the public page, and an office's own holders."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.catalogue import actions
from okat.city.catalogue.forms import AgreedForm, HolderForm, NewHolderForm
from okat.city.catalogue.models import Wisdom
from okat.city.catalogue.queries import wisdom as queries
from okat.city.catalogue.views.manage import partner_of, user_of
from okat.city.core.access import public, staff
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission, may
from okat.city.core.show import Cell, Column, Filter, Table
from okat.city.core.templatetags.okat import be, words
from okat.city.people.rules import How

PAGE = 30


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Holders of local wisdom who agreed to be named."""
    subject = request.GET.get("subject", "")[:60]
    page = Paginator(queries.named(subject), PAGE).get_page(request.GET.get("page"))
    here = reverse("catalogue:wisdom")
    filters = [
        Filter(words(term), here if term.code == subject else f"?subject={term.code}", term.code == subject)
        for term in queries.subjects_named()
    ]
    works = isinstance(request.user, User) and may(request.user, Permission.MANAGE_OPPORTUNITIES)
    return render(request, "catalogue/wisdom.html", {"page": page, "filters": filters, "may_write": works})


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_GET
def holders(request: HttpRequest) -> HttpResponse:
    """Whom my office knows, named in public or not."""
    page = Paginator(queries.holders_of(user_of(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/holders.html", {"page": page, "table": _table(list(page.object_list))})


def _table(rows: list[Wisdom]) -> Table:
    columns = [Column(_("Name")), Column(_("Local wisdom")), Column(_("Area")), Column(_("Public"))]
    return Table(columns, [
        [
            Cell(
                row.name, reverse("catalogue:holder", args=[row.pk]), "" if row.can_teach else _("does not teach now")
            ),
            Cell(words(row.subject)), Cell(words(row.area)),
            Cell(_("Named"), tone="good") if row.named else Cell(_("Not named"), tone="plain"),
        ]
        for row in rows
    ])  # fmt: skip


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    partner, user = partner_of(request), user_of(request)
    form = NewHolderForm(request.POST or None, partner=partner, initial={"area": partner.area_id})
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            made = actions.keep_holder(partner=partner, values=form.values(), by=user)
            if form.cleaned_data["agreed"]:
                how, read = How(form.cleaned_data["how"]), form.as_read()
                actions.name_holder(holder=made, how=how, by=user, words=read)
            return reverse("catalogue:holders")

        return _done(request, form.cleaned_data["once"], do)
    context = {"form": form, "title": _("Add a holder of local wisdom"), "partner": partner, "holder": None}
    return render(request, "catalogue/holder.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    holder = queries.open_holder(user, pk)
    form = HolderForm(request.POST or None, partner=holder.partner, holder=holder)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.keep_holder(partner=holder.partner, values=form.values(), by=user, holder=holder)
            return reverse("catalogue:holders")

        return _done(request, form.cleaned_data["once"], do)
    return _page(request, holder, form, AgreedForm(partner=holder.partner, auto_id="agreed_%s"))


def _page(request: HttpRequest, holder: Wisdom, form: HolderForm, agreed: AgreedForm) -> HttpResponse:
    context = {
        "form": form, "title": holder.name, "partner": holder.partner, "holder": holder, "agreed": agreed,
        "how": How(holder.consent_how).label if holder.consent_how else "", "since": be(holder.consent_on),
        "withdrawn": be(holder.withdrawn_on),
    }  # fmt: skip
    return render(request, "catalogue/holder.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def name(request: HttpRequest, pk: UUID) -> HttpResponse:
    """They agreed to be named."""
    user = user_of(request)
    holder = queries.open_holder(user, pk)
    agreed = AgreedForm(request.POST, partner=holder.partner, auto_id="agreed_%s")
    if not agreed.is_valid():
        return _page(request, holder, HolderForm(partner=holder.partner, holder=holder), agreed)

    def do() -> str:
        how = How(agreed.cleaned_data["how"])
        actions.name_holder(holder=holder, how=how, by=user, words=agreed.as_read())
        return reverse("catalogue:holder", args=[pk])

    return _done(request, agreed.cleaned_data["once"], do)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def hide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """They withdrew: the name is gone from public pages when this answers."""
    user = user_of(request)
    holder = queries.open_holder(user, pk)

    def do() -> str:
        actions.hide_holder(holder=holder, by=user)
        return reverse("catalogue:holder", args=[pk])

    return _done(request, request.POST.get("once", ""), do)


def _done(request: HttpRequest, token: str, do: Callable[[], str]) -> HttpResponse:
    where = once(user=user_of(request), token=token, do=do)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(where)
