"""What becomes of a hire when the person dies, moves away, or comes back."""

from collections.abc import Sequence

from django.db.models.functions import Greatest

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.jobs.models import Hire
from okat.city.people.models import Person


@action
def end_work(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    rows = Hire.objects.filter(person=person, ended_on=None) if begun else Hire.objects.none()
    ended = [str(pk) for pk in rows.values_list("pk", flat=True)]
    rows.update(ended_on=Greatest("started_on", clock.today()))
    audit.record(by=by, verb="jobs.end_hire", subject=person, reason=why)
    return ended


@action
def resume_work(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """The hire goes on as if nothing had been said."""
    Hire.objects.filter(pk__in=ended, person=person).update(ended_on=None)
    audit.record(by=by, verb="jobs.resume", subject=person)
    return []
