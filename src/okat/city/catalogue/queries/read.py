"""Loading opportunities for those who may see them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet, Session, Wisdom
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import Status
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners.queries import partners_where
from okat.city.taxonomy.models import Term

MAP_LIMIT = 2000
FEED_SIZE = 50


def _whole() -> OpportunityQuerySet:
    return Opportunity.objects.select_related("provider", "funder", "area__parent", "venue__area").prefetch_related(
        "needs", "formats", Prefetch("sessions", Session.objects.select_related("venue")),
        "pledges__partner", "pledges__resource",
    )  # fmt: skip


def mine(user: User) -> OpportunityQuerySet:
    """The opportunities of the partners for which the user may write."""
    partners = partners_where(user, Permission.MANAGE_OPPORTUNITIES)
    return Opportunity.objects.filter(provider__in=partners).select_related("provider", "area")


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


def may_write(user: Any, opportunity: Opportunity) -> bool:
    if not isinstance(user, User):
        return False
    return any(p.pk == opportunity.provider_id for p in partners_where(user, Permission.MANAGE_OPPORTUNITIES))


def on_map(rows: OpportunityQuerySet) -> QuerySet[Opportunity]:
    return (
        rows.exclude(lat=None)
        .only("id", "kind", "title_th", "title_en", "lat", "lon")
        .order_by("-published_at")[:MAP_LIMIT]
    )


def newest() -> list[Opportunity]:
    rows = Opportunity.objects.published().filter(still_open(clock.today())).select_related("provider", "area")
    return list(rows.order_by("-published_at", "id")[:FEED_SIZE])


def sessions_between(first: dt.date, last: dt.date) -> list[Session]:
    """Meetings of published opportunities on these days, in order; at most 500."""
    rows = Session.objects.filter(
        start__date__gte=first, start__date__lte=last, opportunity__status=Status.PUBLISHED
    ).select_related("opportunity__area", "opportunity__provider", "venue")
    return list(rows[:500])


def all_open() -> list[Opportunity]:
    """Everything that takes people today, for matching: one statement."""
    rows = Opportunity.objects.published().filter(still_open(clock.today())).select_related("provider", "area")
    return list(rows.defer("search", "about_th", "about_en").order_by("id"))


def wisdom() -> QuerySet[Wisdom]:
    return Wisdom.objects.public().select_related("subject", "area", "partner")


def terms(vocabulary: str) -> list[Term]:
    """The words of one vocabulary that are in use."""
    return list(Term.objects.filter(vocabulary=vocabulary, active=True).order_by("order", "code"))
