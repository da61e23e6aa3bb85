"""A resident's own cases: what happened, what comes, and saying yes or no to an offer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.forms import StepForm
from okat.city.cases.models import Case
from okat.city.cases.rules import TABLE, LateError, Verb, Who
from okat.city.cases.views import act as acts
from okat.city.cases.views import words
from okat.city.core import menu
from okat.city.core.access import signed_in


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    cases = list(queries.own_cases(_user(request))[:100])
    waiting = [case for case in cases if TABLE[case.stage].acts is Who.PERSON]
    lines = [(case, queries.title(case), words.late(case), words.own_headline(case)) for case in cases]
    return render(request, "cases/mine.html", {"lines": lines, "waiting": len(waiting), "back": _my_page()})


@signed_in
@require_GET
def opened(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, queries.own_case(_user(request), pk))


@signed_in
@require_POST
def answer(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    user, step = _user(request), acts.step_of(verb)
    case = queries.own_case(user, pk)
    try:
        url, form, wrong = acts.send(case, step, request.POST, user, lambda: queries.own_page(case))
    except LateError as late:
        return _show(request, queries.own_case(user, pk), late=f"{late} {acts.told(case)}", status=409)
    if url:
        messages.success(request, acts.told(case))
        return HttpResponseRedirect(url)
    assert wrong is not None
    return _show(request, case, {wrong: form})


def _show(
    request: HttpRequest, case: Case, bound: dict[Verb, StepForm] | None = None, *, late: str = "", status: int = 200
) -> HttpResponse:
    found, sent = queries.page(_user(request), case, why="own"), bound or {}
    steps = acts.drawn(found, sent, own=True)
    values = {
        "case": case,
        "found": found,
        "about": queries.title(case),
        "title": words.own_headline(case),
        "tone": words.tone(case),
        "moments": words.timeline(found, own=True),
        "first": next((step for step in steps if step[0] is found.first), None),
        "others": [step for step in steps if step[0] is not found.first],
        "late": late or acts.not_offered(sent, found.verbs),
        "back": reverse("cases:mine"),
        "my_data": _my_page(),
    }
    return render(request, "cases/own.html", values, status=status)


def _my_page() -> str:
    return menu.address("people:mine")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
