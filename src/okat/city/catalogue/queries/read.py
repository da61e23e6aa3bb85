"""Loading opportunities for those who may see them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, Sum
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet, Session, Wisdom
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.queries.sessions import sessions
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.rows import PLAIN, OpportunityRow, SessionRow
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.queries import partners_where
from okat.city.places import queries as places
from okat.city.places.models import Area, Level
from okat.city.taxonomy.models import Term
from okat.thai.text import fold

FEED_SIZE = 50
TABLE_LIMIT = 2000


def _whole() -> OpportunityQuerySet:
    return Opportunity.objects.select_related("provider", "funder", "area__parent", "venue__area").prefetch_related(
        "needs", Prefetch("sessions", sessions()),
        "pledges__partner", "pledges__resource",
        Prefetch("teachers", Wisdom.objects.public().select_related("subject", "area")),
    )  # fmt: skip


def mine(user: User, text: str = "") -> OpportunityQuerySet:
    """The opportunities of the partners for which the user may write; with `text`, those whose titles hold it."""
    partners = partners_where(user, Permission.MANAGE_OPPORTUNITIES)
    rows = Opportunity.objects.filter(provider__in=partners)
    if wish := fold(text[:200]):
        rows = rows.filter(title_fold__contains=wish)
    return rows


def mine_listed(user: User, status: str = "", partner: str = "", text: str = "") -> OpportunityQuerySet:
    """What the list of staff shows, the last changed first."""
    rows = mine(user, text).select_related("provider", "area").defer("search", "about_th", "about_en", "rule")
    if status:
        rows = rows.filter(status=status)
    if partner:
        rows = rows.filter(provider__code=partner)
    return rows.order_by("-updated_at", "id")


@dataclass(frozen=True)
class Counts:
    """How many stand in each state, and the free places of what is published."""

    by_status: dict[str, int]
    free: int


def mine_counted(user: User) -> Counts:
    free = Sum(F("capacity") - F("seats_taken"), filter=Q(status=Status.PUBLISHED))
    rows = mine(user).order_by().values_list("status").annotate(n=Count("id"), free=free)
    found = [(status, n, free or 0) for status, n, free in rows]
    return Counts({status: n for status, n, _free in found}, sum(free for *_rest, free in found))


def open_public(pk: UUID, user: Any) -> Opportunity:
    """A published (or once published) opportunity, or the user's own draft. Raises Http404."""
    found = _whole().filter(pk=pk).first()
    if found is None or (found.status == Status.DRAFT and not may_write(user, found)):
        raise Http404
    return found


def open_mine(user: User, pk: UUID) -> Opportunity:
    """An opportunity that the user may change. Raises Http404, also for those of other partners."""
    found = _whole().filter(pk=pk).first()
    if found is None or not may_write(user, found):
        raise Http404
    return found


def row_of(opportunity: Opportunity) -> OpportunityRow:
    """An opportunity as the plain values from which it was made; pledges stay with the opportunity."""
    o = opportunity
    return OpportunityRow(
        **{name: getattr(o, name) for name in PLAIN}, provider=o.provider.code, area=o.area.code,
        needs=tuple(o.need_codes), access=o.access, reserves=tuple(o.reserves),
        priority=tuple(o.priority), venue=o.venue_id, lat=o.lat, lon=o.lon, slots=tuple(o.slots),
        funder=o.funder.code if o.funder else "", documents=tuple(o.documents), key=o.row_key,
        sessions=tuple(SessionRow(s.start, s.end, s.venue_id, s.note) for s in o.sessions.all()),
    )  # fmt: skip


def may_write(user: Any, opportunity: Opportunity) -> bool:
    if not isinstance(user, User):
        return False
    return any(p.pk == opportunity.provider_id for p in partners_where(user, Permission.MANAGE_OPPORTUNITIES))


def newest(rows: OpportunityQuerySet, most: int = FEED_SIZE) -> list[Opportunity]:
    """The newest of these, with what a line about each needs."""
    return list(rows.select_related("provider", "area").defer("search").order_by("-published_at", "id")[:most])


def sessions_between(first: dt.date, last: dt.date) -> list[Session]:
    """Meetings of published opportunities on these days, in order; at most 500."""
    rows = (
        sessions()
        .filter(start__date__gte=first, start__date__lte=last, opportunity__status=Status.PUBLISHED)
        .select_related("opportunity__area", "opportunity__provider")
    )
    return list(rows[:500])


def all_open() -> list[Opportunity]:
    """Everything that takes people today, for matching: one statement."""
    rows = Opportunity.objects.published().filter(still_open(clock.today())).select_related("provider", "area")
    return list(rows.defer("search", "about_th", "about_en").order_by("id"))


def terms(vocabulary: str) -> list[Term]:
    """The words of one vocabulary that are in use."""
    return list(Term.objects.filter(vocabulary=vocabulary, active=True).order_by("order", "code"))


def standing_areas() -> list[Area]:
    """Where somebody may say that they are: the same with communities, each below what it lies in."""
    rows = [area for area in places.known().values() if area.level != Level.PROVINCE and area.lat is not None]
    return sorted(rows, key=lambda area: (area.sort, area.code))


def choosable_areas() -> list[Area]:
    """Districts and sub-districts for a list to choose from, in Thai order."""
    rows = [area for area in places.known().values() if area.level in (Level.DISTRICT, Level.SUBDISTRICT)]
    return sorted(rows, key=lambda area: (area.sort, area.code))
