"""Tell me when there is one: asking, what I wait for, and for offices what enough people ask for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue import actions
from okat.city.catalogue.forms import TellForm
from okat.city.catalogue.queries import unmet as read
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.unmet import Shared, Suggestion
from okat.city.catalogue.solve import unmet as solve
from okat.city.catalogue.views.access import ability_words, format_words
from okat.city.catalogue.views.fits import own_record, user_of
from okat.city.catalogue.views.manage import partner_of
from okat.city.catalogue.views.words import address, number, words_of
from okat.city.core import permissions
from okat.city.core.access import public, signed_in, staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.limits import limited
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive, open_to_act, sensitive_to
from okat.city.people.rules import HIDDEN
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words as city_words


@public
@never_cache
@limited("tell", limit=10, seconds=3600)
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Who is signed in is told; a worker asks for a person (`?person=`); a visitor's ask is counted without a name."""
    user = request.user if isinstance(request.user, User) else None
    person = _person(request, user)
    form = TellForm(request.POST or None, initial=_asked(request))
    if request.method == "POST" and form.is_valid() and _allowed(form, user, person):
        where = once(user=user, token=form.cleaned_data["once"], do=lambda: _keep(form, user, person))
        messages.success(request, _told(user, person))
        return HttpResponseRedirect(where)
    return render(request, "catalogue/tell.html", {"form": form, "person": person, "known": user is not None})


def _asked(request: HttpRequest) -> dict[str, Any]:
    get = request.GET
    return {
        "need": get.get("need", ""), "area": get.get("near") or get.get("area", ""), "usable": get.getlist("usable"),
        "formats": get.getlist("format"),
    }  # fmt: skip


def _person(request: HttpRequest, user: User | None) -> Person | None:
    """The person of `?person=`, through the worker's scope; else the signed-in resident's own record."""
    text = request.GET.get("person", "")
    if not text or user is None:
        return own_record(request)
    if not permissions.may(user, Permission.SEE_PERSON):
        raise Http404
    try:
        wanted = UUID(text)
    except ValueError as error:
        raise Http404 from error
    return open_to_act(user, wanted, Permission.SEE_PERSON, why="lookout", fields=["needs"])


def _allowed(form: TellForm, user: User | None, person: Person | None) -> bool:
    """What somebody cannot do without may give a disability away: for another person it needs explicit consent."""
    data = form.cleaned_data
    tells = tells_of_need(data["need"])
    if person is None or user is None or person.user_id == user.pk or not (tells or data["usable"] or data["formats"]):
        return True
    if may_see_sensitive(user, person):
        return True
    said = _("Health and disability are sensitive: ask for explicit consent, or leave this out.")
    form.add_error("need" if tells else "usable", said)
    return False


def _keep(form: TellForm, user: User | None, person: Person | None) -> str:
    if user is None:
        actions.count_ask(wanted=form.wanted(), by=system_user())
        return reverse("catalogue:search")
    actions.look_out(wanted=form.wanted(), user=user, person=person, by=user)
    return reverse("catalogue:lookouts")


def _told(user: User | None, person: Person | None) -> str:
    if user is None:
        return _("It is counted, without your name. Offices see it once enough people wait to be told of the same.")
    if person is not None and person.user_id != user.pk:
        return _("You will be told once, as soon as something that fits the person is published.")
    return _("You will be told once, as soon as something that fits is published.")


@signed_in
@never_cache
@require_GET
def lookouts(request: HttpRequest) -> HttpResponse:
    """What I asked to be told of, for myself and for persons in my scope."""
    rows = list(read.lookouts_of(user_of(request)).order_by("ended_at", "-made_at", "id"))
    waits = sum(1 for row in rows if row.ended_at is None)
    asked_for = [row.person_id for row in rows if row.person_id]
    deep = set(sensitive_to(user_of(request)).filter(pk__in=asked_for).values_list("pk", flat=True))
    context = {
        "title": ngettext("You wait for %(n)s thing", "You wait for %(n)s things", waits) % {"n": waits},
        "lines": [_line(row, deep) for row in rows],
    }
    return render(request, "catalogue/lookouts.html", context)


