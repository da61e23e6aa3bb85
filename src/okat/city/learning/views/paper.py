"""The certificate as a sheet to print. The page `learning:own` says the same on the screen."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.core.access import signed_in
from okat.city.core.both import in_both, named_in_both
from okat.city.core.templatetags.okat import be
from okat.city.learning import actions
from okat.city.learning.models import Credential
from okat.city.learning.queries import proofs
from okat.city.learning.rules.completing import both
from okat.city.learning.rules.proofs import VERDICTS
from okat.city.learning.views.teach import user_of
from okat.files.papers import Both, Sheet, certificate_pdf


@signed_in
@never_cache
@require_GET
def certificate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tagged PDF in Thai and English. One that does not hold any more is not printed: its page says why."""
    user = user_of(request)
    found = proofs.own_certificate(user, pk)
    state = proofs.state_of(found)
    if state:
        messages.error(request, str(VERDICTS[state]))
        return redirect("learning:own", pk=pk)
    pdf = certificate_pdf(_sheet(found))
    actions.record_download(certificates=[found], by=user)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{pk}.pdf"'
    return answer


def _sheet(found: Credential) -> Sheet:
    """The name and the rule as they were signed, never as they stand now."""
    document = proofs.document_of(found)
    if document is None:
        raise Http404("certificate")
    subject, link = document["credentialSubject"], f"{proofs.base()}{reverse('learning:verify')}"
    facts = [
        (_both(_("Rule")), Both(*both(subject["achievement"]["criteria"]["narrative"]))),
        (_both(_("Issued")), _day(found.issued_at)),
    ]
    if found.valid_until is not None:
        facts.append((_both(_("Valid until")), _day(found.valid_until)))
    facts.append((_both(_("Number")), Both(str(found.pk))))
    return Sheet(
        heading=_both(_("Learning certificate")), learner=subject["identifier"][0]["identityHash"],
        completed=_both(_("completed the course")), title=named_in_both(found.opportunity),
        provider=named_in_both(found.opportunity.provider), facts=facts,
        check=_both(_("Scan the picture to see whether this certificate holds, or write its number at")),
        alt=_both(_("A QR code that opens the page on which everybody can check this certificate")).th,
        link=f"{link}?number={found.pk}", shown=link, at=found.issued_at,
    )  # fmt: skip


def _both(words: Promise) -> Both:
    return in_both(lambda: words)


def _day(at: dt.datetime) -> Both:
    return in_both(lambda: be(at, "long"))
