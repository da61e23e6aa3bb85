"""One page for each round: where it stands, the one next action, and the result with its certificate."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.csvfile import csv_file
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.steady import in_tens, said_in_tens
from okat.city.core.templatetags.okat import be, words
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.forms import DrawForm
from okat.city.rounds.models import Decision, Round
from okat.city.rounds.rules import (
    STATUS_LABELS,
    STEPS,
    Answer,
    RoundError,
    Status,
    answer_words,
    next_step,
    reached,
    suppressed,
)
from okat.city.rounds.views import _show

SEES = (Permission.PLAN_ROUNDS, Permission.RUN_ROUNDS, Permission.ANSWER_APPEALS, Permission.AUDIT_DECISIONS)
SHOWN = 5
CROWDED = 3  # asked for so many times over

DO: dict[str, Callable[..., object]] = {
    "freeze": actions.freeze_round, "open": actions.open_round, "close": actions.close_round,
    "run": actions.run_round, "publish": actions.publish_round, "finish": actions.finish_round,
}  # fmt: skip


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@staff(*SEES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rounds = list(queries.counted(queries.staff_rounds(user))[:100])
    seats, decided, mine = queries.seats_of(rounds), queries.latest_of(rounds), queries.offices_run_by(user)
    columns = [
        Column(_("Round")), Column(_("Stands at")), Column(_("Next")), Column(_("Asked"), True),
        Column(_("Places"), True),
    ]  # fmt: skip
    rows = [
        [
            Cell(words(each), reverse("rounds:manage", args=[each.pk]), _dates(each)), STATUS_LABELS[each.stage],
            _next_words(each), _asked(each, decided.get(each.pk), exact=each.partner_id in mine), seats.get(each.pk, 0),
        ]
        for each in rounds
    ]  # fmt: skip
    running = sum(each.stage not in (Status.DRAFT, Status.FINISHED) for each in rounds)
    appeals = queries.open_appeals(user).count()
    waits = ngettext("%(n)s request for review waits", "%(n)s requests for review wait", appeals)
    title = ngettext("%(n)s round is under way", "%(n)s rounds are under way", running) % {"n": running}
    context = {
        "title": title, "rounds": rounds, "table": Table(columns, rows), "appeals": appeals,
        "may_plan": queries.planning_partners(user).exists(),
        "appeal_words": waits % {"n": appeals},
    }  # fmt: skip
    return render(request, "rounds/list.html", context)


def _asked(row: Round, decision: Decision | None, *, exact: bool) -> str:
    """How many ask: while people do, for those who run the round, and in whole tens for others; once it is decided as
    everybody reads it."""
    if decision is not None:
        asked = _totals(decision)["applicants"]
        return str(_("under ten")) if _few(decision) else "–" if asked is None else f"{asked:,}"
    return _counted(row.__dict__["asked"], exact=exact) if reached(row.stage, Status.OPEN) else "–"


def _counted(count: int, *, exact: bool) -> str:
    return f"{count:,}" if exact else said_in_tens(count)


def _few(decision: Decision) -> bool:
    return any(suppressed(decision.figures[key]) is None for key in ("applicants", "placed"))


def _dates(row: Round) -> str:
    return f"{be(row.opens_at)} – {be(row.closes_at)}" if row.opens_at else words(row.partner)


def _next_words(row: Round) -> str:
    found = next_step(row.stage)
    return str(found.label) if found else "–"


@staff(*SEES)
@require_GET
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, queries.open_staff(request.user, pk))


def show(request: HttpRequest, row: Round, draw: DrawForm | None = None) -> HttpResponse:
    """The round's page; `draw` is a form that was sent and not taken."""
    user, step = user_of(request), next_step(row.stage)
    may_run = queries.may_steer(user, row, Permission.RUN_ROUNDS)
    places = queries.places_of(row)
    audits = queries.may_audit(user, row)
    decision = (queries.latest if audits else queries.latest_public)(row)
    asked, exact = queries.standing_applications(row).count(), row.partner_id in queries.offices_run_by(user)
    asks = _headline(row, asked, places, exact=exact)
    context = {
        "round": row, "status": STATUS_LABELS[row.stage],
        "title": _decided(decision, audits=audits) if decision else asks,
        "note": _waits_for(row), "step": step if may_run else None, "may_run": may_run,
        "may_plan": queries.may_steer(user, row, Permission.PLAN_ROUNDS), "may_audit": audits,
        "labels": [*(str(each.label) for each in STEPS)], "current": list(Status).index(row.stage) + 1,
        "places": places, "rules": _show.rule_lines(row), "draft": row.stage is Status.DRAFT,
        **_draw(user, row, draw), "missing": _missing(row, places),
        "takes": row.stage is Status.OPEN, "drifts": [] if row.stage is Status.DRAFT else queries.drifts(places),
        "answers": _answers(row), "looks": row.looks.count(), "decision": decision,
        "published": reached(row.stage, Status.PUBLISHED), **(_result(row, decision) if decision else {"checks": []}),
    }  # fmt: skip
    return render(request, "rounds/manage.html", context)


