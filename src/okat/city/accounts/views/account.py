"""One's own account: name, addresses, language, text size, safety."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts import actions, queries
from okat.city.accounts.forms import AccountForm, AddressForm
from okat.city.accounts.models import User
from okat.city.accounts.views.sign_in import remember
from okat.city.core import menu
from okat.city.core.access import signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    names = ("name", "language", "text_size")
    form = AccountForm(request.POST or None, initial={name: getattr(user, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.change_account(user=user, by=user, **{name: form.cleaned_data[name] for name in names})
        messages.success(request, _("Saved."))
        return remember(redirect("accounts:account"), request, user)
    return render(request, "accounts/account.html", {
        "form": form, "account": user, "ways": _ways(user), "my_page": menu.address(menu.MY_PAGE),
    })  # fmt: skip


@dataclass(frozen=True)
class Way:
    """What counts and what waits of one channel."""

    channel: str
    label: object
    now: str = ""
    waits: str = ""
    goes: bool = True


def _ways(user: User) -> list[Way]:
    rows = queries.addresses_of(user)
    now = {row.channel: row.value for row in rows if row.confirmed_at is not None}
    waits = {row.channel: row.value for row in rows if row.confirmed_at is None}
    return [
        Way(c.value, look[0], now.get(c, ""), waits.get(c, ""), queries.goes(c))
        for c, look in AddressForm.LOOKS.items()
    ]


@signed_in
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one included."""
    user = request.user
    assert isinstance(user, User)
    actions.end_sessions(user=user, by=user)
    logout(request)
    messages.success(request, _("You are signed out on all devices."))
    return redirect("accounts:sign-in")
