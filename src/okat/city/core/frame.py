"""Head and foot of every page: the same for all who may do the same, so drawn once and kept (core.kept).

Who reads, what page it is and the form token stand in the drawn text as holes that are filled for each reader.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from okat.city.core import city, kept, menu, permissions

# The switch of the text size goes round.
NEXT_SIZE = {"normal": "large", "large": "largest", "largest": "normal"}
# Of whom signing in has begun and is not finished, the address that comes next; the frame tells nothing of them.
FIRST_TO_DO = "okat.first_to_do"
# Letters that no text holds (Unicode's private use) around the name of what belongs there.
_HOLE = re.compile("\ue000([a-z]+)\ue001")


@functools.cache
def files() -> SafeString:
    """The addresses of style sheets and scripts: they are the same for as long as the server runs."""
    return render_to_string("components/files.html")


def head(request: HttpRequest, unread: int) -> SafeString:
    return _drawn("components/head.html", request, unread)


def foot(request: HttpRequest) -> SafeString:
    return _drawn("components/foot.html", request, 0)


def size_of(request: HttpRequest) -> str:
    """The reader's size of letters."""
    size = request.COOKIES.get("okat_text", "normal")
    return size if size in NEXT_SIZE else "normal"


def _drawn(part: str, request: HttpRequest, unread: int) -> SafeString:
    user = getattr(request, "user", None)
    half = request.META.get(FIRST_TO_DO, "")
    signed_in = bool(user is not None and user.is_authenticated and not half)
    unread = unread if signed_in else 0
    may = permissions.of(user) if user is not None and signed_in else frozenset()
    size = size_of(request)
    here = menu.open_at(request.path)
    told = (part, get_language(), size, signed_in, half, ",".join(sorted(p.name for p in may)), unread, *here)

    def draw() -> str:
        return render_to_string(part, _values(may, signed_in, unread, size, request.path, half))

    text = kept.value(f"frame:{told}", draw)
    holes: dict[str, Callable[[], str]] = {
        "name": lambda: str(user) if signed_in else "",
        "here": request.get_full_path,
        "token": lambda: get_token(request),
    }
    # Safe: the text was drawn by a template, and what fills its holes is escaped.
    return mark_safe(_HOLE.sub(lambda hole: escape(holes[hole.group(1)]()), text))  # noqa: S308


def _values(
    may: frozenset[permissions.Permission], signed_in: bool, unread: int, size: str, path: str, half: str
) -> dict[str, Any]:
    return {
        "city": city.name(),
        "menu": menu.main(may, path),
        "foot_menu": menu.links(menu.FOOT, may, path),
        "my_page": menu.address(menu.MY_PAGE),
        "search_page": menu.address(menu.SEARCH),
        "sign_in_page": half or menu.address(settings.LOGIN_URL),
        "sign_out_page": menu.address(menu.SIGN_OUT),
        "notices_page": menu.address(menu.NOTICES),
        "account_page": menu.address(menu.ACCOUNT),
        "demo": settings.DEMO,
        "may": may,
        "signed_in": signed_in,
        "unread_notices": unread,
        "next_text_size": NEXT_SIZE[size],
        **{name: f"\ue000{name}\ue001" for name in ("name", "here")},
        "csrf_token": "\ue000token\ue001",
    }
