"""Meetings added to a course that stands already: whoever plans its timetable says it here."""

from collections.abc import Sequence

from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import take_place
from okat.city.catalogue.rules import slot_of
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget


@action
def add_sessions(*, opportunity: Opportunity, rows: Sequence[SessionRow], by: User) -> list[Session]:
    """The fresh ones, in order; an equal meeting that takes place already stays as it is. A meeting without a venue is
    at the opportunity's own. The opportunity's first and last day and its times of the week follow."""
    forget("catalogue")
    kept = (
        Opportunity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("provider")
        .get(pk=opportunity.pk)
    )
    there = set(take_place(kept).values_list("start", "end"))
    fresh = [row for row in rows if (row.start, row.end) not in there]
    made = Session.objects.bulk_create(
        Session(opportunity=kept, start=row.start, end=row.end, venue_id=row.venue, note=row.note) for row in fresh
    )
    if made:
        days = [timezone.localdate(row.start) for row in fresh]
        kept.starts_on = min([*days, *([kept.starts_on] if kept.starts_on else [])])
        kept.ends_on = max([*days, *([kept.ends_on] if kept.ends_on else [])])
        kept.slots = sorted({*kept.slots, *(slot_of(row.start) for row in fresh)})
        kept.version += 1
        kept.save(update_fields=["starts_on", "ends_on", "slots", "version", "updated_at"])
    audit.record(by=by, verb="catalogue.add_sessions", subject=kept, fields=["sessions"], partner=kept.provider.code)
    return made
