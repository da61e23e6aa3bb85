"""The page of a partner that leaves: what is left to settle, who takes it, and the end; and of one that is renamed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts.views.again import MEMBERS, OFFICE, asks_again
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners import actions, queries
from okat.city.partners.forms import LeaveForm, ManagerForm, NameForm
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.partners.views.members import said_of_invitation, user_of, words_for


@staff(Permission.MANAGE_NETWORK)
@asks_again(OFFICE)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Each row says what the partner still holds and what becomes of it; the end takes all of it, or is refused."""
    partner = _partner(code)
    form = LeaveForm(request.POST or None, partner=partner, initial={"successor": request.GET.get("to", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            ended = actions.leave_network(
                partner=partner, reason=data["reason"], successor=data["successor"], by=user_of(request)
            )
        except actions.LeavingError as refused:
            form.add_error(None, _words(refused))
        else:
            text = ngettext(
                "The partner has left; %(n)s role ended.", "The partner has left; %(n)s roles ended.", ended
            )
            messages.success(request, text % {"n": ended})
            return redirect("partners:network")
    chosen = queries.successors_of(partner).filter(code=request.GET.get("to", "")).first()
    values = {"form": form, "partner": partner, "to": chosen, "held": queries.held_by(partner)}
    values |= {"others": queries.successors_of(partner), "weak": queries.too_weak_to_succeed(partner)}
    return render(request, "partners/leave.html", values)


@staff(Permission.MANAGE_NETWORK)
@asks_again(OFFICE)
@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    """One row of that page: to the successor that was chosen, or ended."""
    partner, key, wish = _partner(code), request.POST.get("key", ""), request.POST.get("to", "")
    to = queries.successors_of(partner).filter(code=wish).first() if wish else None
    back = reverse("partners:leave", args=[partner.code]) + (f"?to={to.code}" if to else "")
    if key not in {held.key for held in queries.held_by(partner)} or (wish and to is None):
        messages.error(request, _("This has changed meanwhile. Look at the page as it is now."))
        return HttpResponseRedirect(back)

    def do() -> str:
        actions.settle(partner=partner, key=key, to=to, by=user_of(request))
        messages.success(request, _("Settled."))
        return back

    try:
        return HttpResponseRedirect(once(user=request.user, token=request.POST.get("once", ""), do=do))
    except actions.LeavingError as refused:
        messages.error(request, _words(refused))
        return HttpResponseRedirect(back)


@staff(Permission.MANAGE_NETWORK)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, code: str) -> HttpResponse:
    partner = _partner(code)
    form = NameForm(request.POST or None, initial={"th": partner.th, "en": partner.en})

    def do() -> str:
        data = form.cleaned_data
        actions.rename_partner(partner=partner, th=data["th"], en=data["en"], by=user_of(request))
        messages.success(request, _("Renamed. The short code, people, courses and history stay."))
        return reverse("partners:partner", args=[partner.code])

    return _form(request, form, _("Give the partner another name"), partner, do)


@staff(Permission.MANAGE_NETWORK)
@asks_again(MEMBERS)
@require_http_methods(["GET", "POST"])
def name_manager(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody to answer for a partner in which nobody does."""
    partner = _partner(code)
    form = ManagerForm(request.POST or None)

    def do() -> str:
        data, user = form.cleaned_data, user_of(request)
        actions.invite_member(partner=partner, name=data["name"], email=data["email"], role=Role.MANAGER, by=user)
        said_of_invitation(request, _("Invited. The partner's work reaches them as soon as they have accepted."))
        return reverse("partners:partner", args=[partner.code])

    return _form(request, form, _("Name a manager"), partner, do)


def _form(request: HttpRequest, form: Any, title: str, partner: Partner, do: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(once(user=request.user, token=form.cleaned_data["once"], do=do))
        except actions.AlreadyMemberError:
            form.add_error("email", _("This person has this role here already."))
        except actions.MembershipRefusedError as refused:
            form.add_error(None, words_for(refused))
    return render(request, "partners/form.html", {"form": form, "title": title, "partner": partner})


def _partner(code: str) -> Partner:
    partner = queries.partner_called(code)
    if partner is None or partner.left_on is not None:
        raise Http404
    return partner


def _words(refused: actions.LeavingError) -> str:
    if refused.code == "held":
        left = ", ".join(held.said for held in refused.held)
        return _("Not settled yet: %(what)s. Settle each row, or choose who takes over everything.") % {"what": left}
    if refused.code == "first":
        said = _("This would also end something else. Settle that first: %(what)s.")
        return said % {"what": ", ".join(held.said for held in refused.held)}
    return {
        "successor": _(
            "Choose a partner of the network that takes over, and in which somebody manages the whole area."
        ),
        "left": _("This partner has left already."),
        "area": _("Some of its people live outside the area of the partner that takes over. Choose a wider one."),
        "team": _("It runs rounds: only a partner with a city team can take these over."),
        "last_coordinator": _("Somebody must answer for the network: name another coordinator first."),
        "cannot": _("This cannot be settled in this way. Look at what the row says."),
    }[refused.code]
