"""A browser in which somebody signed in before is known again: strangers who try the same login elsewhere fill a count
of their own, and keep nobody from signing in where they always do (OWASP, device cookies)."""

import hmac
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from okat.city.accounts.models import User
from okat.city.core import crypto
from okat.city.core.pages import YEAR

COOKIE = "okat_known"
MOST = 6  # accounts of one browser, the latest


def known(request: HttpRequest, login: str) -> bool:
    """Whether this account was signed in here within a year, or got its new password here by a link."""
    return any(hmac.compare_digest(one.encode(), _mark(login).encode()) for one in _marks(request))


def own_count(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
    """Asked by django-axes: who shares a connection (a village's, an office's) pauses it for strangers' browsers, not
    for this one, whose tries sign_in counts for themselves."""
    return known(request, str((credentials or {}).get("login", "")))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The mark names nobody, opens nothing, and cannot be made without the city's keys."""
    mark = _mark(user.login)
    marks = [mark, *(one for one in _marks(request) if one != mark)][:MOST]
    response.set_cookie(
        COOKIE, ".".join(marks), max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def _marks(request: HttpRequest) -> list[str]:
    return [one[:64] for one in request.COOKIES.get(COOKIE, "").split(".")[:MOST]]


def _mark(login: str) -> str:
    return crypto.keyed_hash(login, "known browser")[:32]
