"""What enough people ask for in vain, as far as it may be shown, and whom it concerns."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.queries import unmet as read
from okat.city.catalogue.queries.unmet import area_words, need_words
from okat.city.catalogue.rules.unmet import Suggestion, count, enough, suggest
from okat.city.core import kept, weekly
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.core.steady import Counted
from okat.city.partners.queries import partners_where

KIND, DEPTHS = "catalogue.asked", (3, 2)  # sub-districts first: what is told there is not counted for their district


def suggestions() -> list[Suggestion]:
    """All of the city; kept for a moment."""
    return kept.value(read.KEPT, _suggestions, read.KEPT_SECONDS)


def _suggestions() -> list[Suggestion]:
    told = [one for depth in DEPTHS for one in enough(_numbers(weekly.told(KIND, depth)))]
    return suggest(told, read.shares(), read.hours(), read.limits())


def counted_on() -> dt.date | None:
    """As of when the asks are counted."""
    return weekly.told(KIND, DEPTHS[-1]).day


def counted(depth: int) -> dict[str, Counted]:
    """The numbers of sub-districts, and of districts without what is told for their sub-districts, for the weekly
    figures."""
    near = weekly.draw(kind=KIND, of=DEPTHS[0], by=None) if depth != DEPTHS[0] else None
    told = weekly.sheet_of(near).names if near is not None else ()
    return count(read.asks(), depth, read.limits(), told)


def _numbers(sheet: weekly.Sheet) -> dict[str, int]:
    return {name: sheet.number(name) or 0 for name in sheet.names}


def suggestion(need: str, area: str) -> Suggestion:
    """Raises Http404 for one that does not stand (any more)."""
    found = next((one for one in suggestions() if (one.need, one.area) == (need, area)), None)
    if found is None:
        raise Http404
    return found


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
