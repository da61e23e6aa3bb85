"""Planning a course's sessions, a day that makes up for another, and the sheet to sign in on paper."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.holidays import holidays
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.timetable import WEEKDAYS, MakeUpForm, TimetableForm
from okat.city.learning.queries import courses
from okat.city.learning.queries.proofs import base
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.timetable import Planned, days, passed_over
from okat.city.learning.views import words
from okat.city.learning.views.teach import user_of


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First the rule, then the days that follow from it, each with a tick: nothing is stored before they are sent."""
    found = courses.open_course(user_of(request), pk)
    form = TimetableForm(request.POST or None)
    planned: list[Planned] = []
    over: list[Planned] = []
    if request.method == "POST" and form.is_valid():
        planned, over = days(form.plan(), holidays()), passed_over(form.plan(), holidays())
        if not planned:
            form.add_error("first", _("No such day lies in this time."))
        elif "save" in request.POST:
            answer = _save(request, found, form, planned)
            if answer is not None:
                return answer
    context = {
        "course": found, "form": form, "days": _shown(request, found, form, planned),
        "over": [f"{_said(one)} ({name_of(one.holiday)})" for one in over],
        "unsure": any(one.holiday and not one.holiday.verified for one in (*planned, *over)),
        "known": bool(holidays()),
    }  # fmt: skip
    return render(request, "learning/timetable.html", context)


def _shown(
    request: HttpRequest, course: Opportunity, form: TimetableForm, planned: list[Planned]
) -> list[dict[str, Any]]:
    if not planned:
        return []
    ticked = set(request.POST.getlist("day")) if "save" in request.POST else None
    there = {timezone.localtime(one.start) for one in courses.sessions_of(course)}
    at = form.cleaned_data["start"]
    return [
        {
            "iso": one.day.isoformat(), "words": _said(one),
            "holiday": name_of(one.holiday) if one.holiday else "",
            "there": timezone.make_aware(dt.datetime.combine(one.day, at)) in there,
            "ticked": one.day.isoformat() in ticked if ticked is not None else one.holiday is None,
        }
        for one in planned
    ]  # fmt: skip


def _said(one: Planned) -> str:
    return f"{WEEKDAYS[one.day.weekday()][1]} {be(one.day)}"


def _save(
    request: HttpRequest, course: Opportunity, form: TimetableForm, planned: list[Planned]
) -> HttpResponse | None:
    user, ticked = user_of(request), set(request.POST.getlist("day"))
    wanted = [one.day for one in planned if one.day.isoformat() in ticked]
    hours = {name: form.cleaned_data[name] for name in ("start", "end")}

    def do() -> str:
        made = actions.plan_sessions(opportunity=course, days=wanted, by=user, **hours)
        messages.success(request, ngettext("%(n)s session was added.", "%(n)s sessions were added.", len(made))
                         % {"n": len(made)})  # fmt: skip
        return reverse("learning:course", args=[course.pk])

    try:
        return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
    except LearningError as refused:
        form.add_error(None, str(refused))
        return None


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def make_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day for a session."""
    user = user_of(request)
    found = courses.open_session(user, pk)
    local = [timezone.localtime(at).strftime("%H:%M") for at in (found.start, found.end)]
    form = MakeUpForm(request.POST or None, initial={"start": local[0], "end": local[1]})
    holiday = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        holiday = holidays().get(data["day"])

        def do() -> str:
            made = actions.plan_make_up(missed=found, day=data["day"], start=data["start"], end=data["end"], by=user)
            messages.success(request, _("The make-up session is planned, and whoever has an account is told."))
            return reverse("learning:session", args=[made.pk])

        try:
            if holiday is None or request.POST.get("despite") == data["day"].isoformat():
                return HttpResponseRedirect(once(user=user, token=data["once"], do=do))
        except LearningError as refused:
            form.add_error("day", str(refused))
    context = {
        "session": found, "form": form, "holiday": name_of(holiday) if holiday else "",
        "despite": form.cleaned_data["day"].isoformat() if holiday else "", "when": words.when(found),
        "off": words.off(found), "title": name_of(found.opportunity),
    }  # fmt: skip
    return render(request, "learning/make_up.html", context)


@staff(Permission.TEACH)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Names and boxes to print. Its picture opens this session's list, where the ticks are entered by hand."""
    user = user_of(request)
    found = courses.open_session(user, pk)
    course = found.opportunity
    learners = [one for one in courses.learners_of(user, course, found) if one.enrolment.standing == "active"]
    actions.record_sheet(session=found, by=user)
    context = {
        "session": found, "title": name_of(course), "provider": name_of(course.provider), "when": words.when(found),
        "names": [one.name or _("Name not shown") for one in learners], "off": words.off(found),
        "picture": words.picture(f"{base()}{reverse('learning:session', args=[found.pk])}", 4), "now": clock.now(),
    }  # fmt: skip
    return render(request, "learning/sheet.html", context)
