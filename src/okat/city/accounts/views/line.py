"""Joining one's LINE, and what LINE tells us (developers.line.biz, Messaging API, webhook)."""

import base64
import hmac
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts import actions
from okat.city.accounts.actions.line import CODE_MINUTES
from okat.city.accounts.models import User
from okat.city.accounts.views.again import OWN, asks_again
from okat.city.core.access import public, signed_in
from okat.city.core.limits import limited
from okat.city.core.readable import raw_body

LONGEST = 1_000_000  # bytes of one call; LINE's hold a few events of some hundred bytes each


@signed_in
@never_cache
@asks_again(OWN)
@limited("line", limit=10, seconds=900)
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    _set_up()
    assert isinstance(request.user, User)
    code = actions.ask_line(user=request.user, by=request.user) if request.method == "POST" else ""
    return render(request, "accounts/line.html", {"code": code, "minutes": CODE_MINUTES, "name": settings.LINE_ID})


@public
@csrf_exempt
@raw_body
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Believed only with LINE's own signature. What cannot be understood is passed over: LINE would send it again."""
    _set_up()
    try:
        body = request.body
    except (UnreadablePostError, RequestDataTooBig):
        return HttpResponse(status=403)
    if len(body) > LONGEST or not _signed(body, request.headers.get("X-Line-Signature", "")):
        return HttpResponse(status=403)
    for event in _events(body):
        source = event.get("source")
        who = source.get("userId") if isinstance(source, dict) else None
        if isinstance(who, str) and who.isalnum() and len(who) <= 64:
            _hear(event, who)
    return HttpResponse()


def _set_up() -> None:
    """Without a secret nobody could be told from LINE."""
    if not (settings.LINE_TOKEN and settings.LINE_SECRET):
        raise Http404


def _signed(body: bytes, signature: str) -> bool:
    """Base64 of HMAC-SHA256 of the body as it came, under the channel secret."""
    right = base64.b64encode(hmac.digest(settings.LINE_SECRET.encode(), body, "sha256"))
    return hmac.compare_digest(right, signature.encode())


def _events(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return []
    events = found.get("events") if isinstance(found, dict) else None
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


def _hear(event: dict[str, Any], who: str) -> None:
    message = event.get("message")
    if event.get("type") == "unfollow":
        actions.lose_line(line_user=who)
    elif event.get("type") == "message" and isinstance(message, dict) and message.get("type") == "text":
        actions.link_line(text=str(message.get("text", ""))[:40], line_user=who)
