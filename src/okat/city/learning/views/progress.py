"""One course of one's own: what is still missing, and what was gained."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.core.access import signed_in
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning.queries import assessing, courses, proofs
from okat.city.learning.rules import Standing
from okat.city.learning.rules.completing import lacking
from okat.city.learning.views import words
from okat.city.learning.views.assessing import lines
from okat.city.learning.views.completing import missing, said
from okat.city.learning.views.teach import user_of


@signed_in
@never_cache
@require_GET
def course(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = proofs.own_enrolment(user_of(request), pk)
    rule = courses.rule_of(courses.completion_of(found.opportunity))
    done = courses.progress_of(found.opportunity, [found])[found.pk]
    active = found.standing == Standing.ACTIVE
    context = {
        "title": name_of(found.opportunity), "provider": name_of(found.opportunity.provider), "done": done,
        "standing": words.standing(found), "active": active, "said": said(rule),
        "missing": missing(rule, lacking(rule, done)) if active else [],
        "lines": lines(assessing.taken_by([found.pk]), [], found, deep=True),
    }  # fmt: skip
    return render(request, "learning/progress.html", context)
