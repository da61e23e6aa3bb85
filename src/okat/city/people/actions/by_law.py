"""A record that an office keeps by law: noted for one person, with the law, the end and the reason, and ended."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.ids import new_id
from okat.city.core.registries import publish
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import hold_people
from okat.city.people.actions._slips import outdate_slips
from okat.city.people.actions.consent import end_basis, grant, record_basis
from okat.city.people.actions.telling import tell
from okat.city.people.models import Basis, Grant, Person
from okat.city.people.rules import Law, PeopleError, Why

NOTED = "noted:"


@action
def keep_by_law(*, person: Person, partner: Partner, law: Law, until: dt.date, why: str, by: User) -> Basis:
    """From now on and to the end of `until` the partner keeps the record without a consent. The person reads in their
    account which office and how long; by SMS or on paper, that it is so and whom to ask. Raises PeopleError without a
    reason, or for a day that is over."""
    if not why.strip():
        raise PeopleError("why", _("Write which task or duty it is, so that somebody else can check it."))
    if until < clock.today():
        raise PeopleError("until", _("This day is over. Choose the last day on which the law lets the office keep it."))
    end = timezone.make_aware(dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min))
    made = record_basis(partner=partner, law=law, source=f"{NOTED}{new_id()}", by=by, until=end)
    if person.key is not None:
        made.why_sealed = person.key.seal(why.strip())
        made.save(update_fields=["why_sealed"])
    grant(person=person, partner=partner, reason=Why.DUTY, source=f"law:{made.pk}", rests_on=made, by=by)
    tell(
        people=[person], kind="people.by_law", params={"partner": partner.th},
        url="/people/mine/", about=made.pk, by=by,
    )  # fmt: skip
    audit.record(by=by, verb="people.keep_by_law", subject=person, fields=["basis"], partner=partner.code, reason=law)
    return made


@action
def end_by_law(*, person: Person, basis: Basis, by: User) -> int:
    """The office may not keep this person's record by that law any more; how many grants ended. For others whom a file
    brought by the same law it stands."""
    hold_people([person.pk])
    publish("people.settling", people=[person.pk])  # a case may close, and with it a place of a round
    rows = Grant.objects.filter(person=person, basis=basis, ended_at=None)
    count = rows.update(ended_at=clock.now())
    if basis.source.startswith(NOTED):
        end_basis(basis=basis, by=by)
    outdate_slips([person.pk], "people", [str(basis.pk)], by)
    audit.record(
        by=by, verb="people.end_by_law", subject=person, fields=["basis"], partner=basis.partner.code, reason=basis.law
    )
    publish("basis.ended", person=person, partner=basis.partner, by=by)
    return count
