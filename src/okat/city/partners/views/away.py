"""Days on which somebody does not work: noted by themself, or by whoever manages the partner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners import actions, queries
from okat.city.partners.forms import AwayForm
from okat.city.partners.views.members import member_for, own_partner, user_of, words_for

WORKS = (Permission.SEE_PERSON, Permission.SEE_GAPS, Permission.SEE_AUDIT)


@staff(*WORKS)
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request, user_of(request), reverse("desk:today"))


@staff(Permission.MANAGE_PARTNER)
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, pk: int) -> HttpResponse:
    found = member_for(own_partner(request), pk)
    return _page(request, found.user, reverse("partners:members"))


def _page(request: HttpRequest, user: User, back: str) -> HttpResponse:
    noted, back_again = queries.absence_of(user), "back" in request.POST
    initial = {"since": noted.since, "until": noted.until} if noted else {}
    form = AwayForm(None if back_again else request.POST or None, initial=initial)

    def do() -> str:
        if back_again:
            actions.end_absence(user=user, by=user_of(request))
            messages.success(request, _("Noted: back at work."))
        else:
            data = form.cleaned_data
            actions.note_absence(user=user, since=data["since"], until=data["until"], by=user_of(request))
            messages.success(request, _("Noted. On these days the work stands with the team too."))
        return back

    if request.method == "POST" and (back_again or form.is_valid()):
        try:
            return HttpResponseRedirect(once(user=request.user, token=request.POST.get("once", ""), do=do))
        except actions.MembershipRefusedError as refused:
            form.add_error(None, words_for(refused))
    own = user.pk == user_of(request).pk
    return render(request, "partners/away.html", {"form": form, "noted": noted, "who": user, "own": own, "back": back})
