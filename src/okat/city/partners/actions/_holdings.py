"""What a partner itself holds: places to meet, and what it promised to share or looks for."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.core import clock
from okat.city.core.registries import HANDOVER, Holding, publish
from okat.city.partners.models import Contribution, Partner, Venue


def register() -> None:
    HANDOVER.register(
        "80 partners.venue",
        Holding(
            ("partners.Venue.partner",),
            lambda n: ngettext("%(n)s venue", "%(n)s venues", n) % {"n": n},
            lambda partner: Venue.objects.filter(partner=partner, open_to_all=True).count(),
            taken=_("all its venues are the successor's from then on"), hand=_venues,
            closed=_("they are no learning spaces any more"), close=_close_venues,
            names=lambda partner: Venue.objects.filter(partner=partner, open_to_all=True), things=True,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "81 partners.contribution",
        Holding(
            ("partners.Contribution.partner",),
            lambda n: ngettext("%(n)s thing shared or looked for", "%(n)s things shared or looked for", n) % {"n": n},
            lambda partner: _promised(partner).count(),
            taken=_("the successor gives and looks for them"), hand=_contributions,
            closed=_("they end today"), close=_close_contributions, things=True,
        ),
    )  # fmt: skip


def _venues(*, partner: Partner, to: Partner, by: Any) -> None:
    """`by` and its entry are the caller's (leaving.settle)."""
    rows = list(Venue.objects.filter(partner=partner))
    Venue.objects.filter(partner=partner).update(partner=to)
    for venue in rows:
        publish("venue.changed", venue=Venue.objects.get(pk=venue.pk))


def _close_venues(*, partner: Partner, by: Any) -> None:
    Venue.objects.filter(partner=partner).update(open_to_all=False)


def _promised(partner: Partner) -> Any:
    return Contribution.objects.filter(Q(ends_on=None) | Q(ends_on__gt=clock.today()), partner=partner)


def _contributions(*, partner: Partner, to: Partner, by: Any) -> None:
    _promised(partner).update(partner=to)


def _close_contributions(*, partner: Partner, by: Any) -> None:
    _promised(partner).update(ends_on=clock.today())
