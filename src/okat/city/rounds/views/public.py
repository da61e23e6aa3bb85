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
        "cuts": _show.cut_lines(queries.cutoffs_of(decision)) if decision else [],
    }  # fmt: skip
    return render(request, "rounds/public.html", context)


@public
@require_GET
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    decision = _published(queries.open_public(pk))
    if decision is None:
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
    """Every cut-off; before the results are published for the round's own team alone."""
    row = queries.public_rounds().filter(pk=pk).first()
    decision = _published(row) if row else None
    if row and decision is None and queries.staff_rounds(request.user).filter(pk=pk).exists():
        decision = queries.latest(row)
    if decision is None:
        raise Http404("cut-offs")
    head = [_("Opportunity"), _("Places for"), _("Places"), _("Asked"), _("Cut-off"), _("Full")]
    rows = [
        [words(cut["title"]), cut["group"], cut["capacity"], cut["applied"], cut["priority"], int(cut["full"])]
        for cut in _show.cut_lines(queries.cutoffs_of(decision))
    ]
    return csv_file(f"round-{pk}-cutoffs.csv", [head, *rows])


def _published(row: Round) -> Decision | None:
    return queries.latest(row) if reached(row.stage, Status.PUBLISHED) else None


def _zip(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
