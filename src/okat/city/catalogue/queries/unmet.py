"""What is asked for and not there, what partners could open for it, and who waits to be told."""

import datetime as dt
import statistics
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.models import Lookout, Opportunity, Unmet
from okat.city.catalogue.rules.unmet import Asked, Limits, Shared, Suggestion, suggest
from okat.city.core import clock, kept
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.core.templatetags.okat import words as say
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.queries import partners_where
from okat.city.people.queries import acted_for_by
from okat.city.places import queries as places
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words
from okat.files.city import CityFolderError, read_city

KEPT, KEPT_SECONDS = "unmet", 60
RESOURCES = ("teacher-hours", "room-hours")


@lru_cache(maxsize=4)
def _limits(folder: Path) -> Limits:
    said = read_city(folder).words.get("unmet", {})
    try:
        return Limits(
            int(said.get("threshold", 12)), int(said.get("months", 12)), Decimal(str(said.get("hours", 30)))
        )  # fmt: skip
    except (ValueError, ArithmeticError) as error:
        raise CityFolderError(f"city.toml, [unmet]: {error}") from error


def limits() -> Limits:
    """What `[unmet]` of city.toml says."""
    return _limits(Path(settings.CITY))


def suggestions() -> list[Suggestion]:
    """All of the city, in four statements; kept for a moment."""
    return kept.value(KEPT, _suggestions, KEPT_SECONDS)


def _suggestions() -> list[Suggestion]:
    since = (clock.today() - dt.timedelta(days=30 * limits().months)).replace(day=1)
    rows = Unmet.objects.filter(month__gte=since).order_by().values_list("need", "area", "formats", "usable")
    known = places.known()
    asks = [Asked(need, _path(known[area]), tuple(f), tuple(u)) for need, area, f, u in rows]
    return suggest(asks, _shares(known), _hours(), limits())


def _path(area: Area | None) -> tuple[str, ...]:
    return tuple(area.path.strip("/").split("/")) if area is not None else ()


def _shares(known: Mapping[int, Area]) -> list[Shared]:
    rows = Contribution.objects.filter(
        direction=Contribution.Direction.GIVES, resource__code__in=RESOURCES, partner__left_on=None,
        used__lt=F("planned"),
    ).select_related("partner", "resource")  # fmt: skip
    today = clock.today()
    return [
        Shared(row.partner.code, row.resource.code, row.title, row.planned - row.used,
               _path(known.get(row.area_id or row.partner.area_id)))
        for row in rows.order_by("id")
        if row.ends_on is None or row.ends_on >= today
    ]  # fmt: skip


def _hours() -> dict[str, Decimal]:
    """The median hours of the courses that answer each need."""
    found: dict[str, list[Decimal]] = {}
    for codes, hours in Opportunity.objects.public().exclude(hours=None).order_by().values_list("need_codes", "hours"):
        for code in codes:
            found.setdefault(code, []).append(hours or Decimal(0))
    return {code: Decimal(statistics.median_low(some)) for code, some in found.items()}


def suggestion(need: str, area: str) -> Suggestion:
    """Raises Http404 for one that does not stand (any more)."""
    found = next((one for one in suggestions() if (one.need, one.area) == (need, area)), None)
    if found is None:
        raise Http404
    return found


def need_called(code: str) -> Term | None:
    return words().by_code.get((Vocabulary.NEED, code))


def area_of(code: str) -> Area | None:
    return next((area for area in places.known().values() if area.code == code), None)


def lookouts_of(user: User) -> QuerySet[Lookout]:
    """Those that the user keeps, for themselves or for persons for whom they may still act."""
    rows = Lookout.objects.filter(user=user).select_related("person", "told", "area", "key")
    return rows.filter(person=None) | rows.filter(person__in=acted_for_by(user, Permission.SEE_PERSON))


def lookout_of(user: User, pk: UUID) -> Lookout:
    """Raises Http404."""
    found = lookouts_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def export(person: UUID) -> Mapping[str, Any]:
    """For the person's own copy of all data."""
    rows = Lookout.objects.filter(person=person).select_related("area", "key", "told").order_by("made_at")
    return {"lookouts": [_exported(row) for row in rows]}


def _exported(row: Lookout) -> dict[str, Any]:
    formats, usable = row.conditions()
    return {
        "need": row.need, "area": row.area.th, "formats": list(formats), "usable": list(usable),
        "made": row.made_at.isoformat(), "told": row.told.title_th if row.told else "",
    }  # fmt: skip


def tasks(user: Any) -> list[Task]:
    """For *Today* of offices that have teacher hours or rooms where enough people ask for the same."""
    partners = partners_where(user, Permission.MANAGE_OPPORTUNITIES) if isinstance(user, User) else []
    codes = {partner.code for partner in partners}
    if not codes:
        return []
    return [
        Task(
            f"unmet:{one.need}:{one.area}",
            ngettext("%(n)s person asks for a course", "%(n)s people ask for a course", one.asks) % {"n": one.asks},
            _("%(need)s in %(area)s; your office has hours to share")
            % {"need": need_words(one), "area": area_words(one)},
            f"{reverse('catalogue:asked-for')}#{one.need}-{one.area}", None, 1,
        )
        for one in suggestions()
        if any(each.partner in codes for each in (*one.teachers, *one.rooms))
    ]  # fmt: skip


def need_words(one: Suggestion) -> str:
    term = need_called(one.need)
    return say(term) if term is not None else one.need


def area_words(one: Suggestion) -> str:
    area = area_of(one.area)
    return say(area) if area is not None else one.area


def partner_names() -> dict[str, Partner]:
    return {partner.code: partner for partner in Partner.objects.filter(left_on=None)}
