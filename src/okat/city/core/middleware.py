"""Deny by default, one language per request, one key per request in the audit trail."""

import logging
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import OTPMiddleware

from okat.city.core import access, audit, form_again, frame, permissions, refusals
from okat.city.core.limits import too_many
from okat.city.core.methods import page_of

# Views of Django itself that serve nobody's data.
OPEN_MODULES = ("django.views.static", "whitenoise", "django.contrib.staticfiles")

log = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The reader's language for as long as the request lasts."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = refusals.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorMiddleware(OTPMiddleware):  # type: ignore[misc]  # django-otp ships no types
    """The device that the session was verified with, among those that came with the user where it is one of them."""

    def _verify_user_sync(self, request: HttpRequest, user: Any) -> Any:
        wanted = request.session.get(DEVICE_ID_SESSION_KEY) if user.is_authenticated else None
        for device in getattr(user, "_devices", ()) if wanted else ():
            if device.persistent_id == wanted:
                self._init_user_fields(user)
                user.otp_device = device
                return user
        return super()._verify_user_sync(request, user)


class AccessMiddleware:
    """Refuses every view that does not say who may call it, and everybody whom it does not name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = audit.request_key.set(str(uuid.uuid4()))
        try:
            response = self.get_response(request)
        finally:
            audit.request_key.reset(key)
        if form_again.COOKIE in request.COOKIES:
            form_again.show(request, response)
        # Django's own answer has no words.
        return wrong_method(request, response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.method == "POST" and refusals.tells_gone(exception):  # beside an action, or where all is stored
            log.warning("%s: a row is not there any more", request.path, exc_info=exception)
            exception = refusals.GoneError()
        if not isinstance(exception, refusals.UndoneError):
            return None
        if isinstance(exception, refusals.TooOftenError):
            return too_many(request, exception.wait, str(exception))
        typed = form_again.words(request) if request.method == "POST" else []
        return refusals.refused(request, refusals.UNDONE, {"said": str(exception), "typed": typed})

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        wanted = access.of(view)
        if wanted is None:
            if view.__module__.startswith(OPEN_MODULES):
                return None
            raise PermissionDenied("undeclared")
        half = _half(request)
        if not wanted.signed_in:
            if half:  # as to a stranger: whoever has the password alone learns nothing of its owner
                request.user = AnonymousUser()
            return None
        user = request.user
        if not user.is_authenticated:
            leads = HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?next={quote(page_of(request))}")
            form_again.keep(request, leads)
            return leads
        if wanted.permissions and not any(permissions.may(user, wish) for wish in wanted.permissions):
            raise PermissionDenied(wanted.permissions[0].name)
        return None if wanted.unfinished else _unfinished(request, staff=bool(wanted.permissions))


def _half(request: HttpRequest) -> bool:
    """Whether signing in has begun and is not finished. Without a session nobody is asked, so that what is the same for
    everybody can be kept by everybody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    first = first_to_do(request, staff=bool(permissions.of(request.user)))
    if first:
        request.META[frame.FIRST_TO_DO] = reverse(first)
    return bool(first)


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    page = refusals.refused(request, refusals.WRONG_METHOD)
    page.headers["Allow"] = response.headers.get("Allow", "POST")
    return page


def _unfinished(request: HttpRequest, *, staff: bool) -> HttpResponse | None:
    first = first_to_do(request, staff=staff)
    return HttpResponseRedirect(f"{reverse(first)}?next={quote(page_of(request))}") if first else None


def first_to_do(request: HttpRequest, *, staff: bool) -> str:
    """Where somebody must go first who has not finished signing in: second factor, then a password of their own.

    Whoever has set up a second factor is asked for it everywhere; staff are asked to set one up.
    """
    user: Any = request.user
    wanted = user.second_factor or (staff and settings.TWO_FACTOR_REQUIRED)
    if wanted and not user.is_verified():  # put there by SecondFactorMiddleware
        return "accounts:second-factor"
    return "accounts:password" if user.must_change_password else ""
