"""Changing a password, asking for a new one, and answering an invitation."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts import actions, queries
from okat.city.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from okat.city.accounts.models import User
from okat.city.accounts.rules import Channel
from okat.city.accounts.views import browsers
from okat.city.core import fresh
from okat.city.core.access import public, signing_in
from okat.city.core.limits import limited
from okat.city.core.pages import safe_next


@signing_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other session ends."""
    user = request.user
    assert isinstance(user, User)
    if user.second_factor and not user.is_verified():  # type: ignore[attr-defined]  # put there by OTPMiddleware
        return redirect("accounts:second-factor")
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        with fresh.trusted():  # the form asked for the present password
            actions.set_password(user=user, password=form.cleaned_data["password"], by=user)
        update_session_auth_hash(request, user)
        fresh.note(request)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return HttpResponseRedirect(safe_next(request, "/"))
    values = {"form": form, "next": safe_next(request, ""), "forced": user.must_change_password}
    return render(request, "accounts/password.html", values)


@public
@limited("forgotten", limit=5, seconds=900)
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Always the same answer, whether or not there is such an account."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not queries.goes(Channel.EMAIL):
            raise Http404  # the page says so, and has no form
        actions.ask_reset(text=form.cleaned_data["login"], by=None)
        return redirect("accounts:forgotten-sent")
    return render(request, "accounts/forgotten.html", {"form": form, "goes": queries.goes(Channel.EMAIL)})


@public
@require_GET
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/forgotten_sent.html")


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """A new password by the link from the mail; one still signs in with it, second factor included."""
    user = queries.user_of_reset(uid, token)
    if user is None:
        return render(request, "accounts/link_over.html", status=410)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        with fresh.trusted():  # by the link that went to a confirmed address
            actions.set_password(user=user, password=form.cleaned_data["password"], by=user)
        messages.success(request, _("Your new password is set. Sign in with it."))
        response = redirect("accounts:sign-in")
        browsers.remember(request, response, user)  # whoever tries this login elsewhere does not keep its owner out
        return response
    return render(request, "accounts/reset.html", {"form": form})
