"""Break-glass: opening a record outside one's scope for three hours, with a reason that somebody reviews."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import lock_person
from okat.city.people.models import BreakGlass, Person
from okat.city.people.rules import BREAK_GLASS_HOURS, Emergency, Finding, PeopleError

SHORTEST_NOTE = 10


@action
def break_glass(*, person: Person, reason: Emergency, note: str, partner: Partner, by: User) -> BreakGlass:
    """Open the record to `by` for three hours. Raises PeopleError without a reason in words."""
    if len(note.strip()) < SHORTEST_NOTE:
        raise PeopleError("note", _("Say in a few words what happened; somebody will read it."))
    person = lock_person(person)
    assert person.key is not None
    now = clock.now()
    made = BreakGlass.objects.create(
        user=by, partner=partner, person=person, reason=reason, note_sealed=person.key.seal(note.strip()), at=now,
        until=now + dt.timedelta(hours=BREAK_GLASS_HOURS),
    )  # fmt: skip
    audit.record(by=by, verb="people.break_glass", subject=person, fields=["all"], partner=partner.code, reason=reason)
    publish("glass.broken", opening=made, by=by)
    return made


@action
def review_break_glass(*, opening: BreakGlass, finding: Finding, by: User, note: str = "") -> BreakGlass:
    """Say whether an opening was justified; once, and never one's own. An unjustified one ends at once."""
    row = BreakGlass.objects.select_for_update(of=("self",)).select_related("person__key").get(pk=opening.pk)
    if row.user_id == by.pk:
        raise PeopleError("own_review", _("Somebody else reviews your own emergency opening."))
    if row.reviewed_at is not None:
        raise PeopleError("reviewed", _("This opening has been reviewed already."))
    row.reviewed_at, row.reviewed_by, row.finding = clock.now(), by, finding
    if finding == Finding.NOT_JUSTIFIED:
        row.until = min(row.until, row.reviewed_at)
    if note.strip() and row.person.key is not None:
        row.review_sealed = row.person.key.seal(note.strip())
    row.save()
    audit.record(by=by, verb="people.review_break_glass", subject=row.person, fields=["opening"], reason=finding)
    return row
