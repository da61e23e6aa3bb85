"""A learner's passport: all learning on one page, with certificates to keep, print and hand to a wallet."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.core import clock
from okat.city.core.access import signed_in
from okat.city.core.registries import Found, Panel, Step
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.queries import proofs
from okat.city.learning.rules.completing import both
from okat.city.learning.rules.proofs import VERDICTS
from okat.city.learning.views import words
from okat.city.learning.views.teach import user_of


@signed_in
@require_GET
def passport(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    certificates = [
        (row, name_of(row.opportunity), VERDICTS[proofs.state_of(row)], not proofs.state_of(row))
        for row in proofs.own_certificates(user)
    ]
    courses = [
        (name_of(row.opportunity), name_of(row.opportunity.provider), words.standing(row.standing),
         words.TONES[row.standing], be(row.began_at))
        for row in proofs.own_enrolments(user)
    ]  # fmt: skip
    context = {"certificates": certificates, "courses": courses, "any": any(c[3] for c in certificates)}
    context["active"] = [
        (row, name_of(row.opportunity)) for row in proofs.own_enrolments(user) if row.standing == "active"
    ]
    return render(request, "learning/mine.html", context)


@signed_in
@require_GET
def certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To print: in words, with the picture that leads whoever doubts it to the public page."""
    found = proofs.own_certificate(user_of(request), pk)
    document = proofs.document_of(found)
    if document is None:
        raise Http404("certificate")
    link = f"{proofs.base()}{reverse('learning:verify')}?number={found.pk}"
    state, subject = proofs.state_of(found), document["credentialSubject"]
    context = {
        "certificate": found, "title": name_of(found.opportunity), "learner": subject["identifier"][0]["identityHash"],
        "criteria": both(subject["achievement"]["criteria"]["narrative"]), "said": VERDICTS[state], "holds": not state,
        "picture": words.picture(link), "day": clock.today(),
    }  # fmt: skip
    return render(request, "learning/certificate.html", context)


@signed_in
@never_cache
@require_GET
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The certificate itself, as any wallet takes it."""
    user = user_of(request)
    found = proofs.own_certificate(user, pk)
    actions.record_download(certificates=[found], by=user)
    return as_file(proofs.document_of(found), f"certificate-{pk}.json")


def as_file(content: Any, name: str) -> HttpResponse:
    answer = HttpResponse(json.dumps(content, ensure_ascii=False, indent=1), content_type="application/vc+json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def panel(user: Any, person: Any) -> Panel | None:
    """What learning adds to a person's page: courses and how they stand."""
    rows = proofs.enrolments_of(person)
    own = person.user_id == user.pk
    if not rows:
        return None
    lines = tuple(
        Found("learning", name_of(row.opportunity), words.standing(row.standing), "") for row in rows[:10]
    )  # fmt: skip
    steps = (Step(_("My learning passport"), reverse("learning:mine")),) if own else ()
    return Panel(_("Learning"), lines, steps)
