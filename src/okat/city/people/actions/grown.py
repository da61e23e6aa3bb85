"""Twenty: from this day on one speaks for oneself."""

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.people.actions._locks import hold_joined, hold_people
from okat.city.people.actions.consent import withdraw_consent
from okat.city.people.actions.telling import tell
from okat.city.people.models import LifeEvent, Person
from okat.city.people.queries.grown import KEPT, not_told, unanswered, until
from okat.city.people.rules import Turn


@action
def ask_grown(*, person: Person, by: User) -> bool:
    """Tell somebody who turned twenty, once, that they decide themselves now; whether they were told. Nothing ends by
    it, and a run that was missed is made good by the next."""
    hold_people([person.pk])
    row = not_told(clock.today()).filter(pk=person.pk).first()
    audit.record(by=by, verb="people.grown", subject=row, fields=["consent"] if row else ["none"])
    if row is None:
        return False
    LifeEvent.objects.create(person=row, kind=Turn.GROWN, at=clock.now(), by=by)
    forget(KEPT)
    # Nobody brings paper: they stand on the team's Today.
    tell(people=[row], kind="people.grown", url="/people/mine/", until=until(row), paper=False, by=by)
    return True


@action
def end_guardians(*, person: Person, by: User) -> int:
    """The time to answer is over: what a guardian had allowed others ends; how many consents. That the record is kept
    stays, or nobody could ask any more: it stands on Today until the person has spoken."""
    hold_joined(person)  # whose consents are withdrawn below
    over = unanswered(clock.today(), person)
    for consent in over:
        withdraw_consent(consent=consent, by=by)
    audit.record(by=by, verb="people.end_guardians", subject=person, fields=["consent"] if over else ["none"])
    return len(over)
