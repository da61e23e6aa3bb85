"""For everybody: does a certificate hold? And what wallets and verifiers read: keys and status lists."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import public
from okat.city.core.limits import limited
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning.forms.proofs import VerifyForm
from okat.city.learning.queries import proofs
from okat.city.learning.rules.completing import both
from okat.city.learning.rules.proofs import VERDICTS
from okat.files.credentials import Verdict


@public
@limited("learning.verify", limit=60, seconds=60)
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By file, of one certificate or of a passport: the signature itself is checked. By number: what the city has
    stored, without the learner's name."""
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        found = _answer(form) if form.is_valid() else []
    else:
        number = request.GET.get("number", "")[:60]
        form = VerifyForm(initial={"number": number})
        found = [_by_number(number)] if number else []
    return render(request, "learning/verify.html", {"form": form, "found": found})


def _answer(form: VerifyForm) -> list[dict[str, Any]]:
    file = form.cleaned_data["file"]
    if file is None:
        return [_by_number(form.cleaned_data["number"])]
    return [_by_file(verdict) for verdict in proofs.verdicts_of(file.read(proofs.MOST_BYTES + 1))]


def _by_file(verdict: Verdict) -> dict[str, Any]:
    award = verdict.award
    row = proofs.certificate_called(award.id) if award else None
    return {
        "holds": verdict.holds, "said": VERDICTS[verdict.code], "by_file": True,
        "learner": award.learner if award else "", "title": award.title if award else "",
        "provider": award.issuer.name if award else "", "criteria": both(award.criteria) if award else "",
        "issued": award.valid_from if award else None, "until": award.valid_until if award else None,
        "newer": getattr(row, "replaced_by", None), "replaces": row.replaces_id if row else None,
    }  # fmt: skip


def _by_number(number: str) -> dict[str, Any]:
    row = proofs.certificate_called(number)
    state = proofs.state_of(row) if row is not None else "unknown"
    return {
        "holds": not state, "said": VERDICTS[state], "by_file": False, "learner": "", "criteria": "",
        "title": name_of(row.opportunity) if row else "", "provider": name_of(row.opportunity.provider) if row else "",
        "issued": row.issued_at if row else None, "until": row.valid_until if row else None,
        "newer": getattr(row, "replaced_by", None), "replaces": row.replaces_id if row else None,
    }  # fmt: skip


@public
@require_GET
def did(request: HttpRequest) -> HttpResponse:
    """The city's public keys (did:web)."""
    return _open(proofs.described(), "application/did+json")


@public
@require_GET
def status(request: HttpRequest, number: int) -> HttpResponse:
    """A status list, signed, as it stands now."""
    return _open(proofs.status_list(number), "application/vc+json")


def _open(content: dict[str, Any], kind: str) -> HttpResponse:
    answer = HttpResponse(json.dumps(content, ensure_ascii=False), content_type=kind)
    answer["Access-Control-Allow-Origin"] = "*"  # wallets in browsers read it from other sites; it holds no secrets
    return answer
