"""How a request is refused: a page in the reader's language that says what to do, or JSON where a program asks."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core import given

LANGUAGE_COOKIE = "okat_language"
MISSING = "23503"  # what a row refers to is not there
_COLUMN = re.compile(r"\(\"?(\w+)\"?\)=")  # in the detail of such an error, in whatever language
FAULT = "okat_fault"  # marks the error of a row that no action was given
# Addresses that programs read, whatever they say that they accept.
MACHINES = ("/api/", "/health/")


@dataclass(frozen=True)
class Refusal:
    """What happened, why, and what to do next. `template`: the page that tells more than these sentences."""

    status: int
    what: Promise
    why: Promise
    how: Promise
    template: str = ""


UNREADABLE = Refusal(
    400, _("We could not read what was sent"),
    _("Some of it was missing or not in a form that this page knows, perhaps because a link was cut short."),
    _("Go back, load the page again and send it once more."),
)  # fmt: skip
FORBIDDEN = Refusal(
    403, _("You may not open this page"),
    _("It belongs to another role, partner or area than yours. Nothing was changed."),
    _("If you need it for your work, ask the manager of your partner to give you the permission."),
    "core/error_403.html",
)  # fmt: skip
OVER = Refusal(
    403, _("Nothing more is arranged for this person"),
    _("The record says that the person has died. Nothing was changed."),
    _("If that is a mistake, take it back on the person's page; then everything can be done again."),
    "core/error_over.html",
)  # fmt: skip
OLD_FORM = Refusal(
    403, _("This form has grown too old to send"),
    _("For your safety a form must be sent from the page where it was opened. It may have waited too long, or this "
      "browser refuses cookies."),
    _("Go back, load the page again and send it once more; allow cookies for this site if it happens again."),
    "core/error_csrf.html",
)  # fmt: skip
NOT_HERE = Refusal(
    404, _("This page is not here"),
    _("The link may be old or mistyped, or it leads to something that you may not see."),
    _("Look for it from the first page, or ask whoever gave you the link."),
    "core/error_404.html",
)  # fmt: skip
CLOSED = Refusal(
    404, _("The record that you opened in an emergency is closed again"),
    _("Such an opening lasts a few hours, and ends at once where it was found not justified."),
    _("What you need beyond that is arranged with the person, or with an office that keeps the record."),
    "core/error_closed.html",
)  # fmt: skip
UNDONE = Refusal(
    409, _("This could not be done"),
    _("Something that it needs is missing or was changed in the meantime. Nothing was stored."),
    _("Go back, load the page again and look at what stands there now."),
    "core/error_409.html",
)  # fmt: skip
WRONG_METHOD = Refusal(
    405, _("This address shows no page"),
    _("Only a form is sent here, from the page that it stands on. Nothing was changed."),
    _("Go back to the page that you came from, or start from the first page."),
    "core/error_405.html",
)  # fmt: skip
TOO_SLOW = Refusal(
    408, _("What you sent did not arrive in time"),
    _("The connection was too slow or broke off on the way. Nothing was stored."),
    _("Go back and send it once more where the signal is better, or send a smaller file."),
)  # fmt: skip
TOO_LARGE = Refusal(
    413, _("What you sent is too large"),
    _("No page here takes that much at once. Nothing was stored."),
    _("Go back and send smaller pictures or fewer files; a long table can be sent in parts."),
)  # fmt: skip
TOO_MANY = Refusal(
    429, _("Please wait a little"),
    _("There were too many requests from your connection."),
    _("This protects everybody's account. Nothing is lost: go back to your page and send it again later."),
    "core/error_429.html",
)  # fmt: skip
BROKEN = Refusal(
    500, _("Something broke on our side"),
    _("It is not your fault. What you sent in the last step was not stored; all before it was."),
    _("Wait a minute and try again. If it breaks again, tell the city team what you were doing."),
)  # fmt: skip
BUSY = Refusal(
    503, _("This takes too long just now"),
    _("Many people are working here at once, or somebody is changing the same record. What you sent in the last step "
      "was not stored."),
    _("Wait a minute, go back and send it again."),
)  # fmt: skip
AWAY = Refusal(
    503, _("The records cannot be reached just now"),
    _("It is not your fault, and it usually passes within a minute. Nothing that was stored is lost."),
    _("Wait a minute, then look whether your last step was stored before you send it again."),
)  # fmt: skip
FULL = Refusal(
    503, _("There is no room left on the city's machine"),
    _("So nothing can be stored, and no page about people opens, because each look at a person is written down. "
      "Nothing that was stored is lost."),
    _("Tell whoever looks after the machine. Later, look whether your last step was stored before you send it again."),
)  # fmt: skip


class UndoneError(Exception):
    """What an action of any app refuses: `code` names why, `message` (translated when shown) says what to do about it.
    A view says it beside its form; what none says is said on a page of its own (AccessMiddleware), so that an action of
    another app ends in no page that broke."""

    def __init__(self, code: str, message: object) -> None:
        self.code = code
        self.message = message
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


class GoneError(UndoneError):
    """What an action works on is not there any more: somebody took it away between its page and its lock. Raised by
    `core.action` for the rows that it was given; an action that can say more raises its own."""

    def __init__(self) -> None:
        super().__init__(
            "gone", _("What you were working on is not here any more: somebody took it away while you were writing. "
                      "Look for it again from the first page.")
        )  # fmt: skip


class TooOftenError(UndoneError):
    """Somebody was sent enough of a kind today, whoever asks: in `wait` seconds one more may go."""

    def __init__(self, wait: int) -> None:
        super().__init__("too_often", _("Enough was sent there today. Send it again tomorrow, or ring the number."))
        self.wait = wait


def tells_gone(error: BaseException, of: Collection[type] | None = None) -> bool:
    """Whether the database found that a row, or what a row refers to, is not there. `of`: the kinds of rows that may go
    meanwhile, where an action knows them; without, what an action found to be a fault stays one."""
    if isinstance(error, ObjectDoesNotExist):
        kind = given.missing(error)
        known = not hasattr(error, FAULT) if of is None else kind in of
        return kind is not None and known
    state = getattr(error.__cause__, "sqlstate", None)
    # A row that was to be updated and is not there is told without the database's own error beneath.
    bare = type(error) in (DatabaseError, IntegrityError) and error.__cause__ is None
    return bare or (isinstance(error, IntegrityError) and state == MISSING and _leads_nowhere(error.__cause__))


def _leads_nowhere(error: Any) -> bool:
    """A reference is refused alike from both its sides: that its row is missing, and that a row cannot go because one
    still refers to it, which is a fault. The first names the column that refers, the second the key of what goes."""
    named = _COLUMN.search(error.diag.message_detail or "")
    models: list[Any] = apps.get_models(include_auto_created=True)
    refers = {
        field.column
        for model in models
        if model._meta.db_table == error.diag.table_name
        for field in model._meta.concrete_fields
        if field.is_relation
    }
    return named is not None and named[1] in refers


class OverError(PermissionDenied):
    """Something would be begun for somebody who has died; `page` is where that can be taken back."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


