"""One case as those who work on it see it: what happened, the plan, and the step that is due."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from okat.city.accounts.models import User
from okat.city.cases import actions, queries
from okat.city.cases.forms import GoalForm, StepForm
from okat.city.cases.models import Case
from okat.city.cases.rules import CaseError, GoalStatus, LateError, Sector, Verb, reason_words
from okat.city.cases.views import act as acts
from okat.city.cases.views import words
from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.once import done, once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.core.templatetags.okat import be
from okat.city.people.queries import may_act_for as works_for
from okat.city.people.rules import Status

WORKS = (*queries.PERMITTED, Permission.MANAGE_NETWORK)


@staff(*WORKS)
@require_GET
def opened(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        case = queries.case_for(_user(request), pk)
    except Http404:
        return _gone(request, pk)
    return show(request, case)


@staff(*WORKS)
@require_POST
def act(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    user, step = _user(request), acts.step_of(verb)
    try:
        case = queries.case_for(user, pk)
    except Http404:
        url = done(user=user, token=request.POST.get("once", ""))
        return HttpResponseRedirect(url) if url else _gone(request, pk)
    try:
        url, form, wrong = acts.send(case, step, request.POST, user, lambda: _next(request, user, case, step))
    except LateError as late:
        return _late(request, pk, late)
    if url:
        messages.success(request, acts.told(case))
        return HttpResponseRedirect(url)
    assert wrong is not None
    return show(request, case, {wrong: form})


@staff(*WORKS)
@require_GET
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The case on paper."""
    case = queries.case_for(_user(request), pk)
    found = queries.page(_user(request), case, why="print")
    values = {"printed_at": clock.now(), "printed_by": request.user, **_values(found)}
    return render(request, "cases/sheet.html", values)


@staff(Permission.REFER)
@require_POST
def add_goal(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = _user(request)
    case = queries.case_for(user, pk)
    form = GoalForm(request.POST, case=case)
    if form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            actions.add_goal(
                case=case, sector=Sector(data["sector"]), partner=data["partner"], text=data["text"],
                due_on=data["due_on"], by=user,
            )  # fmt: skip
            return queries.page_of(case) + "#plan"

        try:
            return HttpResponseRedirect(once(user=user, token=data["once"], do=do))
        except UndoneError as refused:
            acts.add_refusal(form, refused)
    return show(request, case, goal=form)


@staff(*WORKS)
@require_POST
def end_goal(request: HttpRequest, pk: UUID, status: str) -> HttpResponse:
    if status not in (GoalStatus.MET, GoalStatus.DROPPED):
        raise Http404("status")
    user = _user(request)
    goal = queries.goal_for(user, pk)
    try:
        actions.end_goal(goal=goal, status=GoalStatus(status), by=user)
    except CaseError as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(_after(user, goal.case))


def show(
    request: HttpRequest, case: Case, bound: dict[Verb, StepForm] | None = None, *, goal: GoalForm | None = None,
    late: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page; `bound` is a form that came back with errors, `late` what somebody else did meanwhile."""
    found, sent = queries.page(_user(request), case), bound or {}
    steps = acts.drawn(found, sent)
    values = {
        **_values(found),
        "first": next((step for step in steps if step[0] is found.first), None),
        "others": [step for step in steps if step[0] is not found.first],
        "again": _again(found),
        "goal": goal or (GoalForm(case=case) if found.plans else None),
        "goal_open": goal is not None,
        "consent_missing": any(getattr(f, "refused", "") == "consent" for f in (*sent.values(), goal)),
        "late": late or acts.not_offered(sent, found.verbs),
        "typed": _typed(request) if late else "",
    }
    return render(request, "cases/case.html", values, status=status)


def _values(found: queries.Page) -> dict[str, object]:
    """What the page and its printed sheet share."""
    case = found.case
    return {
        "case": case,
        "found": found,
        "about": queries.title(case),
        "title": words.headline(case, found.first),
        "turn": words.turn(case),
        "late_words": words.late_words(case.due_on) if case.closed_at is None and case.given_back is None else "",
        "tone": words.tone(case),
        "late_now": words.late(case),
        "moments": words.timeline(found),
        "outcomes": words.outcomes(found),
        "person_url": queries.person_page(found.person.pk) if found.person else "",
        "queue": reverse("cases:queue"),
    }


def _again(found: queries.Page) -> str:
    """Where to look for something else for the person, if that is possible now."""
    if Verb.PROPOSE not in found.verbs or found.person is None:
        return ""
    return f"{reverse('cases:refer')}?person={found.person.pk}&case={found.case.pk}"


def _late(request: HttpRequest, pk: UUID, late: LateError) -> HttpResponse:
    """Somebody else acted first: the page as it stands now, and what was typed."""
    try:
        case = queries.case_for(_user(request), pk)
    except Http404:
        return _gone(request, pk)
    return show(request, case, late=f"{late} {acts.told(case)}", status=409)


def _gone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case that one's partner held and holds no more. Raises Http404 for all others."""
    ended = queries.was_with(_user(request), pk)
    if ended is None or ended.ended_at is None:
        raise Http404("case")
    reason = reason_words(Verb.RETURN, ended.reason) if ended.reason else ""
    values = {
        "about": queries.title(ended.case),
        "what": _("%(answer)s on %(day)s") % {"answer": ended.get_answer_display(), "day": be(ended.ended_at)},
        "reason": reason,
        "queue": reverse("cases:queue"),
        "typed": _typed(request) if request.method == "POST" else "",
    }
    return render(request, "cases/gone.html", values, status=409 if request.method == "POST" else 200)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("note", "")[:2000]


def _next(request: HttpRequest, user: User, case: Case, step: Verb) -> str:
    """Where an outcome says that a life has changed, whoever works for the person is asked to note it, once for all."""
    kind, person = request.POST.get("outcome", ""), case.person
    ends = step is Verb.FOLLOW_UP and kind in {"died", "moved"} and person is not None
    if (
        ends
        and person is not None
        and person.status == Status.ACTIVE
        and works_for(user, person, Permission.PIN_PERSON)
    ):
        return f"{reverse('people:changed', args=[person.pk])}?kind={kind}"
    return _after(user, case)


def _after(user: User, case: Case) -> str:
    """Back to the case while one may see it, else to the queue."""
    return queries.page_of(case) if queries.still_sees(user, case.pk) else reverse("cases:queue")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
