"""What a partner shares: its places, and money or kind, planned and used."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import F

from okat.city.accounts.models import User
from okat.city.core import audit, registries
from okat.city.core.action import action
from okat.city.partners.models import Contribution, Partner, Venue
from okat.city.partners.queries import check_stay


@action
def keep_venue(*, partner: Partner, values: Mapping[str, Any], by: User, venue: Venue | None = None) -> Venue:
    """Write a venue of `partner`; without `venue` a new one. `values` are fields of the model."""
    check_stay(partner.pk)
    kept = venue or Venue(partner=partner)
    _fill(kept, values)
    audit.record(by=by, verb="partners.venue", subject=kept, fields=values, partner=partner.code)
    registries.publish("venue.changed", venue=kept)
    return kept


@action
def keep_contribution(
    *, partner: Partner, values: Mapping[str, Any], by: User, contribution: Contribution | None = None
) -> Contribution:
    """Write what `partner` gives or looks for; without `contribution` a new one."""
    check_stay(partner.pk)
    kept = contribution or Contribution(partner=partner)
    _fill(kept, values)
    audit.record(by=by, verb="partners.contribution", subject=kept, fields=values, partner=partner.code)
    return kept


@action
def record_use(*, contribution: Contribution, amount: Decimal, by: User) -> Contribution:
    """Add to what was used (below zero corrects); the database refuses a negative sum."""
    Contribution.objects.filter(pk=contribution.pk).update(used=F("used") + amount)
    contribution.refresh_from_db(fields=["used"])
    audit.record(by=by, verb="partners.use", subject=contribution, fields=["used"], partner=contribution.partner.code)
    return contribution


def _fill(kept: Venue | Contribution, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
