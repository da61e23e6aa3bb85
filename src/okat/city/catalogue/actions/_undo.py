"""Putting an opportunity back as it was before an import touched it, from the history that the database keeps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import index
from okat.city.catalogue.actions._sessions import REASON, foretold, restored, settle_off, sync_sessions
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import sessions
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock
from okat.city.core.in_use import in_use
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
    past = _past(rows)
    found = {row.pk: _way(row, batch, past[row.pk]) for row in rows}
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
    since = in_use(Opportunity, list(changed), done, before=True) if done is not None else {}
    moved = _moved(list(changed.values()), past)
    for pk in changed:
        why = [*since.get(pk, ()), *([_("has meetings that were changed since")] if pk in moved else ())]
        if why:
            found[pk] = Way(why=why)
    return found


def _moved(rows: Sequence[Opportunity], past: Mapping[UUID, Sequence[Any]]) -> set[UUID]:
    """Whose meetings are not as the file left them: moved here, or called off here. One that the file itself had to
    leave, for who was there, stands as a file before it named it."""
    said = {row: restored(row.timetable) for row in rows}
    left = {row.pk: {session.uid for session, _row in each} for row, (each, _gone) in foretold(said).items()}
    there: dict[UUID, list[Any]] = {row.pk: [] for row in rows}
    for session in sessions().filter(opportunity__in=list(there)).exclude(uid=""):
        there[session.opportunity_id].append(session)
    found = set()
    for row, named in said.items():
        mine = left.get(row.pk, set())
        kept = [each for each in there[row.pk] if each.uid in mine]
        rest = {each.uid: each for each in there[row.pk] if each.uid not in mine}
        if _differ({each.uid: each for each in named if each.uid not in mine}, rest) or (
            kept and not {(each.uid, each.start, each.end) for each in kept} <= _named(past[row.pk])
        ):
            found.add(row.pk)
    return found


def _differ(said: Mapping[str, SessionRow], there: Mapping[str, Any]) -> bool:
    if set(there) - set(said) or {uid for uid, row in said.items() if not row.off} - set(there):
        return True
    return any(
        (each.start, each.end) != (said[uid].start, said[uid].end) or (each.off_at is not None) != said[uid].off
        for uid, each in there.items() if not said[uid].off or each.off_reason != REASON
    )  # fmt: skip


def _named(events: Sequence[Any]) -> set[tuple[str, dt.datetime, dt.datetime]]:
    return {(row.uid, row.start, row.end) for event in events for row in restored(event.timetable)}


def take_back(opportunity: Opportunity, way: Way, by: User) -> None:
    """Delete what the import made, restore what it changed."""
    forget("catalogue")
    if way.before is None:
        opportunity.delete()
    else:
        _restore(opportunity, way.before, way.names, by)


def _past(rows: Sequence[Opportunity]) -> dict[UUID, list[Any]]:
    """What the database kept of each, from the first on: one statement for all."""
    history: Any = Opportunity._meta.get_field("events").related_model
    found: dict[UUID, list[Any]] = {row.pk: [] for row in rows}
    for event in history.objects.filter(pgh_obj__in=list(found)).order_by("pgh_id"):
        found[event.pgh_obj_id].append(event)
    return found


def _way(opportunity: Opportunity, batch: UUID, events: Sequence[Any]) -> Way:
    at = next((place for place, event in enumerate(events) if event.import_batch == batch), None)
    if at is None:
        return Way(why=[_("was changed")])
    left, names = events[at], _names(type(events[at]))
    if any(getattr(opportunity, name) != getattr(left, name) for name in (*names, "status")):
        return Way(why=[_("was changed")])
    return Way(events[at - 1] if at else None, names)


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
