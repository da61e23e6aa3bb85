"""Before somebody gives a place or an application back: what follows, with names."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.core.access import signed_in
from okat.city.core.ending import Ending, ask, asks_first
from okat.city.core.once import once
from okat.city.core.templatetags.okat import words
from okat.city.people.queries import may_see_sensitive
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import HELD, Answer, RoundError, Status, reached
from okat.city.rounds.views.manage import user_of


def ending(request: HttpRequest, pk: UUID) -> Ending | None:
    """Of all answers two end something: giving a place back, where one is held, and waiting no longer."""
    row, wish = queries.open_application(request.user, pk), request.POST.get("answer")
    result = queries.result_of(row) if reached(row.round.stage, Status.PUBLISHED) else None
    if result is None or wish not in {"decline", "stop"}:
        return None
    return _stopping(request, row, result) if wish == "stop" else _giving_back(request, row, result)


def _giving_back(request: HttpRequest, row: Application, result: Result) -> Ending | None:
    if result.place is None or result.answer not in HELD:
        return None
    queries.note_read(request.user, row)
    deep, until = _deep(request, row), queries.would_be_held_until(row.round, result)
    said = {
        "place": queries.place_name(result.place.opportunity, deep=deep), "round": words(row.round),
        "until": queries.moment_words(until), "name": _name(row),
    }  # fmt: skip
    follows, undo = (
        _("“%(place)s” goes at once to whoever is next on its waiting list; where nobody waits it stays free."),
        _("This cannot be taken back."),
    )
    if result.answer == Answer.ACCEPTED and not queries.passes_on(row.round, result.place):
        follows = _("“%(place)s” goes to nobody any more: nobody waits for it, or it is over.")
        until = None
    if until is not None:
        follows = _("“%(place)s” is held until %(until)s; then it goes to whoever is next on its waiting list.")
        undo = _("Until %(until)s it can be taken back.")
    result.application = row
    waits = queries.waits_on(result, deep=deep) or _("Nothing else in “%(round)s” is waited for.") % said
    title = _("Give back “%(place)s”?") if _own(request, row) else _("Give back “%(place)s” for %(name)s?")
    back = reverse("rounds:why", args=[row.pk])
    return Ending(title % said, [follows % said, waits], undo % said, _("Yes, give this place back"), back)


def _stopping(request: HttpRequest, row: Application, result: Result) -> Ending | None:
    """Waiting no longer: for what, and that a place which they have stays."""
    waited = solve.turns(row, result)
    if not waited:
        return None
    queries.note_read(request.user, row)
    deep = _deep(request, row)
    said = {"places": queries.named(waited, deep=deep), "round": words(row.round), "name": _name(row)}
    follows = [_("A place that comes free for %(places)s is not offered any more.") % said]
    if result.place is not None and result.answer in HELD:
        name = queries.place_name(result.place.opportunity, deep=deep)
        follows.append(_("“%(place)s” stays as it is.") % {"place": name})
    own = _own(request, row)
    title = _("Stop waiting in “%(round)s”?") if own else _("Stop waiting in “%(round)s” for %(name)s?")
    undo, back = _("Nobody comes back to the lists of this round."), reverse("rounds:why", args=[row.pk])
    return Ending(title % said, follows, undo, _("Stop waiting"), back)


def _withdrawing(request: HttpRequest, pk: UUID) -> Ending | None:
    """Nothing where it is taken back already, or cannot be any more."""
    row = queries.open_application(request.user, pk)
    if row.withdrawn_at is not None or row.round.stage is not Status.OPEN:
        return None
    queries.note_read(request.user, row)
    deep = _deep(request, row)
    places = ", ".join(f"“{queries.place_name(each.place.opportunity, deep=deep)}”" for each in queries.choices_of(row))
    said = {
        "places": places, "round": words(row.round), "day": queries.moment_words(row.round.closes_at),
        "name": _name(row),
    }  # fmt: skip
    title = _("Take the application of %(name)s to “%(round)s” back?")
    if _own(request, row):
        title = _("Take the application to “%(round)s” back?")
    follows, undo = _("The application no longer counts for %(places)s."), _("Until %(day)s one can apply anew.")
    back = reverse("rounds:why", args=[row.pk])
    return Ending(title % said, [follows % said], undo % said, _("Take the application back"), back)


@signed_in
@require_http_methods(["GET", "POST"])
@asks_first(_withdrawing)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the application back, while the round is open."""
    row, user = queries.open_application(request.user, pk), user_of(request)
    url = reverse("rounds:why", args=[row.pk])
    if request.method == "GET":
        ending = _withdrawing(request, pk)
        return ask(request, ending) if ending is not None else HttpResponseRedirect(url)

    def do() -> str:
        actions.withdraw(application=row, by=user)
        return url

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except RoundError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(url)


def _deep(request: HttpRequest, row: Application) -> bool:
    return row.person is not None and may_see_sensitive(user_of(request), row.person)


def _own(request: HttpRequest, row: Application) -> bool:
    return row.person is not None and row.person.user_id == user_of(request).pk


def _name(row: Application) -> str:
    return row.person.full_name if row.person is not None else ""
