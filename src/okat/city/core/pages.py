"""Pages that belong to no app: errors, the reader's language and text size, health."""

import errno
import sys

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from okat.city.core import health as health_now
from okat.city.core import refusals
from okat.city.core.access import public
from okat.city.core.methods import is_page
from okat.city.core.once import done
from okat.city.core.permissions import Permission
from okat.city.core.refusals import LANGUAGE_COOKIE
from okat.city.core.spare import NO_ROOM_STATES

YEAR = 365 * 24 * 3600
TEXT_SIZES = ("normal", "large", "largest")
RETRY = 30  # seconds until it is worth trying again
# Statement, lock and idle limits, deadlocks: the database is there, and the same request may go through later.
BUSY_STATES = frozenset({"57014", "55P03", "25P03", "25P04", "40P01", "40001", "53300"})
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusals.refused(request, refusals.UNREADABLE)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, refusals.OverError):
        return _sent_before(request) or refusals.refused(request, refusals.OVER, {"page": exception.page})
    if (back := _sent_before(request)) is not None:
        return back
    right = Permission.__members__.get(str(exception))  # what else was said is for programmers
    return refusals.refused(request, refusals.FORBIDDEN, {"right": right})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if (back := _sent_before(request)) is not None:
        return back
    if isinstance(exception, refusals.ClosedError):
        values = {"since": exception.since, "unjustified": exception.finding == "not_justified"}
        return refusals.refused(request, refusals.CLOSED, values)
    return refusals.refused(request, refusals.NOT_HERE)


def _sent_before(request: HttpRequest) -> HttpResponse | None:
    """A form whose first sending took away the right to send it, sent twice: what it asked for is done, so its second
    sending goes where the first went. Looked for here, so that no view has to ask before it asks who may."""
    user = getattr(request, "user", None)
    if request.method != "POST" or user is None or not user.is_authenticated:
        return None
    address = done(user=user, token=request.POST.get("once", ""))
    return HttpResponseRedirect(address) if address else None


def server_error(request: HttpRequest) -> HttpResponse:
    """What could not be done. A limit of the database or its absence says so; all else is a fault of ours, told in
    both languages."""
    refusal = refusal_of(sys.exc_info()[1])
    if refusal is not refusals.BROKEN:
        return refusals.refused(request, refusal, wait=RETRY if refusal.status == 503 else 0)
    if refusals.for_a_machine(request):
        return refusals.as_json(refusal)
    return refusals.plain(request, refusal, languages=tuple(dict(settings.LANGUAGES)))


def refusal_of(error: BaseException | None) -> refusals.Refusal:
    """By the database's own word for it, which may lie under what was raised because of it."""
    while error is not None:
        if getattr(error.__cause__, "sqlstate", None) in BUSY_STATES:
            return refusals.BUSY
        if getattr(error.__cause__, "sqlstate", None) in NO_ROOM_STATES or getattr(error, "errno", None) in NO_ROOM:
            return refusals.FULL
        if isinstance(error, OperationalError | InterfaceError):
            return refusals.AWAY
        if isinstance(error, DataError):  # a value that no column can hold
            return refusals.UNREADABLE
        error = error.__cause__ or error.__context__
    return refusals.BROKEN


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, another site, or a browser without cookies."""
    return refusals.refused(request, refusals.OLD_FORM)


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    wish = request.POST.get("language", "")
    language = wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return _remember(request, LANGUAGE_COOKIE, language)


@public
@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    wish = request.POST.get("size", "")
    return _remember(request, "okat_text", wish if wish in TEXT_SIZES else "normal")


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """What `okat serve` answers past the line of requests (config.serving), for whoever asks here."""
    told = health_now.for_reader(health_now.answer(), stranger=True)
    return JsonResponse(told, status=503 if told["wrong"] else 200, headers={"Cache-Control": "no-store"})


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Where the form says to go next, if that is a page of this site."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure())
    return wish if fits and is_page(wish) else fallback


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(safe_next(request))
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
