"""What a partner's jobs and courses have to do with work, and the city's list of skills with its gaps."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.catalogue.views.words import amount_words
from okat.city.core import permissions
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import words
from okat.city.jobs import actions
from okat.city.jobs.forms.work import AdoptForm, WorkForm, first
from okat.city.jobs.queries import skills, ways
from okat.city.jobs.queries.skills import Used
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.rows import WorkRow
from okat.city.taxonomy.models import Vocabulary
from okat.files import esco

KINDS = {Vocabulary.SKILL.value: gettext_lazy("Skill"), Vocabulary.OCCUPATION.value: gettext_lazy("Occupation")}


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    rows = ways.described(request.user)
    open_ = sum(1 for _row, work in rows if work is None or work.occupation is None)
    imports = permissions.may(request.user, Permission.IMPORT_OPPORTUNITIES)
    context = {"rows": rows, "silent": open_, "imports": imports}
    return render(request, "jobs/works.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    user, opportunity = request.user, ways.one_of_mine(request.user, pk)
    if opportunity is None:
        raise Http404
    work = ways.work_of(opportunity)
    form = WorkForm(request.POST or None, initial=first(skills.row_of(work) if work else WorkRow()))
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.describe_work(opportunity=opportunity, row=form.row(), by=user)
            return reverse("jobs:works")

        try:
            to = once(user=user, token=form.cleaned_data["once"], do=do)
        except JobsError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(to)
    context = {
        "form": form, "title": words(opportunity), "partner": opportunity.provider, "pay": amount_words(opportunity),
        "opportunity": opportunity,
    }  # fmt: skip
    return render(request, "jobs/work.html", context)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_http_methods(["GET", "POST"])
def skill_list(request: HttpRequest) -> HttpResponse:
    """The words in use with their codes, gaps first; `?q=` searches ESCO, and a found skill can be taken over."""
    assert isinstance(request.user, User)
    user, form = request.user, AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.adopt_skill(by=user, **{name: form.cleaned_data[name] for name in ("uri", "en", "th")})
            return reverse("jobs:skills")

        try:
            to = once(user=user, token=form.cleaned_data["once"], do=do)
        except JobsError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The skill stands among the city's words now."))
            return HttpResponseRedirect(to)
    asked = request.GET.get("q", "")[:100]
    chosen = form.data.get("uri", "") if form.is_bound else request.GET.get("take", "")
    entry = esco.skills().get(chosen)
    if entry is not None and not form.is_bound:
        form = AdoptForm(initial={"uri": entry.uri})
    rows = skills.used()
    context = {
        "table": _table(rows), "asked": asked, "found": esco.search(asked) if asked else None, "entry": entry,
        "form": form, "installed": esco.installed(), "no_thai": sum(row.lacks_thai for row in rows),
        "no_code": sum(row.lacks_code for row in rows), "number": len(rows),
    }  # fmt: skip
    return render(request, "jobs/skills.html", context)


def _table(rows: list[Used]) -> Table:
    columns = (
        Column(_("Thai")), Column(_("English")), Column(_("Kind of word")), Column(_("Code in the standard")),
        Column(_("Its name there")), Column(_("Used by"), number=True),
    )  # fmt: skip
    return Table(columns, [_line(row) for row in rows])


def _line(row: Used) -> tuple[object, ...]:
    thai = row.term.th or Cell(_("Thai is missing"), tone="warn")
    code = row.code or Cell(_("no code"), tone="warn")
    return thai, row.term.en, KINDS[row.term.vocabulary], code, row.name or "–", row.times
