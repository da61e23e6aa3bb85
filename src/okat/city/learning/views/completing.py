"""When a course counts as completed: the provider says it, one sentence for each condition."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.completing import RuleForm
from okat.city.learning.queries import assessing
from okat.city.learning.queries import courses as queries
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.completing import Lack, Rule, lack_words, sentences
from okat.city.learning.views import words
from okat.city.learning.views.teach import user_of


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    found = queries.open_course(user, pk)
    kept, back = queries.completion_of(found), reverse("learning:course", args=[pk])
    required = [str(number) for number in kept.sessions.values_list("pk", flat=True)] if kept.pk else []
    initial = {
        "share": kept.share, "hours": kept.hours or None, "months": kept.months, "assessment": kept.assessment,
        "required": required,
    }  # fmt: skip
    every = [(one, words.when(one)) for one in queries.sessions_of(found)]
    sessions = [(one, said) for one, said in every if not words.off(one) or str(one.pk) in required]
    titles = [(one.code, one.data["title"][lang()]) for one in assessing.instruments()]
    form = RuleForm(request.POST or None, initial=initial, sessions=sessions, instruments=titles)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.set_rule(opportunity=found, by=user, **form.rule())
            return back

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except LearningError as refused:
            form.add_error(refused.code if refused.code in form.fields else "share", str(refused))
    context = {"title": name_of(found), "form": form, "back": back, "said": said(queries.rule_of(kept))}
    return render(request, "learning/rule.html", context)


def lang() -> str:
    return "en" if get_language() == "en" else "th"


def said(rule_of: Rule) -> list[str]:
    """The conditions, in the reader's language."""
    return sentences(rule_of, lang())


def missing(rule_of: Rule, lacks: tuple[Lack, ...]) -> list[str]:
    """What a learner still lacks, in the reader's language."""
    return [lack_words(rule_of, lack, lang()) for lack in lacks]
