"""A learner's passport: all learning on one page, with certificates to keep, print and hand to a wallet."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.core import clock
from okat.city.core.access import signed_in
from okat.city.core.permissions import Permission
from okat.city.core.registries import Found, Panel, Step
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.models import Enrolment, PassportLink, Turn
from okat.city.learning.queries import line, proofs, recognising
from okat.city.learning.queries.passport import good_until
from okat.city.learning.rules import Standing
from okat.city.learning.rules.completing import both
from okat.city.learning.rules.proofs import VERDICTS
from okat.city.learning.views import words
from okat.city.learning.views.recognising import shown
from okat.city.learning.views.teach import user_of
from okat.city.people.queries import may_act_for
from okat.city.people.queries.pages import own_record


@signed_in
@require_GET
def passport(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    certificates = [
        (row, name_of(row.opportunity), VERDICTS[proofs.state_of(row)], not proofs.state_of(row))
        for row in proofs.own_certificates(user)
    ]
    enrolments, person = proofs.own_enrolments(user), own_record(user)
    courses = [
        (name_of(row.opportunity), name_of(row.opportunity.provider), words.standing(row),
         words.TONES[row.standing], be(row.began_at), reverse("learning:place", args=[row.opportunity_id]))
        for row in enrolments
    ]  # fmt: skip
    waits = [
        (name_of(row.opportunity), words.turn(row), reverse("learning:place", args=[row.opportunity_id]))
        for row in (line.open_turns(person.pk) if person else [])
    ]
    granted = recognising.granted_to(person) if person is not None else []
    context = {
        "certificates": certificates, "courses": courses, "waits": waits, "any": any(c[3] for c in certificates),
        "active": [(row, name_of(row.opportunity)) for row in enrolments if row.standing == Standing.ACTIVE],
        "recognised": [shown(row) for row in granted], "credits": sum(row.credits for row in granted),
    }  # fmt: skip
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
    rows, turns, links = proofs.learning_of(person)
    own = person.user_id == user.pk
    enrols = may_act_for(user, person, Permission.APPLY_FOR_OTHERS)
    closes = may_act_for(user, person, Permission.RECORD_CONSENT)
    if not (rows or turns or links or enrols):
        return None
    tail = "" if own else f"?person={person.pk}"

    def line(row: Enrolment | Turn, said: str) -> Found:
        return Found("", name_of(row.opportunity), said, _place(row, tail, enrols), row.opportunity.telling)

    lines = (
        *(line(row, words.turn(row)) for row in turns),
        *(line(row, words.standing(row)) for row in rows[:10]),
        *([_shown_to_others(links, person, own=own, closes=closes)] if links else []),
    )
    steps = [Step(_("My learning passport"), reverse("learning:mine"))] if own and rows else []
    if enrols:
        steps.append(Step(_("Enrol in a course"), reverse("learning:first-come") + tail))
    return Panel(_("Learning"), lines, tuple(steps))


def _shown_to_others(links: list[PassportLink], person: Any, *, own: bool, closes: bool) -> Found:
    page = reverse("learning:links", args=[person.pk]) if closes else ""
    said = ngettext(
        "%(n)s link shows the learning passport to others", "%(n)s links show the learning passport to others",
        len(links),
    ) % {"n": len(links)}  # fmt: skip
    last = max(links, key=lambda link: link.until)
    return Found("", said, good_until(last), reverse("learning:share") if own else page)


def _place(row: Enrolment | Turn, tail: str, enrols: bool) -> str:
    return reverse("learning:place", args=[row.opportunity_id]) + tail if enrols else ""
