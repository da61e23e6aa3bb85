"""What no page can read is refused before any page sees it, in one place; HEAD may ask whatever GET may."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from okat.city.core import refusals
from okat.city.core.middleware import wrong_method

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
LONGEST = 8000  # letters of an address with its query
# The database keeps no NUL in a text, and a half of a pair of surrogates is no letter at all.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
View = TypeVar("View", bound=Callable[..., HttpResponse])


def raw_body(view: View) -> View:
    """Mark a view that reads what was sent as it came (`request.body`): it is not taken apart as a form before, since
    what was taken apart cannot be read once more. The view itself looks whether it can be kept."""
    view.__dict__["okat_raw_body"] = True
    return view


class ReadableMiddleware:
    """400 for what holds a letter that cannot be kept or cannot be taken apart; 405 for methods that no page knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return wrong_method(request, HttpResponse(headers={"Allow": ", ".join(METHODS)}))
        if not readable(request):
            return refusals.refused(request, refusals.UNREADABLE)
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        return _bare(self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _named: object
    ) -> HttpResponse | None:
        """A form, once it is known which view reads it; no middleware behind has read it before."""
        raw = request.method != "POST" or getattr(view, "okat_raw_body", False)
        return None if raw or _kept(_sent(request)) else refusals.refused(request, refusals.UNREADABLE)


def readable(request: HttpRequest) -> bool:
    whole = len(request.path) + len(request.META.get("QUERY_STRING", ""))
    return whole <= LONGEST and _kept(_texts(request))


def _kept(texts: Iterable[str]) -> bool:
    try:
        return not any(map(_UNKEPT.search, texts))
    except (BadRequest, SuspiciousOperation, RequestDataTooBig, MultiPartParserError, UnreadablePostError, ValueError):
        return False


def _texts(request: HttpRequest) -> Iterable[str]:
    """Everything that some page may read as text, but for a form."""
    yield request.path
    yield request.path_info
    for name, value in request.COOKIES.items():
        yield name
        yield value
    for name, values in request.GET.lists():
        yield name
        yield from values


def _sent(request: HttpRequest) -> Iterable[str]:
    for name, values in request.POST.lists():
        yield name
        yield from values
    for name, files in request.FILES.lists():
        yield name
        yield from (file.name or "" for file in files)


def _bare(response: HttpResponse) -> HttpResponse:
    """The same answer without its body, which is never drawn where it would be sent piece by piece."""
    bare = HttpResponse(status=response.status_code, reason=response.reason_phrase)
    bare.headers = response.headers
    bare.cookies = response.cookies
    if not response.streaming:
        bare.headers["Content-Length"] = str(len(response.content))
    bare._resource_closers = response._resource_closers  # type: ignore[attr-defined]  # what the answer had open is closed with this one
    return bare
