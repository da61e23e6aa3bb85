"""What a partner is asked about work, and its answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.menu import address
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.jobs import actions
from okat.city.jobs.forms.asking import AnswerForm
from okat.city.jobs.queries import employers
from okat.city.jobs.rules import ABOUT_LABELS, WHEN_LABELS, About, When

PAGE = 20


@staff(Permission.ANSWER_REFERRALS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    """`open`: only questions that wait for an answer, as Today counts them."""
    rows = employers.asks_to(request.user)
    if request.GET.get("open") == "1":
        rows = employers.open_asks(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "waiting": rows.filter(answered_at=None).count(), "labels": ABOUT_LABELS}
    return render(request, "jobs/asks.html", context)


@staff(Permission.ANSWER_REFERRALS)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    user, ask = request.user, employers.ask_to(request.user, pk)
    if ask is None:
        raise Http404
    form = AnswerForm(request.POST or None, initial={"answer": ask.answer})
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.answer_ask(ask=ask, answer=form.cleaned_data["answer"], by=user)
            return reverse("jobs:asks")

        found = once(user=user, token=form.cleaned_data["once"], do=do)
        messages.success(request, _("Your answer was sent."))
        return HttpResponseRedirect(found)
    when = WHEN_LABELS[When(ask.when)] if ask.when else ""
    context = {"ask": ask, "form": form, "label": ABOUT_LABELS[About(ask.about)], "when": when}
    return render(request, "jobs/ask.html", {**context, "refer": address("people:search")})
