"""One's own addresses: giving one, confirming it by link or code, taking it away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts import actions, queries
from okat.city.accounts.forms import AddressForm, SentCodeForm
from okat.city.accounts.models import User
from okat.city.accounts.rules import Channel, How
from okat.city.accounts.views.again import OWN, asks_again
from okat.city.core.access import signed_in
from okat.city.core.ending import Ending, asks_first
from okat.city.core.limits import client_address, limited, too_many, wait_for

HOUR = 3600
OF_CONNECTION, OF_ACCOUNT = 40, 6  # letters that one may ask for in an hour
ALWAYS, TOGETHER = 4, 8  # of these to one address in a day: each account for itself, and all accounts beyond that


@signed_in
@never_cache
@asks_again(OWN)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, channel: str) -> HttpResponse:
    user, way = _user(request), _channel(channel)
    form = AddressForm(request.POST or None, channel=way)
    goes = queries.goes(way)
    if request.method == "POST" and not goes and way is Channel.EMAIL:
        raise Http404  # nobody could confirm it: the page says so, and has no form
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["value"]
        if wait := _too_often(request, user, value):
            return too_many(request, wait)
        actions.give_address(user=user, channel=way, value=value, by=user)
        return _sent(request, way)
    now = queries.reachable([user])[user.pk].get(way, "")
    return render(request, "accounts/address.html", {"form": form, "channel": way.value, "now": now, "goes": goes})


@signed_in
@require_POST
def send_again(request: HttpRequest, channel: str) -> HttpResponse:
    """The letter did not come, or is too old."""
    user, way = _user(request), _channel(channel)
    address = queries.waiting(user, way)
    if address is None or not queries.goes(way):
        raise Http404
    if wait := _too_often(request, user, address.value):
        return too_many(request, wait)
    actions.ask_owner(address=address, by=user)
    return _sent(request, way)


def _drops(request: HttpRequest, channel: str) -> Ending:
    known = _channel(channel)
    given = [row.value for row in queries.addresses_of(_user(request)) if row.channel == known]
    values = ", ".join(given) or str(AddressForm.LOOKS[known][0])
    follows = [_("Nothing goes to %(address)s any more, and nobody signs in with it.") % {"address": values}]
    undo = _("You can give it again on any day; it is then confirmed anew.")
    title = _("Take %(address)s away?") % {"address": values}
    return Ending(title, follows, undo, _("Take it away"), reverse("accounts:account"))


@signed_in
@asks_again(OWN)
@require_POST
@asks_first(_drops)
def drop(request: HttpRequest, channel: str) -> HttpResponse:
    actions.drop_addresses(user=_user(request), channel=_channel(channel), by=_user(request))
    messages.success(request, _("Taken away. Nothing goes there any more, and nobody signs in with it."))
    return redirect("accounts:account")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the letter opens. Only the account for which the address was given confirms it: whoever holds
    the mailbox alone does not put it into somebody else's account by a click."""
    user, address = _user(request), queries.address_of_link(token)
    if address is None:
        return render(request, "accounts/confirm_over.html", status=410)
    if address.user_id != user.pk:
        return render(request, "accounts/confirm_other.html", {"address": address.value}, status=404)
    if request.method == "POST":
        done = _confirmed(request, lambda: bool(actions.confirm_address(address=address, how=How.LINK, by=user)))
        if done is not None:
            return done
    return render(request, "accounts/confirm.html", {"address": address.value})


@signed_in
@never_cache
@limited("address-code", limit=20, seconds=HOUR)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits that came by SMS."""
    user = _user(request)
    address = queries.waiting(user, Channel.SMS)
    if address is None:
        return redirect("accounts:account")
    form = SentCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        done = _confirmed(request, lambda: actions.confirm_by_code(address=address, code=typed, by=user))
        if done is not None:
            return done
        form.add_error("code", _("This code is not right or too old. After five tries a new one is needed."))
    values = {"form": form, "address": address.value, "goes": queries.goes(Channel.SMS)}
    return render(request, "accounts/code.html", values)


def _confirmed(request: HttpRequest, act: Callable[[], bool]) -> HttpResponse | None:
    """Where to go on once it counts; None where the code was wrong."""
    try:
        if not act():
            return None
    except actions.AddressTakenError:
        return render(request, "accounts/confirm_taken.html", status=409)
    messages.success(request, _("Confirmed. It counts from now on."))
    return redirect("accounts:account")


def _sent(request: HttpRequest, way: Channel) -> HttpResponse:
    """Says what is on its way, and nothing of what this city cannot send."""
    if way is Channel.SMS:
        if queries.goes(way):
            messages.info(request, _("Six digits are on their way to this number. Type them here."))
        return redirect("accounts:code")
    messages.info(request, _("A letter is on its way to this address. Open the link in it to confirm."))
    return redirect("accounts:account")


def _too_often(request: HttpRequest, user: User, value: str) -> int:
    """No account and no connection sends letter after letter. Whatever others typed, an account always has its own few
    to an address, so that nobody keeps an owner from confirming; beyond these all accounts share a few a day."""
    mine = wait_for(name="ask-owner", who=str(user.pk), limit=OF_ACCOUNT, seconds=HOUR) or wait_for(
        name="ask-owner-from", who=client_address(request), limit=OF_CONNECTION, seconds=HOUR
    )
    if mine or not wait_for(name="ask-address", who=f"{user.pk}:{value}", limit=ALWAYS, seconds=24 * HOUR):
        return mine
    return wait_for(name="ask-address-all", who=value, limit=TOGETHER, seconds=24 * HOUR)


def _channel(name: str) -> Channel:
    if name not in AddressForm.LOOKS:
        raise Http404
    return Channel(name)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
