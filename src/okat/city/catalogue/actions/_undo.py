"""Putting an opportunity back as it was before an import touched it, from the history that the database keeps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import index
from okat.city.catalogue.actions._sessions import REASON, restored, settle_off, sync_sessions
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import sessions
from okat.city.core import clock
from okat.city.core.in_use import in_use, used_since
from okat.city.core.kept import forget
from okat.city.taxonomy.models import Term, Vocabulary

# The office's contact is personal and so not in the history; it stays as it is, like places taken meanwhile.
_KEPT = {"id", "version", "created_at", "updated_at", "seats_taken", "status", "published_at", "ended_at", "end_reason"}


@dataclass(frozen=True)
class Way:
    """How what an import did to one opportunity is undone: `before` is what it was (None: the import made it, so it
    goes); `names` are the columns that go back. `why` it cannot be is not empty then."""

    before: Any = None
    names: Sequence[str] = ()
    why: Sequence[str] = ()


def ways_back(rows: Sequence[Opportunity], batch: UUID, done: dt.datetime | None) -> dict[UUID, Way]:
    """For each opportunity that the import touched. What is not as the import left it stays; what it made stays too
    where anything hangs on it."""
    found = {row.pk: _way(row, batch) for row in rows}
    fresh = [pk for pk, way in found.items() if not way.why and way.before is None]
    used = in_use(Opportunity, fresh, done)
    by_hand = set(Session.objects.filter(opportunity__in=fresh, uid="").values_list("opportunity", flat=True))
    taken = {row.pk for row in rows if row.seats_taken}
    for pk in fresh:
        why = [
            *used.get(pk, ()), *([_("has meetings that were added by hand")] if pk in by_hand else ()),
            *([_("has people in its places")] if pk in taken else ()),
        ]  # fmt: skip
        if why:
            found[pk] = Way(why=why)
    changed = {row.pk: row for row in rows if row.pk not in fresh and not found[row.pk].why}
    since = used_since(Opportunity, list(changed), done) if done is not None else {}
    for pk, row in changed.items():
        why = [*since.get(pk, ()), *([_("has meetings that were changed since")] if _touched(row) else ())]
        if why:
            found[pk] = Way(why=why)
    return found


def _touched(opportunity: Opportunity) -> bool:
    """Whether its meetings are not as the file left them: moved here, called off here, or kept for who was there."""
    said = {row.uid: row for row in restored(opportunity.timetable)}
    there: dict[str, Any] = {each.uid: each for each in sessions().filter(opportunity=opportunity).exclude(uid="")}
    if set(there) - set(said) or {uid for uid, row in said.items() if not row.off} - set(there):
        return True
    return any(
        (each.start, each.end) != (said[uid].start, said[uid].end) or (each.off_at is not None) != said[uid].off
        for uid, each in there.items() if not said[uid].off or each.off_reason != REASON
    )  # fmt: skip


def take_back(opportunity: Opportunity, way: Way, by: User) -> None:
    """Delete what the import made, restore what it changed."""
    forget("catalogue")
    if way.before is None:
        opportunity.delete()
    else:
        _restore(opportunity, way.before, way.names, by)


def _way(opportunity: Opportunity, batch: UUID) -> Way:
    history: Any = Opportunity._meta.get_field("events").related_model
    events = history.objects.filter(pgh_obj=opportunity.pk).order_by("pgh_id")
    left, names = events.filter(import_batch=batch).first(), _names(history)
    if left is None or any(getattr(opportunity, name) != getattr(left, name) for name in (*names, "status")):
        return Way(why=[_("was changed")])
    return Way(events.filter(pgh_id__lt=left.pgh_id).last(), names)


def _names(history: Any) -> list[str]:
    tracked = {field.attname for field in history._meta.concrete_fields}
    return [f.attname for f in _columns() if f.attname in tracked and f.name not in _KEPT]


def _restore(opportunity: Opportunity, before: Any, names: Sequence[str], by: User) -> None:
    for name in names:
        setattr(opportunity, name, getattr(before, name))
    opportunity.version += 1
    opportunity.updated_at = clock.now()
    needs = _terms(Vocabulary.NEED, opportunity.need_codes)
    index(opportunity, needs)
    opportunity.save()
    rows = restored(opportunity.timetable)
    sync_sessions({opportunity: rows}, by=by)
    settle_off({opportunity: rows}, by)
    opportunity.needs.set(needs)


def _columns() -> "list[models.Field[Any, Any]]":
    return list(Opportunity._meta.concrete_fields)


def _terms(vocabulary: str, codes: list[str]) -> list[Term]:
    return list(Term.objects.filter(vocabulary=vocabulary, code__in=codes))
