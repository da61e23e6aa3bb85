"""The account of a person: the office's page, and the page of whoever is asked."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okat.city.accounts.actions import AddressTakenError, confirm_by_call
from okat.city.accounts.queries import waiting
from okat.city.accounts.rules import Channel
from okat.city.accounts.views.again import RECORD, asks_again
from okat.city.core.access import signed_in, staff
from okat.city.core.limits import limited
from okat.city.core.permissions import Permission
from okat.city.people import actions, queries
from okat.city.people.forms.care import LinkForm, OwnRecordForm
from okat.city.people.models import Person
from okat.city.people.queries import pages
from okat.city.people.rules import LinkAnswer, PeopleError
from okat.city.people.views.shared import answer, refuse, user_of, working


@staff(Permission.RECORD_CONSENT)
@never_cache
@asks_again(RECORD)
@limited("link-ask", limit=60, seconds=3600)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask whether an account is the person's own; end the link; ring the number that its owner gave."""
    found, partner = working(request, pk, Permission.RECORD_CONSENT)
    user, asked = user_of(request), queries.asked_about(found)
    # Whoever was only asked has not said that the record is theirs: nobody rings numbers of that account from here.
    number = waiting(found.user, Channel.SMS) if found.user is not None and found.user != user else None
    here = reverse("people:link", args=[found.pk])
    if request.method == "POST" and "do" in request.POST:
        wish = request.POST["do"]
        try:
            if wish == "end" and found.user is not None:
                actions.unlink_account(person=found, by=user, partner=partner)
                messages.success(request, _("The account no longer opens this record. Its owner is told."))
            elif wish == "recall" and asked is not None:
                actions.recall_link(asked=asked, by=user)
                messages.success(request, _("The question is taken back."))
            elif wish == "rang" and number is not None and str(number.pk) == request.POST.get("number"):
                confirm_by_call(address=number, by=user)
                messages.success(request, _("The number is confirmed."))
        except PeopleError as error:
            refuse(request, error)
        except AddressTakenError:
            messages.error(request, _("Another account has confirmed this number."))
        return HttpResponseRedirect(here)
    if request.method == "POST" or (found.user is None and asked is None):
        queries.refuse_dead(found)
    form = LinkForm(request.POST or None)

    def do() -> str:
        called = queries.account_called(form.cleaned_data["login"])
        actions.ask_link(person=found, user=called, partner=partner, by=user)
        messages.success(request, _("If there is such an account and all of this holds, its owner is asked now."))
        return here

    values: dict[str, object] = {"person": found, "asked": asked, "account": found.user, "number": number}
    return answer(request, form, "people/link.html", values, do)


@signed_in
@never_cache
@asks_again(RECORD)
@limited("link-answer", limit=10, seconds=3600)
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """What offices ask me: the office is named, nothing of the record is shown."""
    user = user_of(request)
    asked = list(queries.asked_of(user))
    form = OwnRecordForm(request.POST or None, yes="no" not in request.POST)
    about = next((one for one in asked if str(one.pk) == request.POST.get("asked")), None)
    if request.method == "POST" and about is not None and form.is_valid():
        yes, birth = "no" not in request.POST, form.cleaned_data.get("birth")
        try:
            done = actions.answer_link(asked=about, yes=yes, birth=birth, by=user)
        except PeopleError as error:
            refuse(request, error)
            return redirect("people:mine-links")
        if done is LinkAnswer.YES:
            messages.success(request, _("This is your page now. You may end the link on any day."))
            return redirect("people:mine")
        if done is LinkAnswer.DIFFERS:
            messages.error(request, _("That does not fit the record, so it was not linked. The office is told."))
        else:
            messages.success(request, _("Not linked. The office is told."))
        return redirect("people:mine-links")
    return render(request, "people/mine_links.html", {"asked": asked, "form": form, "about": about})


@signed_in
@never_cache
@asks_again(RECORD)
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest) -> HttpResponse:
    """This record is not mine, or I do not want it here: says first what follows."""
    found: Person | None = pages.own_record(user_of(request))
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.unlink_account(person=found, by=user_of(request))
        messages.success(request, _("The link is ended. The record stays with the office."))
        return redirect("people:mine")
    return render(request, "people/mine_unlink.html", {"person": found})