def _draw(user: User, row: Round, form: DrawForm | None) -> dict[str, Any]:
    """The form, what was written down so far, and what that means for the reader."""
    entries = queries.draw_entries(row) if reached(row.stage, Status.CLOSED) else []
    may = row.stage in {Status.CLOSED, Status.DRAWN} and queries.may_draw(user, row)
    latest = {each.by_id: each for each in entries}
    others = [each for pk, each in latest.items() if pk != user.pk]
    return {
        "draws": row.stage is Status.CLOSED and may, "redraws": row.stage is Status.DRAWN and may,
        "draw": form or DrawForm(), "draw_label": STEPS[3].label, "entries": entries, "entered": user.pk in latest,
        "confirms": bool(others) and user.pk not in latest,
        "differ": row.stage is Status.CLOSED and len({each.digits for each in latest.values()}) > 1,
    }  # fmt: skip


def _headline(row: Round, asked: int, places: list[Any], *, exact: bool) -> str:
    seats = sum(place.capacity for place in places if not place.off)
    if reached(row.stage, Status.OPEN):
        values = {"asked": _counted(asked, exact=exact), "seats": f"{seats:,}"}
        if not exact and in_tens(asked) is None:
            return _("Fewer than ten people ask for %(seats)s places") % values
        return _("%(asked)s people ask for %(seats)s places") % values
    count = ngettext("%(n)s opportunity", "%(n)s opportunities", len(places)) % {"n": len(places)}
    return _("%(seats)s places in %(count)s") % {"seats": f"{seats:,}", "count": count}


def _totals(decision: Decision) -> dict[str, int | None]:
    """How many asked and got a place, as everybody reads it: whoever runs the round could else count one version from
    another, and learn what became of one person."""
    shown = decision.shown or {}
    return {key: shown.get(key) for key in ("applicants", "placed")}


def _decided(decision: Decision, *, audits: bool) -> str:
    values = decision.figures if audits else {**decision.figures, **_totals(decision)}
    told = {key: f"{values[key]:,}" for key in ("applicants", "places", "placed") if values[key] is not None}
    if _few(decision):
        return _("%(places)s places; fewer than ten people asked or got one") % told
    if {"applicants", "placed"} <= told.keys():
        return _("%(applicants)s people asked, there are %(places)s places, %(placed)s got one") % told
    if "applicants" in told:
        return _("%(asked)s people asked for %(seats)s places") % {"asked": told["applicants"], "seats": told["places"]}
    return _("%(places)s places were given out") % told


def _waits_for(row: Round) -> str:
    """What the clock does by itself, and when."""
    if row.stage is Status.FROZEN:
        return _("It opens by itself on %(day)s.") % {"day": be(row.opens_at)}
    if row.stage is Status.OPEN:
        return _("It closes by itself on %(day)s.") % {"day": be(row.closes_at)}
    if row.stage is Status.CLOSED:
        return _("%(draw)s is drawn on %(day)s.") % {"draw": row.draw_th, "day": be(row.draw_on)}
    if row.stage is Status.PUBLISHED and row.answer_by:
        return _("First offers are answered by %(day)s; freed places go to the waiting lists.") % {
            "day": be(row.answer_by)
        }
    return ""


