"""The meetings of opportunities as iCalendar (RFC 5545). Times are in UTC, so that no time zone has to be described."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from icalendar import Calendar, Event

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status

DAILY = dt.timedelta(days=1)


class _Moment(NamedTuple):
    name: str
    start: dt.date
    end: dt.date
    place: str
    off_at: dt.datetime | None = None
    reason: str = ""


def calendar(opportunity: Opportunity, title: str, url: str) -> bytes:
    """Its meetings; without any, the days from start to end; without those, the last day to apply.

    What was called off stays with STATUS:CANCELLED and a higher SEQUENCE: a calendar program that took it in before
    must hear of it (RFC 5546, 2.1.4). Any change of the opportunity raises the number.
    """
    found = Calendar()
    found.add("prodid", "-//Okat//catalogue//TH")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", title)
    found.add("refresh-interval", DAILY, {"VALUE": "DURATION"})  # RFC 7986
    for moment in _moments(opportunity):
        found.add_component(_event(opportunity, moment, title, url))
    return bytes(found.to_ical())


def _event(opportunity: Opportunity, moment: _Moment, title: str, url: str) -> Event:
    off = moment.off_at is not None or opportunity.status == Status.CANCELLED
    reason = moment.reason or opportunity.end_reason
    changed = max(opportunity.updated_at, moment.off_at or opportunity.updated_at).astimezone(dt.UTC)
    event = Event()
    event.add("uid", f"{moment.name}@okat")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", opportunity.version - 1 + (moment.off_at is not None))
    event.add("dtstart", moment.start)
    event.add("dtend", moment.end)
    event.add("summary", title)
    event.add("location", moment.place)
    event.add("url", url)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    if off and reason:
        event.add("description", reason)
    return event


def _moments(opportunity: Opportunity) -> Iterator[_Moment]:
    place = opportunity.venue.th if opportunity.venue else opportunity.place_note or opportunity.area.th
    sessions: list[Any] = list(opportunity.sessions.all())  # with off_at and off_reason: queries.sessions
    for each in sessions:
        start, end = each.start.astimezone(dt.UTC), each.end.astimezone(dt.UTC)
        where = each.venue.th if each.venue else place
        yield _Moment(f"session-{each.pk}", start, end, where, each.off_at, each.off_reason or "")
    day = opportunity.starts_on or opportunity.closes_on
    if not sessions and day is not None:
        last = opportunity.ends_on if opportunity.starts_on and opportunity.ends_on else day
        yield _Moment(f"opportunity-{opportunity.pk}", day, last + DAILY, place)
