"""Which addresses show a page. One that takes a form alone is never where somebody is sent to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve


def shows_page(view: Callable[..., Any]) -> bool:
    """Whether the view takes GET, by what Django's `require_...` marks on it say."""
    step: Any = view
    while step is not None:
        cells = zip(step.__code__.co_freevars, step.__closure__ or (), strict=True) if hasattr(step, "__code__") else ()
        for name, cell in cells:
            if name == "request_method_list" and "GET" not in cell.cell_contents:
                return False
        step = getattr(step, "__wrapped__", None)
    return True


def is_page(url: str) -> bool:
    """Whether there is a page at this address of ours."""
    try:
        return shows_page(resolve(urlsplit(url).path).func)
    except Resolver404:
        return False


def page_of(request: HttpRequest) -> str:
    """The page that was asked for; for what is only sent somewhere, the page on which its form stands."""
    if is_page(request.path_info):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and is_page(came.path):
        return came.path + (f"?{came.query}" if came.query else "")
    return "/"
