"""Building who may take part: each press of a button goes round by the server and keeps everything typed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.catalogue import actions, solve
from okat.city.catalogue.forms import AnswersForm, Board, RuleForm
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.draft import Draft, sent_draft, stored_draft
from okat.city.catalogue.solve import ask
from okat.city.catalogue.views import words
from okat.city.catalogue.views.manage import user_of
from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of

EXAMPLE = "x"


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add, drop, group, try, save: `do` says which."""
    opportunity = read.open_mine(user_of(request), pk)
    if request.method != "POST":
        form = RuleForm(initial={"version": opportunity.version, "note": opportunity.rule_note})
        draft = stored_draft(opportunity.rule)
        return _show(request, opportunity, Board(draft or Draft(), check=False), form, deep=draft is None)
    do = request.POST.get("do", "")
    draft = sent_draft(request.POST)
    fresh = {"text": [str(_("The provider's own condition"))], "ref": [name_of(opportunity.provider)], "test": []}
    draft.step(do, request.POST, fresh)
    board = Board(draft, check=do in {"try", "save"})
    form = RuleForm(request.POST)
    if do == "save" and board.finished and form.is_valid():
        where = _keep(request, opportunity, board, form)
        if where:
            return HttpResponseRedirect(where)
    return _show(request, opportunity, board, form if do == "save" else _unchecked(form))


def _keep(request: HttpRequest, opportunity: Opportunity, board: Board, form: RuleForm) -> str:
    """Where to go next, or nothing where it was refused."""
    user, data = user_of(request), form.cleaned_data

    def do() -> str:
        actions.set_rule(
            opportunity=opportunity, rule=board.rule(), note=data["note"], by=user, version=data["version"]
        )
        return reverse("catalogue:open", args=[opportunity.pk])

    try:
        where = once(user=user, token=data["once"], do=do)
    except CatalogueError as refused:
        for fault in refused.faults:
            form.add_error(None, str(fault.words))
        form.seen(read.open_mine(user, opportunity.pk).version)
        return ""
    messages.success(request, _("Saved."))
    return where


def _unchecked(form: RuleForm) -> RuleForm:
    """The same typed values without a word about them."""
    return RuleForm(initial={name: form.data.get(name, "") for name in form.fields})


def _show(
    request: HttpRequest, opportunity: Opportunity, board: Board, form: RuleForm, *, deep: bool = False
) -> HttpResponse:
    rule = board.rule()
    trying = request.method == "POST" and request.POST.get("do") == "try"
    context: dict[str, Any] = {
        "opportunity": opportunity,
        "title": words.words_of(opportunity),
        "board": board,
        "form": form,
        "facts": ask.questions(),
        "said": board.said(),
        "deep": solve.explained(opportunity.rule) if deep and opportunity.rule else None,
        "trial": None,
        "examples": None,
    }
    if rule:
        questions = [ask.question(name) for name in ask.asked_by(rule)]
        sent = AnswersForm(request.POST if trying else None, questions=questions, prefix=EXAMPLE)
        if not trying and request.method == "POST":
            sent.initial = _typed(request, sent)
        context["examples"] = sent
        if trying and sent.is_valid():
            context["trial"] = ask.tried(rule, sent.values(), on=clock.today())
    return render(request, "catalogue/rule.html", context)


def _typed(request: HttpRequest, form: AnswersForm) -> dict[str, Any]:
    """What was typed for the examples, shown again."""
    found: dict[str, Any] = {}
    for one in form.questions:
        values = request.POST.getlist(f"{EXAMPLE}-{one.name}")
        found[one.name] = values if one.kind == "codes" and one.codes and not one.areas else (values or [""])[0]
    return found
