"""Break-glass: opening a record outside one's scope for three hours, with a reason that somebody reviews."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where, users_with, workers
from okat.city.people.actions._locks import lock_person
from okat.city.people.models import BreakGlass, Person
from okat.city.people.queries.scope import grants_in_force
from okat.city.people.rules import BREAK_GLASS_HOURS, Emergency, Finding, PeopleError

SHORTEST_NOTE = 10


@action
def break_glass(*, person: Person, reason: Emergency, note: str, partner: Partner, by: User) -> BreakGlass:
    """Open the record to `by` for three hours. Its report goes to whoever reviews for the partner, to those of the
    partners that hold the record, and to the auditors. Raises PeopleError without a reason in words, and for whoever
    has no such role in `partner`."""
    if all(mine.pk != partner.pk for mine in partners_where(by, Permission.BREAK_GLASS)):
        raise PeopleError("not_allowed", _("Your role does not open records in an emergency."))
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
    notify(users=_told(made), kind="people.emergency", url=reverse("people:openings"), by=by)
    return made


def _told(opening: BreakGlass) -> list[User]:
    holders = grants_in_force().filter(person=opening.person).values("partner")
    partners = Partner.objects.filter(Q(pk=opening.partner_id) | Q(pk__in=holders))
    reviewers = [user for partner in partners for user in workers(partner, Permission.REVIEW_BREAK_GLASS)]
    return [user for user in (*reviewers, *users_with(Permission.SEE_AUDIT)) if user.pk != opening.user_id]


@action
def note_try(*, key: str, partner: Partner, by: User) -> None:
    """A number was typed that opened nothing. Who tries out numbers learns by and by who is registered: each try is
    in the trail, under a keyed hash of the number, and in the list of those who read the trail."""
    audit.record(by=by, verb="people.emergency_try", partner=partner.code, key=key)


@action
def end_openings(*, user: User, partner: Partner, by: User) -> int:
    """The role ended by which the user could open records in an emergency: what is open closes; how many."""
    now = clock.now()
    ended = BreakGlass.objects.filter(user=user, partner=partner, until__gt=now).update(until=now)
    audit.record(by=by, verb="people.end_openings", fields=["openings"], partner=partner.code)
    return ended


@action
def review_break_glass(*, opening: BreakGlass, finding: Finding, by: User, note: str = "") -> BreakGlass:
    """Say whether an opening was justified; once, and never one's own. An unjustified one ends at once."""
    row = (
        BreakGlass.objects.select_for_update(of=("self",), no_key=True).select_related("person__key").get(pk=opening.pk)
    )
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
    if finding == Finding.NOT_JUSTIFIED:
        url = reverse("people:person", args=[row.person_id])
        notify(users=[row.user], kind="people.not_justified", url=url, by=by)
    audit.record(by=by, verb="people.review_break_glass", subject=row.person, fields=["opening"], reason=finding)
    return row