class ClosedError(Http404):
    """A record that whoever asks had opened in an emergency: since when it is closed, and what the review found."""

    def __init__(self, since: dt.datetime, finding: str) -> None:
        super().__init__("closed")
        self.since = since
        self.finding = finding


def refused(
    request: HttpRequest, refusal: Refusal, context: Mapping[str, Any] | None = None, *, wait: int = 0
) -> HttpResponse:
    """The answer. `wait`: after how many seconds it is worth trying again."""
    if for_a_machine(request):
        answer: HttpResponse = as_json(refusal)
    elif refusal.template:
        answer = render(request, refusal.template, dict(context or {}), status=refusal.status)
    else:
        answer = plain(request, refusal)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def plain(request: HttpRequest, *refusals: Refusal, languages: tuple[str, ...] = ()) -> HttpResponse:
    """A page of texts alone: it asks neither the database nor the session, which may be what broke."""
    refusal = refusals[0]
    told = {language: _said(refusal, language) for language in languages or (language_of(request),)}
    return HttpResponse(render_to_string("core/plain.html", {"told": told}), status=refusal.status)


def as_json(refusal: Refusal) -> JsonResponse:
    """In both languages, in the shape of the open data's own errors."""
    said = {language: _said(refusal, language) for language in dict(settings.LANGUAGES)}
    error = {language: f"{words['what']}. {words['how']}" for language, words in said.items()}
    return JsonResponse(
        {"error": {**error, "parameter": ""}, "status": refusal.status}, status=refusal.status,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def for_a_machine(request: HttpRequest) -> bool:
    accepts = request.META.get("HTTP_ACCEPT", "")
    return request.path.startswith(MACHINES) or ("json" in accepts and "html" not in accepts)


def language_of(request: HttpRequest) -> str:
    """Thai unless the reader chose English; the browser's own wish is often a factory setting."""
    try:
        wish = request.GET.get("lang") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    except (ValueError, RawPostDataException):  # an address that cannot be read says nothing about its reader
        wish = ""
    return wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _said(refusal: Refusal, language: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "what": str(refusal.what), "why": str(refusal.why), "how": str(refusal.how),
            "go": str(_("Go to the first page")),
        }  # fmt: skip