def _missing(row: Round, places: list[Any]) -> list[tuple[str, str]]:
    """What a planned round lacks before its rules can be frozen: words and where to give it."""
    if row.stage is not Status.DRAFT:
        return []
    found = []
    if not (row.opens_at and row.closes_at and row.draw_on and row.draw_th):
        found.append((_("Give the dates and name the public draw"), reverse("rounds:edit", args=[row.pk])))
    if not places:
        found.append((_("Choose the places"), reverse("rounds:places", args=[row.pk])))
    return found


def _answers(row: Round) -> list[tuple[Any, str]]:
    """In whole tens, for whoever runs it too: they stand as of now, and so beyond the last version for everybody."""
    counts = queries.answers(row)
    return [(answer_words(answer, row.stage), said_in_tens(counts.get(answer, 0))) for answer in Answer if counts]


def _result(row: Round, decision: Decision) -> dict[str, Any]:
    """Certificate, who got against who asked, and the highest cut-offs: of the last version that may be shown."""
    public = queries.latest_public(row)
    shares = solve.shares(public.shown or {}) if public else []
    areas = queries.area_names(each.group.partition(":")[2] for each in shares if each.group.startswith("area:"))
    lines = _show.share_lines(shares, areas)
    cuts = _show.cut_lines(queries.cutoffs_of(public), {}) if public else []
    top = [cut for cut in cuts if cut["seat_class"] == "open" and cut["low"] is not None][:SHOWN]
    asked, places = queries.asked_for(row), queries.places_of(row)
    crowded = sum(asked.get(place.pk, 0) >= CROWDED * place.capacity > 0 for place in places if not place.off)
    return {
        "checks": _show.checks_of(decision), "compared": f"{decision.figures['compared']:,}",
        "shares": [line for line in lines if not line.area], "area_shares": [line for line in lines if line.area],
        "cuts": cuts, "top": top, "public": public,
        "crowded": ngettext(
            "%(n)s opportunity was asked for three times over or more",
            "%(n)s opportunities were asked for three times over or more", crowded,
        ) % {"n": crowded} if crowded else "",
    }  # fmt: skip


@staff(Permission.RUN_ROUNDS)
@require_POST
def take_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The one next action; asked for twice it is done once."""
    row, verb = queries.open_mine(request.user, pk), request.POST.get("verb", "")
    user, url = user_of(request), reverse("rounds:manage", args=[row.pk])

    def do() -> str:
        if verb not in DO:
            raise RoundError("step", _("Choose what to do next."))
        DO[verb](round=row, by=user)
        return url

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except RoundError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url)


@staff(Permission.RUN_ROUNDS, Permission.AUDIT_DECISIONS)
@require_POST
def draw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The digits of the public draw, entered or confirmed; what does not read is said next to the field, and so is that
    another person wrote something else."""
    row, form = queries.open_staff(request.user, pk), DrawForm(request.POST)
    user, url = user_of(request), reverse("rounds:manage", args=[row.pk])
    if form.is_valid():

        def do() -> str:
            actions.enter_draw(round=row, result=form.cleaned_data["result"], by=user)
            return url

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except RoundError as error:
            form.add_error("result", str(error))
    return show(request, row, form)


@staff(*SEES)
@require_GET
def shares_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.open_staff(request.user, pk)
    decision = queries.latest(row)
    if decision is None:
        raise Http404("shares")
    found = _result(row, decision)
    head = [_("Group"), _("Share of those who got (%)"), _("Share of those who asked (%)"), _("Difference")]
    rows = [[line.name, _one(line.got), _one(line.asked), line.gap] for line in found["shares"] + found["area_shares"]]
    return csv_file(f"round-{row.pk}-shares.csv", [head, *rows])


def _one(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
