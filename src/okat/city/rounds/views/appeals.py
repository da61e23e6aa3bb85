"""Requests for review: the queue, and answering one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.rounds import actions, queries
from okat.city.rounds.forms import AnswerForm
from okat.city.rounds.models import Appeal
from okat.city.rounds.rules import APPEAL_LABELS, RoundError, answer_words
from okat.city.rounds.rules import Appeal as AppealStatus
from okat.city.rounds.views.manage import user_of


@staff(Permission.ANSWER_APPEALS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """By receipt, never by name: the name opens with the request."""
    user = user_of(request)
    waiting, done = list(queries.open_appeals(user)), list(queries.answered_appeals(user))
    mine = set(queries.appeals_to_answer(user).values_list("pk", flat=True))
    title = ngettext("%(n)s request for review waits", "%(n)s requests for review wait", len(waiting))
    context = {
        "title": title % {"n": len(waiting)}, "waiting": [(each, each.pk not in mine) for each in waiting],
        "done": [(each, APPEAL_LABELS[AppealStatus(each.status)]) for each in done],
    }  # fmt: skip
    return render(request, "rounds/appeals.html", context)


@staff(Permission.ANSWER_APPEALS)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, user = queries.open_appeal(request.user, pk), user_of(request)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.answer_appeal(
                appeal=row, upheld=form.upheld, answer=form.cleaned_data["answer"], next_step=form.step, by=user
            )
            return reverse("rounds:appeals")

        try:
            url = once(user=user, token=form.cleaned_data["once"], do=do)
        except RoundError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer was sent."))
            return HttpResponseRedirect(url)
    return render(request, "rounds/appeal.html", _context(request, row, form))


def _context(request: HttpRequest, row: Appeal, form: AnswerForm) -> dict[str, object]:
    """Of the person, their words and the result what the reader may see; reading it is a look at the person's
    record."""
    application = row.application
    sight = queries.sight_of(user_of(request), row)
    choices = queries.choices_of(application) if sight.result else []
    result = queries.result_of(application) if sight.result else None
    if sight.looks:
        queries.note_read(request.user, application)
    names = [(each, queries.place_name(each.place.opportunity, deep=sight.deep)) for each in choices]
    return {
        "appeal": row, "round": application.round, "application": application, "told": queries.told(row, application),
        "choices": names, "sight": sight,
        "result": answer_words(result.stands, application.round.stage) if result else "",
        "open": row.status == AppealStatus.OPEN,
        "ran": row.status == AppealStatus.OPEN and queries.ran(user_of(request), application.round),
        "status": APPEAL_LABELS[AppealStatus(row.status)], "form": form,
    }  # fmt: skip
