"""Before somebody gives a place or an application back: one sentence says what follows, with names."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import signed_in
from okat.city.core.once import once
from okat.city.core.templatetags.okat import words
from okat.city.people.queries import may_see_sensitive
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import HELD, RoundError, Status, reached
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.views import _show
from okat.city.rounds.views.manage import user_of


@signed_in
@require_GET
def give_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The answer itself is sent to the same address as every other answer."""
    row = queries.open_application(request.user, pk)
    result = queries.result_of(row) if reached(row.round.stage, Status.PUBLISHED) else None
    back = reverse("rounds:why", args=[row.pk])
    if result is None or result.place is None or result.answer not in HELD:
        return HttpResponseRedirect(back)
    queries.note_read(request.user, row)
    deep = _deep(request, row)
    return render(request, "rounds/leave.html", {
        "row": row, "round": row.round, "own": _own(request, row), "back": back, "answer": "decline",
        "title": _("Give back “%(place)s”?") % {"place": queries.place_name(result.place.opportunity, deep=deep)},
        "follows": _follows(row, result, deep), "url": reverse("rounds:answer", args=[row.pk]),
        "do": _("Yes, give this place back"), "keep": _("Keep the place"),
    })  # fmt: skip


def _follows(row: Application, result: Result, deep: bool) -> str:
    """What follows, in one sentence: which place, who gets it and when, and what one still waits for."""
    assert result.place is not None
    place = queries.place_name(result.place.opportunity, deep=deep)
    until = queries.would_be_held_until(row.round, result)
    dearer = _dearer(row, result, deep)
    if until is None:
        said = _("“%(place)s” goes to the next on its waiting list at once and cannot be taken back") % {"place": place}
    else:
        values = {"place": place, "until": _show.moment_words(until)}
        said = _("“%(place)s” can be taken back until %(until)s; then it goes to the next on its waiting list") % values
    if dearer:
        return _("%(said)s; the wait goes on for %(places)s.") % {"said": said, "places": ", ".join(dearer)}
    return _("%(said)s; nothing else in “%(round)s” is waited for.") % {"said": said, "round": words(row.round)}


def _dearer(row: Application, result: Result, deep: bool) -> list[str]:
    """The places that are waited for after giving this one back."""
    if not result.keeps_waiting or Policy.from_dict(row.round.rules).decline == "leave-round":
        return []
    choices = queries.choices_of(row)
    rank = next((each.rank for each in choices if each.place_id == result.place_id), 0)
    return [
        f"“{queries.place_name(each.place.opportunity, deep=deep)}”"
        for each in choices
        if each.rank < rank and not each.place.off
    ]


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the application back, while the round is open; the page before says what follows."""
    row, user = queries.open_application(request.user, pk), user_of(request)
    url = reverse("rounds:why", args=[row.pk])
    if request.method == "GET":
        if row.withdrawn_at is not None or row.round.stage is not Status.OPEN:
            return HttpResponseRedirect(url)
        queries.note_read(user, row)
        return render(request, "rounds/leave.html", {
            "row": row, "round": row.round, "own": _own(request, row), "back": url, "answer": "",
            "title": _("Take the application to “%(round)s” back?") % {"round": words(row.round)},
            "follows": _ends(row, _deep(request, row)), "url": request.path, "do": _("Take the application back"),
            "keep": _("Keep the application"),
        })  # fmt: skip

    def do() -> str:
        actions.withdraw(application=row, by=user)
        return url

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except RoundError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url)


def _ends(row: Application, deep: bool) -> str:
    places = ", ".join(f"“{queries.place_name(each.place.opportunity, deep=deep)}”" for each in queries.choices_of(row))
    return _("Nobody is considered for %(places)s any more; until %(day)s one can apply anew.") % {
        "places": places, "day": _show.moment_words(row.round.closes_at),
    }  # fmt: skip


def _deep(request: HttpRequest, row: Application) -> bool:
    return row.person is not None and may_see_sensitive(user_of(request), row.person)


def _own(request: HttpRequest, row: Application) -> bool:
    return row.person is not None and row.person.user_id == user_of(request).pk
