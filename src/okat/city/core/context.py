"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from okat.city.core import city, frame, permissions
from okat.city.core.ids import new_id


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "city": city.name(),
        "demo": settings.DEMO,
        "may": {p.name for p in permissions.of(user)} if user is not None else set(),
        "once": new_id,  # called by the hidden field of a form: a fresh token each time it is drawn
        "text_size": frame.size_of(request),
        "site_url": settings.SITE_URL,
    }
