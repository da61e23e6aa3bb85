"""Talks: times that are opened and withdrawn, booked by anybody, answered, and forgotten."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.jobs.models import Ask, Slot
from okat.city.jobs.rules import About, JobsError
from okat.city.jobs.rules.talks import FORGET_DAYS, WAIT_DAYS, How
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay


@action
def open_slots(*, partner: Partner, starts: Sequence[dt.datetime], minutes: int, how: How, by: User) -> int:
    """Open times for talks; how many were new. A time that is over, or that stands already, is passed over."""
    check_stay(partner.pk)
    now = clock.now()
    rows = [
        Slot(partner=partner, start=start, minutes=minutes, how=how, by=by, at=now) for start in starts if start > now
    ]
    kept = set(Slot.objects.filter(partner=partner, how=how, start__in=starts).values_list("start", flat=True))
    fresh = [row for row in rows if row.start not in kept]
    Slot.objects.bulk_create(fresh, ignore_conflicts=True)
    audit.record(by=by, verb="jobs.open_slots", partner=partner.code)
    return len(fresh)


@action
def close_slot(*, slot: Slot, by: User) -> None:
    """Take a free time back. Raises JobsError where somebody has booked it."""
    kept = Slot.objects.select_for_update().filter(pk=slot.pk).first()
    if kept is not None:
        if Ask.objects.filter(slot=kept).exists():
            raise JobsError("slot", _("Somebody has booked this time. Call them first."))
        kept.delete()
    audit.record(by=by, verb="jobs.close_slot", partner=slot.partner.code)


@action
def forget_talks(*, by: User) -> int:
    """Delete what young people left behind once it has served: FORGET_DAYS after the talk or its answer, WAIT_DAYS
    after it was asked at the latest. Times that are long over go too. How many asks."""
    served, late = (clock.now() - dt.timedelta(days=days) for days in (FORGET_DAYS, WAIT_DAYS))
    over = Q(slot__start__lt=served) | Q(slot=None, answered_at__lt=served) | Q(at__lt=late, slot=None)
    gone, _each = Ask.objects.filter(over, about=About.TALK).delete()
    Slot.objects.filter(start__lt=served).delete()
    audit.record(by=by, verb="jobs.forget_talks", fields=["name", "phone"])
    return gone
