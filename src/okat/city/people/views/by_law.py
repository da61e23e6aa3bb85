"""An office keeps a record by law: noting it, reading why, and ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.people import actions, queries
from okat.city.people.forms.by_law import LawForm
from okat.city.people.forms.fields import in_words
from okat.city.people.models import Basis, Person
from okat.city.people.queries.by_law import bases_of
from okat.city.people.rules import Law
from okat.city.people.views.shared import answer, user_of, working

WORK = Permission.RECORD_BASIS


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, partner = working(request, pk, WORK)
    form = LawForm(request.POST or None, own=partner)

    def do() -> str:
        data = form.cleaned_data
        actions.keep_by_law(
            person=found, partner=data["partner"], law=Law(data["law"]), until=data["until"], why=data["why"],
            by=user_of(request),
        )  # fmt: skip
        said = _(
            "Noted: %(office)s keeps the record by law. The person is told in the account, by telephone or on paper."
        )
        messages.success(request, said % {"office": in_words(data["partner"])})
        return reverse("people:person", args=[found.pk]) + "#consents"

    values = {"person": found, "title": _("An office keeps this record by law")}
    return answer(request, form, "people/form.html", values, do)


def _ending(request: HttpRequest, pk: UUID, basis: UUID) -> Ending:
    _found, row, _own = _row(request, pk, basis)
    office = {"office": in_words(row.partner)}
    follows = [
        _("%(office)s no longer sees the record by this law.") % office,
        _("Open cases of %(office)s close, where it has no other right to the record.") % office,
    ]
    back = reverse("people:law", args=[pk, basis])
    after = _("It can be noted again on any day; what ends now does not begin again by itself.")
    return Ending(_("Shall %(office)s keep the record no longer?") % office, follows, after, _("End it"), back)


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
@asks_first(_ending)
def law(request: HttpRequest, pk: UUID, basis: UUID) -> HttpResponse:
    """Why an office keeps the record, and the way to end it."""
    found, row, own = _row(request, pk, basis)
    if request.method == "POST":
        actions.end_by_law(person=found, basis=row, by=user_of(request))
        messages.success(request, _("Ended: %(office)s keeps the record by this law no longer.") % {
            "office": in_words(row.partner)
        })  # fmt: skip
        still = queries.visible_to(user_of(request)).filter(pk=found.pk).exists()
        return redirect("people:person", found.pk) if still else redirect("people:search")
    # A reason in words may tell of health: it is for the office whose reason it is, and for who may see such things.
    deep = row.partner_id == own.pk or queries.may_see_sensitive(user_of(request), found)
    why = found.unseal(row.why_sealed) or ""
    values = {"person": found, "basis": row, "why": why if deep else "", "hidden": bool(why) and not deep}
    return render(request, "people/law.html", values)


def _row(request: HttpRequest, pk: UUID, basis: UUID) -> tuple[Person, Basis, Partner]:
    found, own = working(request, pk, WORK)
    row = next((one for one in bases_of(found) if one.pk == basis), None)
    if row is None:
        raise Http404("basis")
    return found, row, own
