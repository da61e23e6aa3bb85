"""Meetings as they are named again and again: each keeps its number, by which calendars and attendance know it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core import registries

CHUNK = 1000
REASON = "ผู้จัดแจ้งว่างดนัดนี้"  # kept as it is said, like the words of anybody who calls a session off
_FIELDS = ("start", "end", "venue_id", "note")
Key = tuple[Any, ...]


def sync_sessions(wanted: Mapping[Opportunity, Sequence[SessionRow]], *, whole: bool = False) -> None:
    """Bring the meetings of each opportunity in line with what is named for it: a constant number of statements.

    Meetings that carry a `uid` are known by it and moved in place, and those written here stay untouched. Rows without
    any, or all rows of a form (`whole`), stand for all meetings: equal ones stay.
    """
    before: dict[Any, dict[Key, Session]] = {o.pk: {} for o in wanted}
    named = {o.pk: not whole and _by_uid(rows) for o, rows in wanted.items()}
    for session in Session.objects.select_for_update(of=("self",)).filter(opportunity__in=list(before)).order_by("pk"):
        key = _key(session, by_uid=named[session.opportunity_id])
        if key is not None:
            before[session.opportunity_id].setdefault(key, session)
    fresh: list[Session] = []
    moved: list[Session] = []
    gone: list[int] = []
    for opportunity, rows in wanted.items():
        left = before[opportunity.pk]
        for row in rows:
            found = left.pop(_key_of(row, by_uid=named[opportunity.pk]), None)
            if found is not None:
                if not row.off and _moved(found, row):
                    moved.append(found)
            elif not row.off:
                fresh.append(_fresh(opportunity, row))
        gone += [session.pk for session in left.values()]
    Session.objects.filter(pk__in=gone).delete()
    Session.objects.bulk_update(moved, _FIELDS, batch_size=CHUNK)
    Session.objects.bulk_create(fresh, batch_size=CHUNK)


def call_off(wanted: Mapping[Opportunity, Sequence[SessionRow]], by: User) -> None:
    """Tell who keeps attendance of the meetings that their sender called off."""
    off = {(o.pk, row.uid) for o, rows in wanted.items() for row in rows if row.off}
    if not off:
        return
    rows = Session.objects.filter(opportunity__in={pk for pk, _uid in off}, uid__in={uid for _pk, uid in off})
    for session in rows.select_related("opportunity__provider"):
        if (session.opportunity_id, session.uid) in off:
            registries.publish("session.called_off", session=session, reason=REASON, by=by)


def stored(rows: Sequence[SessionRow]) -> list[list[Any]]:
    """What `timetable` keeps of meetings that came from elsewhere."""
    some = [row for row in rows if row.uid]
    return [[r.uid, r.start.isoformat(), r.end.isoformat(), r.venue, r.note, r.off] for r in some]


def restored(timetable: Sequence[Sequence[Any]]) -> list[SessionRow]:
    return [
        SessionRow(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), venue, note, uid, off)
        for uid, start, end, venue, note, off in timetable
    ]


def _by_uid(rows: Sequence[SessionRow]) -> bool:
    return any(row.uid for row in rows) or not rows


def _key(session: Session, *, by_uid: bool) -> Key | None:
    if by_uid:
        return (session.uid,) if session.uid else None
    return (session.start, session.end, session.venue_id, session.note)


def _key_of(row: SessionRow, *, by_uid: bool) -> Key:
    return (row.uid,) if by_uid else (row.start, row.end, row.venue, row.note)


def _moved(session: Session, row: SessionRow) -> bool:
    values = (row.start, row.end, row.venue, row.note)
    if values == tuple(getattr(session, name) for name in _FIELDS):
        return False
    session.start, session.end, session.venue_id, session.note = values
    return True


def _fresh(opportunity: Opportunity, row: SessionRow) -> Session:
    return Session(
        opportunity=opportunity, start=row.start, end=row.end, venue_id=row.venue, note=row.note, uid=row.uid
    )
