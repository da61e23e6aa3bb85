"""A form that was sent after the session had ended is there again after signing in, filled, to be sent once more.

What was typed is sealed with a key that only the browser's token gives: the server alone cannot open it. It is shown
once, to the same account in the same browser, on the page where the form stands, and never sent by itself.
"""

import datetime as dt
import functools
import re
import secrets
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import resolve

from okat.city.core import access, clock, crypto, permissions
from okat.city.core.filling import Typed, fill
from okat.city.core.limits import client_address, wait_for
from okat.city.core.methods import page_of
from okat.city.core.models import KeptForm

COOKIE, READER, LOST = "okat_form", "okat_reader", "okat_form_lost"
SECONDS = 3600
LONGEST = 60_000  # letters of a form; a longer one is not kept
TRIES, WITHIN = 20, 600  # forms kept for one address of the network
SENT = re.compile(r"[a-z]*[_:-][a-z_:-]*|[0-9a-f]{8}-[0-9a-f-]{27}")  # codes of several words, ids
NEVER = frozenset({"csrfmiddlewaretoken", "password", "old", "again", "proof", "code"})  # each field of a secret


def typed(sent: QueryDict, without: frozenset[str] = NEVER) -> Typed:
    return [(name, value) for name, values in sent.lists() if name not in without for value in values]


def words(request: HttpRequest) -> list[str]:
    """What somebody wrote in the form that was sent, for a page that has no form to show it in: neither the marks that
    the page itself sent, nor what was only chosen. Nothing of a form by which somebody gets into an account."""
    if _own(request):
        return []
    return [value for name, value in typed(request.POST) if value.strip() and not _chosen(name, value)]


def _chosen(name: str, value: str) -> bool:
    """A number may be an amount: it is a row's where the field bears the name of a row."""
    row = value.isdecimal() and name.removesuffix("_id") in _rows()
    return row or value in _codes() or SENT.fullmatch(value) is not None


@functools.cache
def _rows() -> frozenset[str]:
    """Names of what leads from one row to another."""
    every = [field for model in apps.get_models() for field in model._meta.get_fields() if field.is_relation]
    return frozenset({field.name for field in every} | {model._meta.model_name or "" for model in apps.get_models()})


@functools.cache
def _codes() -> frozenset[str]:
    """All that can be chosen by a word of the program's own."""
    found: set[str] = {"on", "true", "false", "yes", "no"}
    kinds: list[Any] = [StrEnum, models.TextChoices]
    while kinds:
        kind = kinds.pop()
        found.update(str(each.value) for each in kind)
        kinds += kind.__subclasses__()
    return frozenset(found)


def reader(user: Any) -> str:
    """What a browser keeps of who signed in there last: it names nobody, and an account is known again by it."""
    return crypto.keyed_hash(str(user.pk), "reader")


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what an ended session sent, where it may be kept; `response` leads to signing in. Where nothing is kept of a
    page's form (nobody is known to have signed in here, or it is too long) the page there says so."""
    who, page = request.COOKIES.get(READER, ""), page_of(request)
    if request.method != "POST" or page == "/" or not _may_be_kept(request):
        return
    fields = typed(request.POST)
    more: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": request.is_secure()}
    too_long = sum(len(name) + len(value) for name, value in fields) > LONGEST
    if not who or too_long or wait_for(
        name="form-again", who=client_address(request), limit=TRIES, seconds=WITHIN
    ):  # fmt: skip
        response.set_cookie(LOST, "1", max_age=WITHIN, **more)
        return
    token = secrets.token_urlsafe(32)
    names = [str(file.name) for _, files in request.FILES.lists() for file in files]
    kept = {"page": page, "action": request.path, "typed": fields, "who": who, "files": names}
    until = clock.now() + dt.timedelta(seconds=SECONDS)
    digest = _digest(token)
    forget()
    KeptForm.objects.create(digest=digest, sealed=crypto.seal(kept, _key(token), digest), until=until)
    response.set_cookie(COOKIE, token, max_age=SECONDS, **more)
    response.delete_cookie(LOST, samesite="Lax")


def _may_be_kept(request: HttpRequest) -> bool:
    """A whole page's form, and none by which somebody gets into an account."""
    whole = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and not request.headers.get("HX-Request")
    return whole and not _own(request)


def _own(request: HttpRequest) -> bool:
    match = resolve(request.path_info)
    return "accounts" in match.app_names or getattr(match.func, "okat_asks_again", False)


def show(request: HttpRequest, response: HttpResponse) -> None:
    """Fill the page that is shown, if a form waits for it in this browser and this reader may send it."""
    user = request.user
    if request.method != "GET" or response.status_code != 200 or response.streaming or not user.is_authenticated:
        return
    token = request.COOKIES[COOKIE]
    row = KeptForm.objects.filter(digest=_digest(token), until__gt=clock.now()).first()
    if row is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    kept = crypto.unseal(bytes(row.sealed), _key(token), row.digest)
    if kept["page"] != request.get_full_path() or kept["who"] != reader(user) or not _may_send(request, kept["action"]):
        return
    fields: Typed = [(name, value) for name, value in kept["typed"]]
    values = {"files": kept["files"], "typed": [value for _, value in fields if value.strip()]}
    html = response.content.decode()
    note = render_to_string("core/form_again.html", values)
    filled = fill(html, page=request.path, action=kept["action"], typed=fields, note=note)
    if filled is None:  # the page has no such form any more: at least the words are there
        note = render_to_string("core/form_again.html", {**values, "gone": True})
        filled = html.replace('id="messages">', f'id="messages">{note}', 1)
    response.content = filled.encode()
    response.headers["Cache-Control"] = "no-store, private"
    response.delete_cookie(COOKIE, samesite="Lax")
    row.delete()


def _may_send(request: HttpRequest, action: str) -> bool:
    mark = access.of(resolve(action).func)
    wanted = mark.permissions if mark else ()
    return not wanted or any(permissions.may(request.user, one) for one in wanted)  # type: ignore[arg-type]


def forget() -> None:
    """Those whose hour is over."""
    KeptForm.objects.filter(until__lte=clock.now()).delete()


def _digest(token: str) -> str:
    return crypto.keyed_hash(token, "kept form")


def _key(token: str) -> bytes:
    return bytes.fromhex(crypto.keyed_hash(token, "key of a kept form"))
