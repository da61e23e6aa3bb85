"""Meetings as they are named again and again: each keeps its number, by which calendars and attendance know it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import Change, counted_on, said_when, sessions, with_marks
from okat.city.catalogue.rules import CatalogueError, Fault
from okat.city.catalogue.rules.meetings import paired
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import clock, registries

CHUNK = 1000
REASON = "ผู้จัดแจ้งว่างดนัดนี้"  # kept as it is said, like the words of anybody who calls a session off
_FIELDS = ("start", "end", "venue_id", "note")


# A meeting that stays though a file moves it (the row) or drops it (None).
Left = tuple[Session, SessionRow | None]


@dataclass
class _Work:
    """What becomes of the meetings of one opportunity."""

    fresh: list[Session] = field(default_factory=list)
    written: list[Session] = field(default_factory=list)
    moved: list[Change] = field(default_factory=list)
    gone: list[Session] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def sync_sessions(wanted: Mapping[Opportunity, Sequence[SessionRow]], *, by: User, whole: bool = False) -> None:
    """Bring the meetings of each opportunity in line with what is named for it: a constant number of statements.

    Meetings that carry a `uid` are known by it, and those written here stay untouched. Rows without any, or all rows
    of a form (`whole`), stand for all meetings; each is the one that it was (rules.meetings). A meeting that something
    rests on never goes, and one with a list of who was there never moves into the future: a form that asks for it is
    refused (CatalogueError), a file leaves such a meeting as it stands. Whoever takes part hears `sessions.changed`.
    """
    work = _work(wanted, Session.objects.select_for_update(of=("self",), no_key=True), whole=whole, hold=True)
    if whole:
        _refuse([session for each in work.values() for session, _row in each.left])
    Session.objects.filter(pk__in=[session.pk for each in work.values() for session in each.gone]).delete()
    Session.objects.bulk_update([s for each in work.values() for s in each.written], _FIELDS, batch_size=CHUNK)
    Session.objects.bulk_create([s for each in work.values() for s in each.fresh], batch_size=CHUNK)
    for opportunity, each in work.items():
        if each.moved or each.gone:
            publish_changes(opportunity, each.moved, each.gone, by)


def foretold(
    wanted: Mapping[Opportunity, Sequence[SessionRow]],
) -> dict[Opportunity, tuple[list[Left], list[Session]]]:
    """Which meetings a file with these rows would leave as they stand, though it says otherwise, and which it would
    drop. Only reads."""
    found = _work(wanted, Session.objects.all(), whole=False)
    return {opportunity: (each.left, each.gone) for opportunity, each in found.items() if each.left or each.gone}


def _work(
    wanted: Mapping[Opportunity, Sequence[SessionRow]], among: QuerySet[Session], *, whole: bool, hold: bool = False
) -> dict[Opportunity, _Work]:
    before: dict[Any, list[Session]] = {o.pk: [] for o in wanted}
    for session in with_marks(among.filter(opportunity__in=list(before))).order_by("start", "pk"):
        before[session.opportunity_id].append(session)
    work = {o: _compare(o, before[o.pk], rows, whole=whole) for o, rows in wanted.items()}
    gone = [session.pk for each in work.values() for session in each.gone]
    if gone and hold:  # what begins to name one of them waits, and finds that it is gone
        list(Session.objects.select_for_update(of=("self",)).filter(pk__in=gone).order_by("pk").values_list("pk"))
    used = counted_on(gone)
    for each in work.values():
        each.left += [(session, None) for session in each.gone if session.pk in used]
        each.gone = [session for session in each.gone if session.pk not in used]
    return work


def publish_changes(opportunity: Opportunity, moved: Sequence[Change], gone: Sequence[Session], by: User) -> None:
    registries.publish("sessions.changed", opportunity=opportunity, moved=moved, gone=gone, by=by)


def settle_off(wanted: Mapping[Opportunity, Sequence[SessionRow]], by: User) -> None:
    """Tell who keeps attendance which meetings their sender called off, and which it called off before and holds after
    all. What somebody called off here stays so."""
    said = {(o.pk, row.uid): row.off for o, rows in wanted.items() for row in rows if row.uid}
    if not said:
        return
    rows = sessions().filter(opportunity__in={pk for pk, _uid in said}, uid__in={uid for _pk, uid in said})
    for session in rows.select_related("opportunity__provider"):
        standing: Any = session
        off = said.get((session.opportunity_id, session.uid))
        if off:
            registries.publish("session.called_off", session=session, reason=REASON, by=by)
        elif off is not None and standing.off_reason == REASON:
            registries.publish("session.reinstated", session=session, by=by)


def stored(rows: Sequence[SessionRow]) -> list[list[Any]]:
    """What `timetable` keeps of meetings that came from elsewhere."""
    some = [row for row in rows if row.uid]
    return [[r.uid, r.start.isoformat(), r.end.isoformat(), r.venue, r.note, r.off] for r in some]


def restored(timetable: Sequence[Sequence[Any]]) -> list[SessionRow]:
    return [
        SessionRow(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), venue, note, uid, off)
        for uid, start, end, venue, note, off in timetable
    ]


def _compare(opportunity: Opportunity, every: Sequence[Session], rows: Sequence[SessionRow], *, whole: bool) -> _Work:
    by_uid = not whole and (any(row.uid for row in rows) or not rows)
    held = [session for session in every if session.uid] if by_uid else list(every)
    if by_uid:
        places = {session.uid: place for place, session in enumerate(held)}
        known = {place: places[row.uid] for place, row in enumerate(rows) if row.uid in places}
    else:
        known = paired(held, rows)
    work = _Work()
    for place, row in enumerate(rows):
        if place not in known:
            if not row.off:
                work.fresh.append(_fresh(opportunity, row))
        elif not row.off:
            _change(held[known[place]], row, work, whole=whole, by_uid=by_uid)
    there = set(known.values())
    work.gone = [session for place, session in enumerate(held) if place not in there]
    return work


def _change(session: Session, row: SessionRow, work: _Work, *, whole: bool, by_uid: bool) -> None:
    """A form and a table without meetings' names say nothing of the venue: it stays."""
    venue = row.venue if by_uid or row.venue is not None else session.venue_id
    values = (row.start, row.end, venue, row.note)
    was = tuple(getattr(session, name) for name in _FIELDS)
    if values == was:
        return
    marked: Any = session
    if marked.marked and row.start > max(clock.now(), session.start):
        if whole:
            words = _("The meeting of %(when)s was held: there is a list of who was there. Leave it and add a line.")
            raise CatalogueError(Fault("sessions", words % {"when": said_when(session)}))
        work.left.append((session, row))
        if not by_uid:
            work.fresh.append(_fresh(session.opportunity, row))
        return
    if values[:3] != was[:3]:
        work.moved.append((session, session.start, session.end))
    session.start, session.end, session.venue_id, session.note = values
    work.written.append(session)


def _refuse(kept: Iterable[Session]) -> None:
    faults = [
        Fault("sessions", _(
            "The meeting of %(when)s stays: who was there is noted, or the course counts on it. Write its line again. "
            "If it does not take place, call it off on the page of the session."
        ) % {"when": said_when(session)})
        for session in kept
    ]  # fmt: skip
    if faults:
        raise CatalogueError(*faults)


def _fresh(opportunity: Opportunity, row: SessionRow) -> Session:
    return Session(
        opportunity=opportunity, start=row.start, end=row.end, venue_id=row.venue, note=row.note, uid=row.uid
    )
