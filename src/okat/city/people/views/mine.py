"""The resident's own page: what concerns me, what I allow, who has looked, and my data to take along."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.core import clock, menu
from okat.city.core.access import signed_in
from okat.city.core.ending import asks_first
from okat.city.core.paging import Paginator
from okat.city.people import actions, queries, rules
from okat.city.people.forms.consent import OwnConsentForm
from okat.city.people.models import Person
from okat.city.people.queries import files, pages
from okat.city.people.queries.by_law import bases_of
from okat.city.people.views.ending import consent_of_mine
from okat.city.people.views.say import born, looks
from okat.city.people.views.shared import answer, user_of

LOOKS, FILES = 60, 50


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Other apps' lines first: that is what somebody comes for."""
    user, found = user_of(request), pages.own_record(user_of(request))
    if found is None:
        return render(request, "people/mine_none.html", {"asked": queries.asked_of(user).exists(), "more": _more()})
    values = {
        "person": found, "panels": pages.panels_for(user, found),
        "consents": queries.allowed(found, queries.consents_of(found)), "bases": bases_of(found), "more": _more(),
        "looks": looks(queries.accesses_of(found, limit=LOOKS)), "born": born(found),
        "age": rules.age_of(found.birth, clock.today()),
        "needs": [need for need in pages.needs_of(found) if need.status == rules.NeedStatus.OPEN],
    }  # fmt: skip
    return render(request, "people/mine.html", values)


def _more() -> list[menu.Link]:
    """The other pages of one's own, whatever stands on this one today."""
    return menu.links(menu.MINE, frozenset(), "")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def allow(request: HttpRequest) -> HttpResponse:
    """Give one more consent oneself."""
    found = _own(request)
    form = OwnConsentForm(request.POST or None)

    def do() -> str:
        actions.record_consent(person=found, given=form.row(), by=user_of(request))
        messages.success(request, _("Thank you: what you allow is noted. You may take it back on any day."))
        return reverse("people:mine") + "#consents"

    return answer(request, form, "people/mine_form.html", {"title": _("Allow something more")}, do)


@signed_in
@require_POST
@asks_first(consent_of_mine)
def withdraw(request: HttpRequest, consent: UUID) -> HttpResponse:
    row = pages.consent_of(_own(request), consent)
    if row is None:
        raise Http404
    actions.withdraw_consent(consent=row, by=user_of(request))
    messages.success(request, _("Taken back. Whoever saw your record because of it no longer does."))
    return redirect(reverse("people:mine") + "#consents")


@signed_in
@never_cache
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """Everything that every app holds of me, as one file that programs can read (PDPA s.30 and s.31)."""
    found = _own(request)
    held = queries.export_of(user_of(request), found)
    text = json.dumps(held, ensure_ascii=False, indent=2, default=str)
    disposition = 'attachment; filename="okat-my-data.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": disposition})


@signed_in
@never_cache
@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """Which photos and papers are kept of me."""
    page = Paginator(files.files_of(_own(request)), FILES).get_page(request.GET.get("page"))
    return render(request, "people/mine_files.html", {"page": page})


@signed_in
@never_cache
@require_GET
def paper(request: HttpRequest, evidence: UUID) -> HttpResponse:
    """One of them, whatever became of what it was given for."""
    found = _own(request)
    kept = files.file_of(user_of(request), found, evidence)
    data = files.content(found, kept) if kept is not None else None
    if kept is None or data is None:
        raise Http404
    return HttpResponse(data, content_type=kept.content_type, headers={"Content-Disposition": "inline"})


def _own(request: HttpRequest) -> Person:
    found = pages.own_record(user_of(request))
    if found is None:
        raise Http404
    return found
