"""What is looked for, what was pledged, and what of it was used."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Pledge, Sought
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.sharing import PledgeStatus
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.core.templatetags.okat import words
from okat.city.core.together import Together
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.queries import partners_where
from okat.city.partners.rules import say_unit
from okat.city.places.models import Area

_AMOUNT: Any = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Total:
    """What partners put into an opportunity, by resource and unit."""

    th: str
    en: str
    unit: str
    planned: Decimal
    used: Decimal

    @property
    def unit_words(self) -> str:
        return say_unit(self.unit)


def _sought() -> Any:
    """With `promised`, what was accepted for it, and `missing`."""
    accepted = Pledge.objects.filter(
        opportunity=OuterRef("opportunity"), resource=OuterRef("resource"), unit=OuterRef("unit"),
        status=PledgeStatus.ACCEPTED,
    ).order_by()  # fmt: skip
    promised = accepted.values("opportunity").annotate(total=Sum("planned")).values("total")
    zero = Decimal(0)
    return Sought.objects.select_related("resource").annotate(
        promised=Coalesce(Subquery(promised, output_field=_AMOUNT), zero),
        missing=Greatest(F("amount") - Coalesce(Subquery(promised, output_field=_AMOUNT), zero), zero),
    )


def sought_of(opportunity: Opportunity) -> list[Any]:
    """Lines of Sought with `promised` and `missing`."""
    return list(_sought().filter(opportunity=opportunity))


def wanted(partner: Partner | None, resource: str = "", area: Area | None = None) -> QuerySet[Sought]:
    """What published opportunities of others still look for, newest first; `resource` is a term's code."""
    rows = _sought().filter(opportunity__status=Status.PUBLISHED, missing__gt=0)
    rows = rows.filter(opportunity__in=Opportunity.objects.filter(still_open(clock.today())))
    if partner is not None:
        rows = rows.exclude(opportunity__provider=partner)
    if resource:
        rows = rows.filter(resource__code=resource)
    if area is not None:
        rows = rows.filter(opportunity__area__in=Area.objects.within(area))
    found: QuerySet[Sought] = rows.select_related("opportunity__provider", "opportunity__area")
    return found.order_by("-added_at", "id")


def pledges_of(opportunity: Opportunity) -> list[Pledge]:
    """All of them, those that wait for an answer first."""
    rows = Pledge.objects.filter(opportunity=opportunity).select_related("partner", "resource")
    return sorted(rows, key=lambda row: (row.status != PledgeStatus.OFFERED, row.pk))


def totals(pledges: Iterable[Pledge]) -> list[Total]:
    """Of those accepted."""
    found: dict[tuple[int, str], Total] = {}
    for row in pledges:
        if row.status == PledgeStatus.ACCEPTED:
            old = found.get((row.resource_id, row.unit))
            planned, used = (old.planned, old.used) if old else (Decimal(0), Decimal(0))
            found[row.resource_id, row.unit] = Total(
                row.resource.th, row.resource.en, row.unit, planned + row.planned, used + row.used
            )
    return list(found.values())


def my_pledges(partner: Partner) -> QuerySet[Pledge]:
    """What the partner offered to others, newest first."""
    rows = Pledge.objects.filter(partner=partner).exclude(opportunity__provider=partner)
    return rows.select_related("opportunity__provider", "resource").order_by("-offered_at", "-id")


def _mine(user: User) -> list[Partner]:
    return partners_where(user, Permission.MANAGE_OPPORTUNITIES)


def pledge_to_answer(user: User, pk: int) -> Pledge:
    """A pledge to an opportunity of the user's partners. Raises Http404."""
    return _one(Q(pk=pk, opportunity__provider__in=_mine(user)))


def pledge_of_mine(user: User, pk: int) -> Pledge:
    """A pledge that the user's partners made. Raises Http404."""
    return _one(Q(pk=pk, partner__in=_mine(user)))


def _one(wanted_: Q) -> Pledge:
    rows = Pledge.objects.select_related("opportunity__provider", "partner", "resource", "contribution")
    found = rows.filter(wanted_).first()
    if found is None:
        raise Http404
    return found


def to_give(partner: Partner) -> QuerySet[Contribution]:
    """What the partner shares and has not used up."""
    rows = Contribution.objects.filter(partner=partner, direction=Contribution.Direction.GIVES, used__lt=F("planned"))
    return rows.select_related("resource")


def tasks(user: Any) -> list[Task]:
    """For *Today*: opportunities with pledges that wait for an answer."""
    partners = tuple(sorted(p.pk for p in _mine(user))) if isinstance(user, User) else ()
    if not partners:
        return []
    found = _waiting(partners).of()
    counts = {UUID(row["opportunity"]): row["n"] for row in found["counts"]}
    return [
        Task(
            f"pledges:{each.pk}",
            ngettext("%(n)s partner offers to help", "%(n)s offers of help", counts[each.pk]) % {"n": counts[each.pk]},
            _("for “%(title)s”") % {"title": words(each)}, reverse("catalogue:sharing", args=[each.pk]), None,
            counts[each.pk],
        )
        for each in found["opportunities"]
    ]  # fmt: skip


@functools.lru_cache(maxsize=256)
def _waiting(partners: tuple[int, ...]) -> Together:
    """Who answers for the same partners shares the text of the statement."""
    rows = Pledge.objects.filter(status=PledgeStatus.OFFERED, opportunity__provider__in=partners).order_by()
    titles = Opportunity.objects.filter(pk__in=rows.values("opportunity")).only("id", "title_th", "title_en")
    return Together(
        counts=lambda: rows.values("opportunity").annotate(n=Count("pk")),
        opportunities=lambda: titles.order_by("id"),
    )
