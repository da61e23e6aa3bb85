"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from okat.city.core import city, menu, permissions
from okat.city.core.ids import new_id

# The switch of the text size goes round.
NEXT_SIZE = {"normal": "large", "large": "largest", "largest": "normal"}


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    size = request.COOKIES.get("okat_text", "normal")
    return {
        "city": city.name(),
        "menu": menu.main(user, request.path),
        "foot_menu": menu.links(menu.FOOT, user, request.path),
        "my_page": menu.address(menu.MY_PAGE),
        "search_page": menu.address(menu.SEARCH),
        "sign_in_page": menu.address(settings.LOGIN_URL),
        "sign_out_page": menu.address(menu.SIGN_OUT),
        "notices_page": menu.address(menu.NOTICES),
        "account_page": menu.address(menu.ACCOUNT),
        "demo": settings.DEMO,
        "may": {p.name for p in permissions.of(user)} if user is not None else set(),
        "once": new_id,  # called by the hidden field of a form: a fresh token each time it is drawn
        "text_size": size if size in NEXT_SIZE else "normal",
        "next_text_size": NEXT_SIZE.get(size, "large"),
        "site_url": settings.SITE_URL,
    }
