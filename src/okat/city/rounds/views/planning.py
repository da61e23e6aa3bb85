"""Setting a round up: title and dates, what counts, and the places."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.catalogue.rules import Family
from okat.city.core.access import staff
from okat.city.core.forms import OkatForm
from okat.city.core.numbers import whole
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.rounds import actions, queries
from okat.city.rounds.forms import PlacesForm, PolicyForm, RoundForm
from okat.city.rounds.models import Round
from okat.city.rounds.rules import RoundError, Status
from okat.city.rounds.views import _show
from okat.city.rounds.views.manage import user_of

LISTED = 200


@staff(Permission.PLAN_ROUNDS)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    partners, auditors = queries.planning_partners(user), queries.possible_auditors()
    form = RoundForm(request.POST or None, partners=partners, auditors=auditors)

    def act() -> Round:
        family = Family(form.cleaned_data["family"])
        return actions.create_round(partner=form.cleaned_data["partner"], family=family, by=user, **form.values())

    return _form(request, form, _("A new round"), act)


@staff(Permission.PLAN_ROUNDS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, user = _planned(request, pk), user_of(request)
    partners, auditors = queries.planning_partners(user), queries.possible_auditors()
    form = RoundForm(request.POST or None, partners=partners, auditors=auditors, round_=row)
    return _form(
        request, form, _("Title and dates"), lambda: actions.change_round(round=row, by=user, **form.values()), row
    )


@staff(Permission.PLAN_ROUNDS)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What counts; its sentences stand beside the form as they are now."""
    row, user = _planned(request, pk), user_of(request)
    form = PolicyForm(request.POST or None, initial=row.rules)
    return _form(
        request, form, _("What counts"),
        lambda: actions.set_rules(round=row, policy=form.policy(row.rules["version"]), by=user), row,
        sentences=_show.rule_lines(row),
    )  # fmt: skip


def _planned(request: HttpRequest, pk: UUID) -> Round:
    """A round whose rules are not frozen; later nothing of it can be changed."""
    row = queries.open_mine(request.user, pk)
    if row.stage is not Status.DRAFT:
        raise Http404("frozen")
    return row


def _form(
    request: HttpRequest, form: OkatForm, title: str, act: Callable[[], Round], row: Round | None = None, **extra: Any
) -> HttpResponse:
    """Draw the form; when it is sent and right, act once and go to the round's page."""
    if request.method == "POST" and form.is_valid():
        try:
            url = once(
                user=user_of(request), token=form.cleaned_data["once"],
                do=lambda: reverse("rounds:manage", args=[act().pk]),
            )  # fmt: skip
        except UndoneError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(url)
    back = reverse("rounds:manage", args=[row.pk]) if row else reverse("rounds:list")
    context = {"form": form, "title": title, "round": row, "back": back, "sentences": [], **extra}
    return render(request, "rounds/form.html", context)


@staff(Permission.PLAN_ROUNDS)
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put published opportunities in and take them out; the search lives in the address."""
    row, user, text = _planned(request, pk), user_of(request), request.GET.get("q", "").strip()[:100]
    url = reverse("rounds:places", args=[row.pk]) + (f"?{request.GET.urlencode()}" if text else "")
    candidates = queries.candidates(row, text)
    if request.method == "POST":
        form = PlacesForm(request.POST, candidates=queries.candidates(row))

        def do() -> str:
            out = whole(request.POST.get("out"))
            if out is not None:
                actions.take_out(round=row, places=[out], by=user)
            elif form.is_valid():
                actions.add_places(round=row, opportunities=form.cleaned_data["add"], by=user)
            else:
                raise RoundError("places", _("Tick the opportunities to put in; one of them may be gone by now."))
            return url

        try:
            return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
        except RoundError as error:
            messages.error(request, str(error))
    context = {
        "round": row, "places": queries.places_of(row), "found": candidates[:LISTED], "text": text,
        "more": max(0, candidates.count() - LISTED), "listed": LISTED,
        "ticked": set(request.POST.getlist("add")), "back": reverse("rounds:manage", args=[row.pk]),
    }  # fmt: skip
    return render(request, "rounds/places.html", context)
