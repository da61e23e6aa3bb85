"""The one basis of a law, a partner and a source that stands."""

import datetime as dt

from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.models import Basis
from okat.city.people.rules import Law


def basis_of(partner: Partner, law: Law, source: str, until: dt.datetime | None = None) -> Basis:
    """Noted once while it holds; one whose time is over is ended, and another takes its place."""
    now = clock.now()
    Basis.objects.filter(partner=partner, law=law, source=source, ended_at=None, until__lte=now).update(ended_at=now)
    return Basis.objects.get_or_create(
        partner=partner, law=law, source=source, ended_at=None, defaults={"since": now, "until": until}
    )[0]
