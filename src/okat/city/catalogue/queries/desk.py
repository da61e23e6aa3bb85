"""What the catalogue adds to the one search box of staff."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.catalogue.queries.search import find
from okat.city.catalogue.rules import KIND_LABELS, Kind
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.wish import Grade
from okat.city.core.registries import Found
from okat.city.core.templatetags.okat import words

SHOWN = 8


def found(_user: Any, text: str) -> Iterable[Found]:
    """The best few that have all of the words, however these were spelt; anybody may see what is published."""
    look = Look(text=text)
    page = find(look)
    if page.best is Grade.SOME:
        return []
    lines = [
        Found(_("Opportunities"), words(o), f"{KIND_LABELS[Kind(o.kind)]} · {words(o.provider)} · {words(o.area)}",
              reverse("catalogue:open", args=[o.pk]))
        for o in page.rows[:SHOWN]
    ]  # fmt: skip
    if len(page.rows) > SHOWN:
        more = f"{reverse('catalogue:search')}?{look.address()}"
        lines.append(Found(_("Opportunities"), _("All that the catalogue has for this"), "", more))
    return lines
