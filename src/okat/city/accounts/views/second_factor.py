"""The second factor: asking for it, setting it up, and the recovery codes that are shown once."""

from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login

from okat.city.accounts import actions, queries
from okat.city.accounts.forms import CodeForm
from okat.city.accounts.models import User, totp_text
from okat.city.accounts.views.again import OWN, asks_again
from okat.city.core import fresh
from okat.city.core.access import signed_in, signing_in
from okat.city.core.limits import limited
from okat.city.core.pages import safe_next

PENDING = "second_factor_salt"


@signing_in
@never_cache
@limited("second-factor", limit=20, seconds=300)
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code; who has no second factor yet is led to set one up."""
    user = _user(request)
    onwards = safe_next(request, settings.LOGIN_REDIRECT_URL)
    if not user.second_factor:
        return HttpResponseRedirect(f"{reverse('accounts:second-factor-set-up')}?next={quote(onwards)}")
    if _verified(user):
        return HttpResponseRedirect(onwards)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = actions.try_second_factor(code=form.cleaned_data["code"], by=user)
        if device is not None:
            request.session.cycle_key()
            otp_login(request, device)
            fresh.note(request)
            return HttpResponseRedirect(onwards)
        form.add_error("code", _("This code is not right, or was used already. Wait for the next one and try again."))
    return render(request, "accounts/second_factor.html", {"form": form, "next": onwards})


@signing_in
@never_cache
@limited("second-factor", limit=20, seconds=300)
@asks_again(OWN)
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """QR code and text secret; the secret waits in the session until a right code proves that the app has it."""
    user = _user(request)
    if user.second_factor:
        return redirect("accounts:second-factor")
    salt = request.session.setdefault(PENDING, queries.new_totp_salt())
    form = CodeForm(request.POST or None)
    onwards = safe_next(request, settings.LOGIN_REDIRECT_URL)
    if request.method == "POST" and form.is_valid():
        step = queries.totp_step(salt, form.cleaned_data["code"])
        if step is not None:
            codes = actions.set_up_second_factor(user=user, salt=salt, step=step, by=user)
            del request.session[PENDING]
            request.session.cycle_key()
            otp_login(request, queries.totp_of(user))
            return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": onwards})
        form.add_error(
            "code", _("This code does not fit. Check that the phone's clock is right and try the next code.")
        )
    secret = totp_text(salt)
    values = {"form": form, "next": onwards, "qr": _picture(user, secret), "secret": _in_fours(secret)}
    return render(request, "accounts/second_factor_set_up.html", values)


@signed_in
@never_cache
@asks_again(OWN)
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Fresh codes in place of the old ones."""
    user = _user(request)
    if not user.second_factor:
        return redirect("accounts:second-factor-set-up")
    codes = actions.renew_recovery_codes(user=user, by=user)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": reverse("accounts:account")})


@signed_in
@asks_again(OWN)
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """A new telephone: the present second factor goes (its holder has just shown it), a new one is set up."""
    user = _user(request)
    actions.drop_second_factor(user=user, by=user)
    messages.info(request, _("Your second factor is removed. Sign in again to set up a new one."))
    return redirect("accounts:sign-in")


def _picture(user: User, secret: str) -> SafeString:
    """The address that authenticator apps read (Key URI format), as a drawing inside the page."""
    query = urlencode({"secret": secret, "issuer": settings.OTP_TOTP_ISSUER})
    address = f"otpauth://totp/{quote(settings.OTP_TOTP_ISSUER)}:{quote(user.login)}?{query}"
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, svgclass="qr", lineclass=None, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from modules, holds no text of ours


def _in_fours(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _verified(user: User) -> bool:
    return bool(user.is_verified())  # type: ignore[attr-defined]  # put there by OTPMiddleware
