"""A resident's side: my applications, why this result, answering an offer, asking for a review."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.access import signed_in
from okat.city.core.ending import asks_first
from okat.city.core.once import once
from okat.city.people.queries import accesses_of, may_see_sensitive
from okat.city.people.queries.code_slips import slips_about
from okat.city.people.rules import LIVING
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.forms import ReasonForm
from okat.city.rounds.models import Application, Decision, Result
from okat.city.rounds.rules import (
    APPEAL_LABELS,
    NEXT_STEP_LABELS,
    STATUS_LABELS,
    Answer,
    NextStep,
    RoundError,
    Status,
    answer_words,
    reached,
    suppressed,
)
from okat.city.rounds.rules import Appeal as AppealStatus
from okat.city.rounds.views import _show
from okat.city.rounds.views.leaving import ending


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    rows = [(row, STATUS_LABELS[row.round.stage], *_answer(row)) for row in queries.own_applications(request.user)]
    return render(request, "rounds/mine.html", {"rows": rows, "open_rounds": queries.open_rounds()})


def _answer(row: Application) -> tuple[Any, Any]:
    """The answer in words and the place it is about, once the results are out."""
    result = getattr(row, "result", None) if reached(row.round.stage, Status.PUBLISHED) else None
    if result is None:
        return "", None
    return answer_words(result.stands, row.round.stage), result.about.opportunity if result.about else None


@signed_in
@require_GET
def why(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why this result: score against cut-off, the score's parts, the place on the waiting list, who has looked."""
    return _page(request, queries.open_application(request.user, pk), ReasonForm())


def _page(request: HttpRequest, row: Application, form: ReasonForm) -> HttpResponse:
    queries.note_read(request.user, row)
    assert isinstance(request.user, User)
    own = row.person is not None and row.person.user_id == request.user.pk
    deep = row.person is not None and may_see_sensitive(request.user, row.person)
    helps = row.person is not None and not own and queries.may_apply_for(request.user, row.person)
    return render(
        request,
        "rounds/why.html",
        {**shown(row, own=own, deep=deep), "form": form, "helps": helps, "acts": own or helps},
    )


def shown(row: Application, *, own: bool, deep: bool) -> dict[str, Any]:
    """What the page says, to the person (`own`), and of what is sensitive (`deep`)."""
    result = queries.result_of(row) if reached(row.round.stage, Status.PUBLISHED) else None
    choices = queries.choices_of(row)
    reasons: list[dict[str, Any]] = []
    told = None
    decision = queries.latest(row.round) if result else None
    if result and decision:
        told = solve.explained(
            decision.audit_digest, lambda: queries.audit_of(row.round, decision), row.pseudonym, seed=row.round.seed
        )
        by_code = {choice.place.code: choice for choice in choices}
        reasons = [_reason(each, by_code[each.code]) for each in told.reasons] if deep else []
    waits = told is not None and result is not None and solve.waits(row, result)
    waited = solve.waited_for(told) if told is not None and waits else set()
    held = next((choice for choice in choices if result and result.place_id == choice.place_id), None)
    looks = accesses_of(row.person) if row.person else []
    return {
        "row": row, "round": row.round, "result": result, "choices": choices, "held": held, "reasons": reasons,
        "rank": held.rank if held else 0, "told": told, "in_line": waits,
        "turns": queries.named((each.place for each in choices if each.place.code in waited), deep=deep),
        "listed": [
            (each, queries.place_name(offer := each.place.opportunity, deep=deep), queries.hidden(offer, deep=deep))
            for each in choices
        ],
        "held_name": queries.place_name(held.place.opportunity, deep=deep) if held else "",
        "about_name": queries.place_name(result.about.opportunity, deep=deep) if result and result.about else "",
        "lost_name": queries.place_name(result.lost.opportunity, deep=deep) if result and result.lost else "",
        "lost_why": result.lost.opportunity.end_reason
        if result and result.lost and not queries.hidden(result.lost.opportunity, deep=deep)
        else "",
        "looks": looks[:5], "look_count": len(looks),
        "offered": result is not None and result.answer == Answer.OFFERED,
        "accepted": result is not None and result.answer == Answer.ACCEPTED,
        "answer": answer_words(result.stands, row.round.stage) if result else "",
        "status": STATUS_LABELS[row.round.stage],
        "until": queries.moment_words(result.held_until) if result else "",
        "returning": result is not None and result.answer == Answer.RETURNING and _held(result),
        "waits": waits and result is not None and result.answer == Answer.WAITING,
        "ended": result is not None
        and (result.answer == Answer.CANCELLED or (result.answer == Answer.WAITING and not waits)),
        "lost": result.lost if result and result.lost_id != result.place_id else None,
        "auditors": row.round.auditors.order_by("name") if told else [],
        "decision": decision, "deep": deep, "free": _free(told, choices) if told else [],
        "reviews": (reviews := [_review(each) for each in queries.reviews_of(row)]),
        "asked": any(each["open"] for each in reviews),
        "agreed": row.person is not None and queries.agreed(row.person, row.round) is not None,
        "earlier": decision and decision.shown is None and queries.latest_public(row.round),
        "own": own, "takes": row.round.stage is Status.OPEN and row.withdrawn_at is None,
        "again": row.withdrawn_at is not None and row.round.stage is Status.OPEN and row.person is not None
        and row.person.status in LIVING and queries.application_of(row.round, row.person) is None,
        "slips": list(slips_about(queries.PAGE, row.pk)),
    }  # fmt: skip


