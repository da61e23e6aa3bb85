"""Break-glass: opening a record outside one's scope for a reason, and the queue in which somebody reviews it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.limits import limited
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission, may
from okat.city.people import actions, rules
from okat.city.people.forms.care import EmergencyForm, ReviewForm
from okat.city.people.models import BreakGlass, Person
from okat.city.people.queries import pages
from okat.city.people.queries.search import exact, tried
from okat.city.people.rules import BREAK_GLASS_HOURS
from okat.city.people.views.shared import acting, answer, user_of

SHOWN = 50


@staff(Permission.BREAK_GLASS)
@limited("break-glass", limit=20, seconds=3600)
@never_cache
@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Whom (by a whole number), why, and what happened; then the record is open for three hours."""
    partner = acting(request, Permission.BREAK_GLASS)
    form, found = EmergencyForm(request.POST or None), list[Person]()
    if request.method == "POST" and form.is_valid():
        found = list(exact(form.cleaned_data["find"])[:2])
        if len(found) != 1:  # told alike, and noted outside the form's own transaction, which is undone
            actions.note_try(key=tried(form.cleaned_data["find"]), partner=partner, by=user_of(request))
            form.add_error("find", _no_one_record())

    def do() -> str:
        data = form.cleaned_data
        reason = rules.Emergency(data["reason"])
        actions.break_glass(person=found[0], reason=reason, note=data["note"], partner=partner, by=user_of(request))
        return reverse("people:person", args=[found[0].pk])

    return answer(request, form, "people/emergency.html", {"hours": BREAK_GLASS_HOURS, "partner": partner}, do)


def _no_one_record() -> str:
    return _("This number opens no record. Check each digit, or use the identity number. That you tried is noted.")


@staff(Permission.REVIEW_BREAK_GLASS, Permission.SEE_AUDIT)
@never_cache
@require_GET
def openings(request: HttpRequest) -> HttpResponse:
    """What waits for one's review; and for who reads the trail every report, with its finding."""
    user = user_of(request)
    audits = may(user, Permission.SEE_AUDIT)
    reports = Paginator(pages.reports_for(user, Permission.SEE_AUDIT).order_by("-at", "-pk"), SHOWN)
    tries = Paginator(pages.emergency_tries(), SHOWN).get_page(request.GET.get("tries")) if audits else None
    values = {
        "openings": list(pages.openings_to_review(user)), "back": _back(user),
        "reports": reports.get_page(request.GET.get("reports")) if audits else None,
        "tries": tries, "told": pages.tries_told(tries.object_list) if tries else [],
    }  # fmt: skip
    return render(request, "people/openings.html", values)


def _back(user: User) -> str:
    return reverse("people:search" if may(user, Permission.SEARCH_PEOPLE) else "desk:audit")


@staff(Permission.REVIEW_BREAK_GLASS, Permission.SEE_AUDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One opening with its reason in words; the review is final."""
    user = user_of(request)
    found = pages.openings_to_review(user).filter(pk=pk).first()
    if found is None and may(user, Permission.SEE_AUDIT):
        return _report(request, pages.reports_for(user, Permission.SEE_AUDIT).filter(pk=pk).first())
    if found is None:
        raise Http404
    form = ReviewForm(request.POST or None)

    def do() -> str:
        data = form.cleaned_data
        finding = rules.Finding(data["finding"])
        actions.review_break_glass(opening=found, finding=finding, by=user_of(request), note=data["note"])
        messages.success(request, _("The review is kept."))
        return reverse("people:openings")

    return answer(request, form, "people/opening.html", {"opening": found, "note": _said(found)}, do)


def _report(request: HttpRequest, found: BreakGlass | None) -> HttpResponse:
    """To be read only: who reads the trail reviews nothing."""
    if found is None or request.method == "POST":
        raise Http404
    values = {"opening": found, "note": _said(found), "review": found.person.unseal(found.review_sealed) or ""}
    return render(request, "people/opening.html", values)


def _said(found: BreakGlass) -> str:
    return found.person.unseal(found.note_sealed) or ""