def tells_of_need(code: str) -> bool:
    return city_words().tells(Vocabulary.NEED, code)


def _line(row: Any, deep: set[UUID]) -> dict[str, Any]:
    """What somebody cannot do without may give a disability away: it shows only where that may be seen."""
    sees = row.person_id is None or row.person_id in deep
    formats, usable = row.conditions() if sees else ((), ())
    told = row.told if row.told is not None and (sees or not row.told.telling) else None
    return {
        "row": row, "need": _need(row, sees=sees), "area": row.area,
        "conditions": [*map(ability_words, usable), *map(format_words, formats)],
        "person": row.person.full_name if row.person is not None and row.person.user_id != row.user_id else "",
        "told": (words_of(told), address(told)) if told is not None else None,
    }  # fmt: skip


def _need(row: Any, *, sees: bool) -> str:
    need = read.need_called(row.need)
    return str(HIDDEN) if not sees and tells_of_need(row.need) else words(need) if need else str(row.need)


def _stops(request: HttpRequest, pk: UUID) -> Ending:
    user = user_of(request)
    row = read.lookout_of(user, pk)
    said = {"what": _need(row, sees=row.person is None or may_see_sensitive(user, row.person))}
    follows = [_("Nobody is told any more when “%(what)s” is offered.") % said]
    undo, back = _("You can ask again on any day."), reverse("catalogue:lookouts")
    return Ending(_("Stop waiting for “%(what)s”?") % said, follows, undo, _("Stop waiting"), back)


@signed_in
@require_POST
@asks_first(_stops)
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    actions.stop_looking(lookout=read.lookout_of(user, pk), by=user)
    messages.success(request, _("You are told of it no more."))
    return redirect("catalogue:lookouts")


@staff(Permission.MANAGE_OPPORTUNITIES, Permission.SEE_GAPS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Where enough people ask for the same, with the arithmetic; an office with hours to share may start a draft."""
    found, names = solve.suggestions(), read.partner_names()
    limits, day = read.limits(), solve.counted_on()
    context = {
        "title": _("People are not counted yet") if day is None else ngettext(
            "In %(n)s place enough people ask for something that is not there",
            "In %(n)s places enough people ask for something that is not there", len(found),
        ) % {"n": len(found)},
        "lines": [_suggested(one, names) for one in found], "limits": limits, "day": day,
        "may_start": permissions.may(user_of(request), Permission.MANAGE_OPPORTUNITIES),
    }  # fmt: skip
    return render(request, "catalogue/asked_for.html", context)


def _suggested(one: Suggestion, names: dict[str, Any]) -> dict[str, Any]:
    return {
        "one": one, "need": read.need_words(one), "area": read.area_words(one), "hours": number(one.hours),
        "conditions": [
            (ability_words(code) if ability_words(code) != code else format_words(code), count)
            for code, count in sorted(one.conditions.items())
        ],
        "teacher_hours": number(one.teacher_hours), "room_hours": number(one.room_hours),
        "teachers": [_share(each, names) for each in one.teachers],
        "rooms": [_share(each, names) for each in one.rooms],
    }  # fmt: skip


def _share(one: Shared, names: dict[str, Any]) -> tuple[str, str, str]:
    partner = names.get(one.partner)
    return words(partner) if partner else one.partner, one.title, number(one.left)


@staff(Permission.MANAGE_OPPORTUNITIES)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a draft from one suggestion."""
    user, partner = user_of(request), partner_of(request)
    one = solve.suggestion(request.POST.get("need", ""), request.POST.get("area", ""))

    def do() -> str:
        made = actions.start_draft(suggestion=one, partner=partner, by=user)
        return reverse("catalogue:edit", args=[made.pk])

    try:
        where = once(user=user, token=request.POST.get("once", ""), do=do)
    except CatalogueError as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.words))
        return redirect("catalogue:asked-for")
    messages.success(request, _("A draft is written. Say what is still missing, then publish it."))
    return HttpResponseRedirect(where)
