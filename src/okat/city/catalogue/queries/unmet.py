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
from django.db.models import F, Q, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Lookout, Opportunity, Unmet
from okat.city.catalogue.rules.unmet import Asked, Limits, Shared, Suggestion
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as say
from okat.city.partners.models import Contribution, Partner
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


def asks() -> list[Asked]:
    """All that still count."""
    since = (clock.today() - dt.timedelta(days=30 * limits().months)).replace(day=1)
    rows = Unmet.objects.filter(month__gte=since).order_by().values_list("need", "area", "formats", "usable", "known")
    areas = places.known()
    return [Asked(need, _path(areas[area]), tuple(f), tuple(u), known) for need, area, f, u, known in rows]


def _path(area: Area | None) -> tuple[str, ...]:
    return tuple(area.path.strip("/").split("/")) if area is not None else ()


def shares() -> list[Shared]:
    """Free hours of teachers and rooms."""
    rows = Contribution.objects.filter(
        direction=Contribution.Direction.GIVES, resource__code__in=RESOURCES, partner__left_on=None,
        used__lt=F("planned"),
    ).select_related("partner", "resource")  # fmt: skip
    today, known = clock.today(), places.known()
    return [
        Shared(row.partner.code, row.resource.code, row.title, row.planned - row.used,
               _path(known.get(row.area_id or row.partner.area_id)))
        for row in rows.order_by("id")
        if row.ends_on is None or row.ends_on >= today
    ]  # fmt: skip


def hours() -> dict[str, Decimal]:
    """The median hours of the courses that answer each need."""
    found: dict[str, list[Decimal]] = {}
    rows = Opportunity.objects.public().exclude(hours=None).order_by().values_list("need_codes", "hours")
    for codes, length in rows:
        for code in codes:
            found.setdefault(code, []).append(length or Decimal(0))
    return {code: Decimal(statistics.median_low(some)) for code, some in found.items()}


def need_called(code: str) -> Term | None:
    return words().by_code.get((Vocabulary.NEED, code))


def area_of(code: str) -> Area | None:
    return next((area for area in places.known().values() if area.code == code), None)


def lookouts_of(user: User) -> QuerySet[Lookout]:
    """Those that the user keeps, for themselves or for persons for whom they may still act."""
    rows = Lookout.objects.filter(user=user).select_related("person", "told", "area", "key")
    return rows.filter(person=None) | rows.filter(person__in=acted_for_by(user, Permission.SEE_PERSON))


def of_the_same(row: Lookout) -> QuerySet[Lookout]:
    """What else whoever the lookout is for waits for, for the same need: kept by them, or by workers for them."""
    account = row.user_id if row.person is None else row.person.user_id
    same = Q(person=row.person_id) if row.person_id is not None else Q()
    if account is not None:
        same |= Q(person=None, user=account) | Q(person__user=account)
    return Lookout.objects.filter(same, need=row.need, ended_at=None).exclude(pk=row.pk)


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


def need_words(one: Suggestion) -> str:
    term = need_called(one.need)
    return say(term) if term is not None else one.need


def area_words(one: Suggestion) -> str:
    area = area_of(one.area)
    return say(area) if area is not None else one.area


def partner_names() -> dict[str, Partner]:
    return {partner.code: partner for partner in Partner.objects.filter(left_on=None)}
