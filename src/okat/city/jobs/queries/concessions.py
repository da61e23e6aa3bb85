"""Reading places under section 35."""

from django.db.models import F, Q, QuerySet, Sum

from okat.city.core import clock
from okat.city.jobs.models import Concession
from okat.city.partners.models import Partner


def _now() -> QuerySet[Concession]:
    today = clock.today()
    rows = Concession.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, partner__left_on=None)
    return rows.select_related("partner", "partner__area")


def open_ones() -> list[Concession]:
    """What is given now and has free places."""
    return list(_now().filter(taken__lt=F("places")).order_by("way", "-since", "id")[:200])


def given_by(partner: Partner) -> list[Concession]:
    return list(Concession.objects.filter(partner=partner)[:50])


def helped_by(partner: Partner) -> int:
    """Persons who have such a place of the employer now."""
    return int(_now().filter(partner=partner).order_by().aggregate(n=Sum("taken"))["n"] or 0)


def one_of(partner: Partner | None, pk: int) -> Concession | None:
    return Concession.objects.filter(partner=partner, pk=pk).first() if partner else None
