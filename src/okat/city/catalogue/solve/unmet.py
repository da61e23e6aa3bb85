"""What enough people ask for in vain, as far as it may be shown, and whom it concerns."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.queries import unmet as read
from okat.city.catalogue.queries.unmet import area_words, need_words
from okat.city.catalogue.rules.unmet import Asked, Suggestion, suggest
from okat.city.core import kept
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.partners.queries import partners_where
from okat.engine.disclosure import Number, Shown, members


def suggestions() -> list[Suggestion]:
    """All of the city, in four statements; kept for a moment."""
    return kept.value(read.KEPT, _suggestions, read.KEPT_SECONDS)


def _suggestions() -> list[Suggestion]:
    return suggest(read.asks(), read.shares(), read.hours(), read.limits(), conditions)


def suggestion(need: str, area: str) -> Suggestion:
    """Raises Http404 for one that does not stand (any more)."""
    found = next((one for one in suggestions() if (one.need, one.area) == (need, area)), None)
    if found is None:
        raise Http404
    return found


def conditions(asks: Sequence[Asked]) -> dict[str, int]:
    """How many need what; the most asked for comes first, and what would tell of a few beside the others is left
    out."""
    index = {str(number): number for number in range(len(asks))}
    who = {
        code: members((place for place, ask in zip(index, asks, strict=True) if code in ask.conditions), index)
        for code in frozenset().union(*(ask.conditions for ask in asks))
    }
    shown = Shown.after([Number("asks", members(index, index))])
    told = sorted(who, key=lambda code: (-who[code].bit_count(), code))
    return {code: who[code].bit_count() for code in told if shown.show(Number(code, who[code]))}


def tasks(user: Any) -> list[Task]:
    """For *Today* of offices that have teacher hours or rooms where enough people ask for the same."""
    partners = partners_where(user, Permission.MANAGE_OPPORTUNITIES) if isinstance(user, User) else []
    codes = {partner.code for partner in partners}
    if not codes:
        return []
    return [
        Task(
            f"unmet:{one.need}:{one.area}",
            ngettext("A course is asked for %(n)s time", "A course is asked for %(n)s times", one.asks)
            % {"n": one.asks},
            _("%(need)s in %(area)s; your office has hours to share")
            % {"need": need_words(one), "area": area_words(one)},
            f"{reverse('catalogue:asked-for')}#{one.need}-{one.area}", None, 1,
        )
        for one in suggestions()
        if any(each.partner in codes for each in (*one.teachers, *one.rooms))
    ]  # fmt: skip
