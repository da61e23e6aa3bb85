"""What anybody may see of a round: rules, dates, commitment, cut-offs, certificate, the public bundle."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core.access import public, staff
from okat.city.core.csvfile import csv_file
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words
from okat.city.rounds import queries
from okat.city.rounds.models import Decision, Round
from okat.city.rounds.rules import STATUS_LABELS, Status, reached
from okat.city.rounds.views import _show


@public
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    rounds = [(each, STATUS_LABELS[each.stage]) for each in queries.public_rounds()[:100]]
    return render(request, "rounds/index.html", {"rounds": rounds})


@public
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.open_public(pk)
    decision = _published(row)
    context = {
        "round": row, "status": STATUS_LABELS[row.stage], "rules": _show.rule_lines(row),
        "places": queries.places_of(row), "decision": decision, "open": row.stage is Status.OPEN,
        "checks": _show.checks_of(decision) if decision else [],
        "shown": decision.shown if decision else None,
        "cuts": _show.cut_lines(queries.cutoffs_of(decision), queries.free_of(row)) if decision else [],
        "roots": queries.roots_of(row) if decision else [],
        "auditors": row.auditors.order_by("name") if decision else [],
    }  # fmt: skip
    return render(request, "rounds/public.html", context)


@public
@require_GET
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    decision = _published(queries.open_public(pk))
    if decision is None or decision.public is None:
        raise Http404("bundle")
    return _zip(bytes(decision.public), f"round-{pk}-v{decision.version}-public.zip")


@staff(Permission.AUDIT_DECISIONS)
@require_GET
def audit_bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only for the auditors named in this round; taking it is recorded."""
    assert isinstance(request.user, User)
    row = queries.open_audited(request.user, pk)
    decision = queries.latest(row)
    if decision is None:
        raise Http404("bundle")
    return _zip(queries.audit_bytes(row, decision, request.user), f"round-{pk}-v{decision.version}-audit.zip")


@public
@require_GET
def cutoffs_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every place and seat class with its band; before the results are published for the round's own team alone."""
    row = queries.public_rounds().filter(pk=pk).first()
    decision = _published(row) if row else None
    if row and decision is None and queries.staff_rounds(request.user).filter(pk=pk).exists():
        decision = queries.latest_public(row)
    if row is None or decision is None:
        raise Http404("cut-offs")
    head = [_("Opportunity"), _("Places for"), _("Places"), _("Cut-off from"), _("Cut-off to"), _("Free places")]
    rows = [
        [words(cut["title"]), cut["group"], cut["seats"], cut["low"], cut["high"], cut["free"]]
        for cut in _show.cut_lines(queries.cutoffs_of(decision), queries.free_of(row))
    ]
    return csv_file(f"round-{pk}-cutoffs.csv", [head, *rows])


def _published(row: Round) -> Decision | None:
    """The last version that is for everybody; later ones stay with the auditors until more people are concerned."""
    return queries.latest_public(row) if reached(row.stage, Status.PUBLISHED) else None


def _zip(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
