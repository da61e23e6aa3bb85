"""Hires: what was agreed, and how many are still in work."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.cases.rules import FOLLOW_UP_DAYS
from okat.city.core.access import public, staff
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be, words
from okat.city.jobs import actions
from okat.city.jobs.forms.hires import AgreeForm
from okat.city.jobs.models import Hire
from okat.city.jobs.queries import hires
from okat.city.jobs.rules import JobsError
from okat.city.jobs.views.words import pay_words

PAGE = 20


@staff(Permission.ANSWER_REFERRALS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    """`open`: only those that wait for what was agreed, as Today counts them."""
    rows = hires.hires_to(request.user)
    if request.GET.get("open") == "1":
        rows = hires.to_agree(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    columns = (Column(_("Job")), Column(_("Employer")), Column(_("Start")), Column(_("Pay")), Column(_("Agreed")))
    table = Table(columns, [_line(hire) for hire in page.object_list])
    return render(request, "jobs/hires.html", {"page": page, "table": table, "waiting": hires.waiting(request.user)})


def _line(hire: Hire) -> tuple[object, ...]:
    url = reverse("jobs:hire", args=[hire.pk])
    ended = _("ended %(day)s") % {"day": be(hire.ended_on)} if hire.ended_on else ""
    agreed = Cell(be(hire.agreed_at)) if hire.agreed_at else Cell(_("not said yet"), tone="warn")
    return Cell(words(hire.opportunity), url), words(hire.employer), Cell(be(hire.started_on), note=ended), \
        pay_words(hire), agreed  # fmt: skip


@staff(Permission.ANSWER_REFERRALS)
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    user, hire = request.user, hires.hire_to(request.user, pk)
    if hire is None:
        raise Http404
    form = AgreeForm(request.POST or None, hire=hire)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            names = ("pay", "pay_per", "hours", "started_on")
            actions.agree(hire=hire, by=user, **{name: form.cleaned_data[name] for name in names})
            return reverse("jobs:hires")

        try:
            to = once(user=user, token=form.cleaned_data["once"], do=do)
        except JobsError as error:
            form.add_error(error.code if error.code in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(to)
    note = _("Copied from the job; put right what was agreed. The person sees it on their own page.")
    context = {"form": form, "title": words(hire.opportunity), "partner": hire.employer, "send": _("So it was agreed")}
    return render(request, "jobs/form.html", {**context, "back": reverse("jobs:hires"), "note": note})


@public
@require_GET
def lasting(request: HttpRequest) -> HttpResponse:
    """Who is still in work after 30, 90 and 180 days, by employer and by course; weekly figures."""
    day, hired, employers = hires.by_employer()
    courses_day, courses = hires.by_course()
    context = {
        "employers": _table(_("Employer"), _("Hired"), employers),
        "courses": _table(_("Course"), _("Then hired"), courses),
        "any_employer": bool(employers), "any_course": bool(courses), "day": day,
        "courses_day": courses_day,
        "hired": hired,
    }  # fmt: skip
    return render(request, "jobs/lasting.html", context)


def _table(what: str, people: str, rows: list[hires.Lasting]) -> Table:
    days = [Column(_("In work after %(n)s days") % {"n": n}, number=True) for n in FOLLOW_UP_DAYS]
    lines = [
        (words(row.what), "–" if row.people is None else row.people, *(_of(row.at[n]) for n in FOLLOW_UP_DAYS))
        for row in rows
    ]
    return Table((Column(what), Column(people, number=True), *days), lines)


def _of(one: hires.Pair) -> str:
    if not one.whole:
        return "–"
    return _("%(part)s of %(whole)s") % {"part": "–" if one.part is None else one.part, "whole": one.whole}
