"""Twenty: from this day on one speaks for oneself."""

import datetime as dt

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.people.actions.consent import withdraw_consent
from okat.city.people.actions.telling import tell
from okat.city.people.models import Consent, LifeEvent
from okat.city.people.queries.grown import KEPT, grown, until
from okat.city.people.rules import How, Purpose, Turn


@action
def ask_grown(*, by: User) -> int:
    """Tell everybody who turned twenty, once, that they decide themselves now; how many. Nothing ends by it, and a run
    that was missed is made good by the next."""
    day = clock.today()
    told = LifeEvent.objects.filter(kind=Turn.GROWN, mended_at=None).values("person")
    rows = list(grown(day).exclude(pk__in=told))
    LifeEvent.objects.bulk_create([LifeEvent(person=row, kind=Turn.GROWN, at=clock.now(), by=by) for row in rows])
    forget(KEPT)
    for last in sorted({until(row) for row in rows}):
        same = [row for row in rows if until(row) == last]
        # Nobody brings paper: they stand on the team's Today.
        tell(people=same, kind="people.grown", url="/people/mine/", until=last, paper=False, by=by)
    audit.record_many(by=by, verb="people.grown", subjects=rows, fields=["consent"])
    if not rows:
        audit.record(by=by, verb="people.grown", fields=["none"])
    return len(rows)


@action
def end_guardians(*, by: User) -> int:
    """The time to answer is over: what a guardian had allowed others ends; how many consents. That the record is kept
    stays, or nobody could ask any more: it stands on Today until the person has spoken."""
    day, count = clock.today(), 0
    for person in [row for row in grown(day) if until(row) < day]:
        grown_on: dt.date = person.__dict__["grown_on"]
        rows = Consent.objects.filter(person=person, how=How.GUARDIAN, withdrawn_at=None, at__date__lt=grown_on)
        for consent in rows.exclude(purpose=Purpose.CARE).order_by("at", "id"):
            withdraw_consent(consent=consent, by=by)
            count += 1
    audit.record(by=by, verb="people.end_guardians", fields=["consent"])
    return count
