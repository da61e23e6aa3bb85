"""What was looked for in vain, for the city's team: words and counts; the rare are not even kept."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from okat.city.catalogue.models import MissedSearch
from okat.city.catalogue.rules.missed import SMALLEST
from okat.city.core import clock


@dataclass(frozen=True)
class Missed:
    """Words that found nothing: `count` askers, `narrowed` of them with other conditions too, the last on `day`."""

    text: str
    count: int
    narrowed: int
    day: dt.date


@dataclass(frozen=True)
class Unmet:
    """The words of a period, the most wanted first."""

    rows: list[Missed]

    @property
    def searches(self) -> int:
        return sum(row.count for row in self.rows)


def unmet(days: int, *, most: int = 500) -> Unmet:
    """One statement. Words of which most askers came before the period are left out like the rare."""
    rows = MissedSearch.objects.filter(day__gt=clock.today() - dt.timedelta(days=days)).order_by()
    groups = rows.values("text").annotate(
        n=Sum("count"), with_others=Sum("count", filter=Q(narrowed=True), default=0), last=Max("day")
    )
    shown = groups.filter(n__gte=SMALLEST).order_by("-n", "text")[:most]
    return Unmet([Missed(row["text"], row["n"], row["with_others"], row["last"]) for row in shown])
