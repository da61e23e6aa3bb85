"""Recognition of what was learned elsewhere: the learner asks, two persons of the office sign."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.core.access import signed_in, staff
from okat.city.core.ending import asks_first
from okat.city.core.once import done, once
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.recognising import AskForm, SignForm
from okat.city.learning.models import Recognition
from okat.city.learning.queries import recognising as queries
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.recognising import DECIDED, SIGNERS, Kind, State
from okat.city.learning.views import ending
from okat.city.learning.views.teach import user_of
from okat.city.people.queries.files import content
from okat.city.people.queries.pages import own_record

TONES = {State.ASKED: "", State.GRANTED: "good", State.REFUSED: "no", State.WITHDRAWN: "plain"}
PAGE = 50


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """My requests with their outcomes and reasons, and one more."""
    user = user_of(request)
    person, schools = own_record(user), queries.schools()
    form = AskForm(request.POST or None, request.FILES or None, partners=schools)
    if person is not None and request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.ask_recognition(person=person, by=user, **form.values())
            messages.success(request, _("Your request is with the office. You are told when it is decided."))
            return reverse("learning:recognition")

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except LearningError as refused:
            form.add_error({"pictures": "picture"}.get(refused.code, "wanted"), str(refused))
    rows = [{**shown(row), "pictures": list(row.evidence.all())} for row in queries.own_requests(user)]
    context = {
        "form": form, "rows": rows, "may_ask": person is not None and bool(schools),
        "credits": sum(one["row"].credits for one in rows if one["row"].state == State.GRANTED),
    }  # fmt: skip
    return render(request, "learning/recognition.html", context)


def shown(row: Recognition) -> dict[str, Any]:
    decided = row.state in DECIDED
    reasons = [reason for one, reason in queries.reasons_of(row) if one.credits == row.credits] if decided else []
    return {
        "row": row, **queries.words_of(row), "state": State(row.state).label, "tone": TONES[State(row.state)],
        "partner": name_of(row.partner), "reasons": reasons, "open": row.state == State.ASKED,
        "kind": Kind(row.kind).label,
    }  # fmt: skip


@signed_in
@require_POST
@asks_first(ending.recognition)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    actions.withdraw_recognition(request=queries.own_request(user, pk), by=user)
    messages.success(request, _("The request is withdrawn."))
    return redirect("learning:recognition")


@staff(Permission.TEACH)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a signature; names only on the page of each."""
    rows: list[Any] = list(queries.waiting_for(user_of(request))[:PAGE])
    columns = [Column(_("Asked on")), Column(_("Kind")), Column(_("Credits"), True), Column(_("Signatures"), True)]
    table = Table(columns, [
        [
            Cell(be(row.asked_at), reverse("learning:sign", args=[row.pk])), Cell(str(Kind(row.kind).label)),
            Cell(row.wanted), Cell(f"{row.signed}/{SIGNERS}"),
        ]
        for row in rows
    ])  # fmt: skip
    return render(request, "learning/recognitions.html", {"table": table, "count": len(table.rows)})


@staff(Permission.TEACH)
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    if request.method == "POST":
        if address := done(user=user, token=request.POST.get("once", "")):
            return HttpResponseRedirect(address)
        queries.check_asked(queries.request_of_office(user, pk))  # what was written goes back with the reason
    found = queries.open_request(user, pk)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            data = form.cleaned_data
            row = actions.sign_recognition(request=found, given=data["credits"], reason=data["reason"], by=user)
            text = _("Signed. One more person has to sign.") if row.state == State.ASKED else _("Signed and decided.")
            messages.success(request, text)
            return reverse("learning:recognitions")

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except LearningError as refused:
            form.add_error(refused.code if refused.code in form.fields else None, str(refused))
    assert found.person is not None
    context = {
        **shown(found), "name": found.person.full_name, "form": form, "pictures": list(found.evidence.all()),
        "signed": [(one.by.name, one.credits, reason) for one, reason in queries.reasons_of(found)],
    }  # fmt: skip
    return render(request, "learning/sign.html", context)


@staff(Permission.TEACH)
@never_cache
@require_GET
def evidence(request: HttpRequest, pk: UUID, picture: UUID) -> HttpResponse:
    """A picture that was laid before this office."""
    found = queries.open_request(user_of(request), pk, "evidence")
    kept = next((one for one in found.evidence.all() if one.pk == picture), None)
    data = content(found.person, kept) if kept is not None and found.person is not None else None
    if kept is None or data is None:
        raise Http404("evidence")
    return HttpResponse(data, content_type=kept.content_type, headers={"Content-Disposition": "inline"})
