"""One session: the list, the picture in the room and scanning it, the wrong day, and calling it off."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.catalogue.models import Session
from okat.city.core import clock
from okat.city.core.access import signed_in, staff
from okat.city.core.numbers import whole
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.sessions import CallOffForm, MoveForm
from okat.city.learning.queries import courses as queries
from okat.city.learning.queries import timetable
from okat.city.learning.queries.proofs import base
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.room import open_code, room_code
from okat.city.learning.views import words
from okat.city.learning.views.teach import sent, user_of
from okat.city.people.queries.pages import own_record

REFRESH = 60  # seconds; each picture is good for five minutes, so one that is being scanned does not go stale


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Note who is here."""
    user = user_of(request)
    found = queries.open_session(user, pk)
    if request.method == "GET":
        return _page(request, found)
    ticked = request.POST.getlist("present")[:2000]

    def do() -> str:
        seen = _ids(request.POST.getlist("seen")[:2000])
        actions.mark(session=found, present=_ids(ticked), seen=seen, by=user)
        return reverse("learning:course", args=[found.opportunity_id])

    try:
        where = once(user=user, token=request.POST.get("once", ""), do=do)
    except LearningError as refused:
        return _page(request, found, ticked=set(ticked), fault=str(refused))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(where)


def _ids(ticked: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in ticked]
    except ValueError:
        raise LearningError("learner", _("Somebody on the list does not take part in this course any more.")) from None


def _page(
    request: HttpRequest, found: Session, *, ticked: set[str] | None = None, fault: str = "",
    moving: MoveForm | None = None, calling: CallOffForm | None = None,
) -> HttpResponse:  # fmt: skip
    user, course = user_of(request), found.opportunity
    every = queries.learners_of(user, course, found)
    learners = [one for one in every if one.enrolment.standing == "active" or one.present is not None]
    rows = [
        {
            "pk": str(one.enrolment.pk), "name": one.name or _("Name not shown"),
            "ticked": str(one.enrolment.pk) in ticked if ticked is not None else bool(one.present),
            "active": one.enrolment.standing == "active", "seen": bool(one.present),
        }
        for one in learners
    ]  # fmt: skip
    off, makes_up = words.off(found), timetable.makes_up_for(found)
    untold, unnamed = _to_ring(request, found, makes_up)
    noted = any(one.present is not None for one in learners)
    context = {
        "session": found, "course": course, "when": words.when(found), "off": off, "rows": rows,
        "never": words.never(found),
        "fault": fault, "noted": noted, "begun": found.start <= clock.now(), "over": found.end < clock.now(),
        "moving": moving or MoveForm(sessions=_others(found), auto_id="move_%s") if noted else None,
        "makes_up": _link(makes_up), "today": _link(timetable.today_of(course, found)),
        "made_up": [_link(one) for one in timetable.made_up_on(found)],
        "untold": untold, "unnamed": unnamed,
        "instead": [_link(one) for one in timetable.stands_instead(found)] if off else [],
        "calling": calling or CallOffForm(auto_id="off_%s"), "title": name_of(course),
    }  # fmt: skip
    return render(request, "learning/session.html", context)


def _to_ring(request: HttpRequest, found: Session, makes_up: Session | None) -> tuple[list[str], int]:
    """Whom no notice reaches, where there is news of this session: it falls out, takes place after all, or is new in
    the place of another."""
    new = makes_up is not None and found.end > clock.now()
    if not (words.off(found) or new or "told" in request.GET):
        return [], 0
    held = makes_up if new and makes_up is not None and not words.off(makes_up) else None
    return timetable.without_account(user_of(request), found.opportunity, held)


def _link(found: Session | None) -> tuple[int, str] | None:
    return None if found is None else (found.pk, words.when(found))


def _others(found: Session) -> list[tuple[Session, str]]:
    every = queries.sessions_of(found.opportunity)
    return [(one, words.when(one)) for one in every if one.pk != found.pk and not words.off(one)]


@staff(Permission.TEACH)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The list was noted for the wrong day."""
    user = user_of(request)
    found = queries.open_session(user, pk)
    form = MoveForm(request.POST, sessions=_others(found), auto_id="move_%s")
    if not form.is_valid():
        return _page(request, found, moving=form)
    right = queries.open_session(user, int(form.cleaned_data["right"]))

    def do() -> str:
        actions.move_marks(wrong=found, right=right, by=user)
        return reverse("learning:session", args=[right.pk])

    return sent(request, do, reverse("learning:session", args=[pk]))


@staff(Permission.TEACH)
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = queries.open_session(user, pk)
    form = CallOffForm(request.POST, auto_id="off_%s")
    if not form.is_valid():
        return _page(request, found, calling=form)

    def do() -> str:
        actions.cancel_session(session=found, reason=form.cleaned_data["reason"], by=user)
        return reverse("learning:session", args=[found.pk])

    return sent(request, do, reverse("learning:session", args=[pk]))


@staff(Permission.TEACH)
@require_POST
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    """It takes place after all."""
    user = user_of(request)
    found = queries.open_session(user, pk)

    def do() -> str:
        # What the page showed and nobody ticked; what was planned since then was not seen, and stays.
        drop = _numbers(request, "planned") - _numbers(request, "keep")
        actions.reinstate_session(session=found, drop=drop, by=user)
        return reverse("learning:session", args=[found.pk]) + "?told"

    return sent(request, do, reverse("learning:session", args=[pk]))


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return {number for text in request.POST.getlist(name)[:50] if (number := whole(text)) is not None}


@staff(Permission.TEACH)
@never_cache
@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture that learners scan; the page draws itself anew each minute, without scripts."""
    found = queries.open_session(user_of(request), pk)
    link = f"{base()}{reverse('learning:here', args=[room_code(found.pk, clock.now())])}"
    context = {
        "session": found, "title": name_of(found.opportunity), "when": words.when(found),
        "picture": words.picture(link), "off": words.off(found),
    }  # fmt: skip
    answer = render(request, "learning/room.html", context)
    answer["Refresh"] = str(REFRESH)
    return answer


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def here(request: HttpRequest, code: str) -> HttpResponse:
    """A learner scanned the picture: one button says "I am here"."""
    user = user_of(request)
    fault, found, done = "", None, False
    try:
        found = queries.session_with(open_code(code, clock.now()))
        if request.method == "POST":
            person = own_record(user)
            if person is None:
                raise LearningError("learner", _("Your account is not joined to a record yet. Ask your teacher."))
            found = actions.sign_in(code=code, person=person, by=user)
            done = True
    except LearningError as refused:
        fault = str(refused)
    context = {
        "fault": fault, "done": done, "title": name_of(found.opportunity) if found else "",
        "when": words.when(found) if found else "",
    }  # fmt: skip
    return render(request, "learning/here.html", context, status=409 if fault and request.method == "POST" else 200)
