"""Pages that belong to no app: errors, the reader's language and text size, health."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from okat.city.core.access import public
from okat.city.core.middleware import LANGUAGE_COOKIE

YEAR = 365 * 24 * 3600
TEXT_SIZES = ("normal", "large", "largest")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/error_400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/error_403.html", {"reason": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "core/error_404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn in both languages from texts alone: the database or the session may be what broke."""
    told = {}
    for language in dict(settings.LANGUAGES):
        with translation.override(language):
            told[language] = {
                "what": _("Something broke on our side"),
                "why": _("It is not your fault. What you sent in the last step was not stored; all before it was."),
                "how": _("Wait a minute and try again. If it breaks again, tell the city team what you were doing."),
                "go": _("Go to the first page"),
            }
    return HttpResponse(render_to_string("core/error_500.html", {"told": told}), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, another site, or a browser without cookies."""
    return render(request, "core/error_csrf.html", status=403)


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
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok\n", content_type="text/plain")


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Where the form says to go next, if that is on this site."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure())
    return wish if fits else fallback


def _remember(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(safe_next(request))
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
