"""What the catalogue adds to the search box."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.catalogue.queries.search import find
from okat.city.catalogue.rules.look import MAX_TEXT, Look
from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words

SHOWN = 10


def found(user: Any, wish: str) -> Iterable[Found]:
    """The best of what is published, for anybody."""
    rows = find(Look(text=wish.strip()[:MAX_TEXT])).rows[:SHOWN] if wish.strip() else []
    return [
        Found(
            _("Opportunity"), words(o), f"{words(o.provider)} · {words(o.area)}", reverse("catalogue:open", args=[o.pk])
        )
        for o in rows
    ]