def _held(result: Result) -> bool:
    """Whether a place that was given back can still be taken back."""
    return result.held_until is not None and clock.now() < result.held_until


def _reason(told: Any, choice: queries.ChoiceTold) -> dict[str, Any]:
    """The seat class whose cut-off lies nearest is the one to show beside the score. The score, its parts, its order
    and the groups say what is sensitive: this is for nobody else."""
    cuts = [each for each in told.classes if each.cutoff is not None or each.band is not None]
    nearest = min(cuts, key=_from) if cuts else None
    most = max([100, told.score, *(each.cutoff for each in cuts if each.cutoff is not None)])
    return {
        "place": choice.place, "told": told, "parts": choice.parts, "most": most,
        "cutoff": nearest.cutoff if nearest else None, "applied": suppressed(told.applied),
        "band": nearest.band if nearest else None,
        "high": nearest.band.below - 1 if nearest and nearest.band else None,
        "group": _show.group_name(nearest.seat_class) if nearest and nearest.seat_class != "open" else "",
        "lottery": nearest is not None and nearest.below == "lottery",
    }  # fmt: skip


def _from(one: solve.ClassTold) -> int:
    """Where a cut-off begins, as far as it is told."""
    return one.cutoff if one.cutoff is not None else one.band.low if one.band else 0


def _free(told: Any, choices: list[queries.ChoiceTold]) -> list[dict[str, Any]]:
    listed = {choice.place.code for choice in choices}
    found = queries.places_by_code(choices[0].place.round_id, set(told.free) - listed) if choices else []
    left = {place.pk: told.free[place.code] for place in found}
    return [{"place": place, "left": _show.free_words(place, left)} for place in found if not place.off][:3]


def _review(told: queries.ReviewTold) -> dict[str, Any]:
    return {
        "review": told.review,
        "answer": told.answer,
        "reason": told.reason,
        "status": APPEAL_LABELS[AppealStatus(told.review.status)],
        "open": told.review.status == AppealStatus.OPEN,
        "next": NEXT_STEP_LABELS[NextStep(told.review.next_step)] if told.review.next_step else "",
    }


@signed_in
@require_POST
@asks_first(ending)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept, decline, take back what was declined, or stop waiting; sent twice it counts once."""
    row = queries.open_application(request.user, pk)
    assert isinstance(request.user, User)
    user, wish = request.user, request.POST.get("answer", "")
    url = reverse("rounds:why", args=[row.pk])

    def do() -> str:
        if wish == "accept":
            actions.accept_place(application=row, by=user, keep_waiting=request.POST.get("keep") == "1")
        elif wish == "decline":
            actions.decline_place(application=row, by=user)
        elif wish == "back":
            actions.take_back(application=row, by=user)
        elif wish == "stop":
            actions.stop_waiting(application=row, by=user)
        else:
            raise RoundError("answer", _("Choose whether to take the place."))
        return url

    return _done(request, lambda: once(user=user, token=request.POST.get("once", ""), do=do), url)


@signed_in
@require_POST
def ask_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once; a request without a reason is drawn again beside the result."""
    row = queries.open_application(request.user, pk)
    assert isinstance(request.user, User)
    user, url, form = request.user, reverse("rounds:why", args=[row.pk]), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)

    def do() -> str:
        actions.appeal(application=row, reason=form.cleaned_data["reason"], by=user)
        return url

    return _done(request, lambda: once(user=user, token=form.cleaned_data["once"], do=do), url)


@signed_in
@require_GET
def row(request: HttpRequest, pk: UUID, *, published: bool = False) -> HttpResponse:
    """One's own row with its salts: proof that it is among the committed ones, and what it was compared with. It names
    groups and cut-offs: it is for the person's own account alone. `published`: as it stood in the version whose bundle
    everybody may take, instead of the newest, which may be the auditors' alone."""
    found = queries.open_own(request.user, pk)
    version = queries.latest_public if published else queries.latest
    decision = version(found.round) if reached(found.round.stage, Status.PUBLISHED) else None
    if decision is None:
        raise Http404("row")
    queries.note_read(request.user, found)
    return row_file(found, decision)


def row_file(found: Application, decision: Decision) -> HttpResponse:
    names = [each.name for each in found.round.auditors.order_by("name")]
    audit = queries.audit_of(found.round, decision)
    own = solve.rows_of(audit, found.pseudonym, seed=found.round.seed, auditors=names)
    response = JsonResponse(own, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.receipt}-v{decision.version}.json"'
    return response


def _done(request: HttpRequest, do: Any, url: str) -> HttpResponse:
    try:
        return HttpResponseRedirect(do())
    except RoundError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url)
