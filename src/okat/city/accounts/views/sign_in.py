"""Signing in and out, and the page of a lock-out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts import actions, queries
from okat.city.accounts.forms import SignInForm
from okat.city.accounts.models import User
from okat.city.accounts.views import browsers
from okat.city.core import form_again, fresh
from okat.city.core.access import public, signing_in
from okat.city.core.limits import limited, wait_for
from okat.city.core.pages import YEAR, safe_next
from okat.city.core.refusals import LANGUAGE_COOKIE

# Tries at one account in a quarter of an hour, from anywhere; its owner's own browsers have a count for themselves.
PER_LOGIN, PER_OWN = 30, 12
QUARTER = 900


@public
@never_cache
@sensitive_post_parameters("password")
@limited("sign-in", limit=60, seconds=60)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form, wait = SignInForm(request.POST or None), 0
    if request.method == "POST" and form.is_valid():
        known = queries.login_for(form.cleaned_data["login"])
        own = browsers.known(request, known)
        name, most = ("sign-in-known", PER_OWN) if own else ("sign-in-login", PER_LOGIN)
        wait = wait_for(name=name, who=known, limit=most, seconds=QUARTER)
        if wait:
            form.add_error(None, _tried(wait))
        else:
            user = authenticate(request, login=known, password=form.cleaned_data["password"])
            if isinstance(user, User):
                return enter(request, user)
            form.add_error(None, _("The name or the password is not right. Check both and try again."))
    values = {"form": form, "next": safe_next(request, ""), "waits": form_again.COOKIE in request.COOKIES}
    values["lost"] = form_again.LOST in request.COOKIES and not values["waits"]
    page = render(request, "accounts/sign_in.html", values, status=429 if wait else 200)
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


def _tried(wait: int) -> str:
    return _(
        "Too many passwords were tried for this name. Wait %(minutes)s minutes, use a device on which you signed in"
        " before, or ask for a new password: after its link you can sign in at once."
    ) % {"minutes": -(-wait // 60)}


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Start a session under a new key and go on; the language and text size follow the account."""
    login(request, user, backend="okat.city.partners.queries.Accounts")
    actions.note_sign_in(by=user)
    fresh.note(request)
    response = remember(HttpResponseRedirect(safe_next(request, settings.LOGIN_REDIRECT_URL)), request, user)
    browsers.remember(request, response, user)
    stays: dict[str, Any] = {"max_age": settings.SESSION_COOKIE_AGE + form_again.SECONDS, "samesite": "Lax"}
    response.delete_cookie(form_again.LOST, samesite="Lax")
    response.set_cookie(form_again.READER, form_again.reader(user), httponly=True, secure=request.is_secure(), **stays)
    return response


def remember(response: HttpResponse, request: HttpRequest, user: User) -> HttpResponse:
    """Cookies, so that the choice holds after signing out as well."""
    kept: dict[str, Any] = {"max_age": YEAR, "samesite": "Lax", "httponly": True, "secure": request.is_secure()}
    response.set_cookie(LANGUAGE_COOKIE, user.language, **kept)
    response.set_cookie("okat_text", user.text_size, **kept)
    return response


@signing_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    actions.note_sign_out(by=request.user)
    logout(request)
    response = HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
    response.delete_cookie(form_again.READER, samesite="Lax")
    return response


def locked_out(request: HttpRequest, _response: Any = None, _credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords from one address (called by django-axes)."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    page = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    return page
