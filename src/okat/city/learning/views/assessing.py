"""One learner of a course, for the teacher: what is missing, and what they could do before and after."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.models import Assessment, Enrolment
from okat.city.learning.queries import assessing as queries
from okat.city.learning.queries import courses
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.assessing import Gain, When
from okat.city.learning.rules.completing import lacking
from okat.city.learning.views import words
from okat.city.learning.views.completing import lang, missing
from okat.city.learning.views.teach import user_of
from okat.city.people.forms.questions import QuestionsForm, version_sent
from okat.city.people.models import Questionnaire
from okat.city.people.queries import may_see_sensitive
from okat.city.people.rules.questionnaire import asks_sensitive


@staff(Permission.TEACH)
@never_cache
@require_GET
def learner(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.open_learner(user_of(request), pk)
    assert found.person is not None
    rule = courses.rule_of(courses.completion_of(found.opportunity))
    done = courses.progress_of(found.opportunity, [found])[found.pk]
    active = found.standing == Standing.ACTIVE
    taken = queries.taken_by([found.pk])
    context = {
        "name": found.person.full_name, "course": found.opportunity, "done": done, "active": active,
        "standing": words.standing(found), "missing": missing(rule, lacking(rule, done)) if active else [],
        "lines": lines(
            taken, queries.instruments() if active else [], found,
            deep=may_see_sensitive(user_of(request), found.person),
        ), "title": name_of(found.opportunity),
    }  # fmt: skip
    return render(request, "learning/learner.html", context)


def lines(
    taken: list[Assessment], offered: list[Questionnaire], enrolment: Enrolment, *, deep: bool
) -> list[dict[str, Any]]:
    """One for each instrument that was used or may be: points before and after, the gain, and where to enter them.
    Points of an instrument with a sensitive question are for those who may see that (`deep`)."""
    taken = [row for row in taken if deep or not asks_sensitive(row.instrument.data)]
    kinds = {row.instrument.code: row.instrument for row in taken}
    for one in offered:
        kinds.setdefault(one.code, one)
    found = []
    for code, one in kinds.items():
        points = {row.moment: row.points for row in taken if row.instrument_id == one.pk}
        most = one.data["score"]["max"]
        both = Gain(points["before"], points["after"], most).points if len(points) == 2 else None
        steps = [
            (When(moment).label, points.get(moment), reverse("learning:assess", args=[enrolment.pk, code, moment]))
            for moment in When.values
        ]
        found.append({"title": one.data["title"][lang()], "most": most, "steps": steps, "gain": both})
    return found


@staff(Permission.TEACH)
@never_cache
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, pk: UUID, code: str, moment: str) -> HttpResponse:
    """The instrument's page, made from its data; what was not asked stays open and gives no points."""
    user = user_of(request)
    found = queries.open_learner(user, pk)
    if moment not in When.values:
        raise Http404("moment")
    when = When(moment)
    instrument = queries.instrument_for(found, code, when, version_sent(request.POST))
    assert found.person is not None
    form = QuestionsForm(
        request.POST or None, data_of=instrument.data, said=queries.said_at(found, instrument, when),
        sensitive=may_see_sensitive(user, found.person), version=instrument.version,
    )  # fmt: skip
    back = reverse("learning:learner", args=[pk])
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.assess(enrolment=found, instrument=instrument, moment=when, answers=form.answers(), by=user)
            messages.success(request, _("The assessment is kept."))
            return back

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except LearningError as refused:
            form.add_error(None, str(refused))
    context = {
        "title": instrument.data["title"][lang()], "when": when.label, "name": found.person.full_name, "form": form,
        "back": back, "hidden": form.has_sensitive and len(form.questions) < len(instrument.data["questions"]),
    }  # fmt: skip
    return render(request, "learning/assess.html", context)
