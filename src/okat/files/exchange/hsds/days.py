"""Schedules (HSDS schedule, iCalendar's words): to meetings where they have an end, to words where they go on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule

from okat.files.exchange.hsds.check import CellError, Row
from okat.files.exchange.listing import AHEAD, MOST_MEETINGS, Meeting

BANGKOK = ZoneInfo("Asia/Bangkok")
PAST = dt.timedelta(days=366)  # older meetings are history, which nobody can come to
OLDEST = dt.timedelta(days=366 * 30)
_WEEK = {"MO": "จันทร์", "TU": "อังคาร", "WE": "พุธ", "TH": "พฤหัสบดี", "FR": "ศุกร์", "SA": "เสาร์", "SU": "อาทิตย์"}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBERS = re.compile(r"[+-]?\d{1,3}")


def repeats(row: Row) -> bool:
    return bool(row.text("freq"))


def ends(row: Row) -> bool:
    """Whether it says when its last meeting is; what goes on for ever is a time-table in words."""
    if repeats(row):
        return any(row.values.get(name) is not None for name in ("until", "valid_to", "count"))
    first, last = _first(row), row.values.get("valid_to")
    return first is not None and (last is None or last == first or row.values.get("count") == 1)


def meetings(row: Row, today: dt.date) -> list[Meeting]:
    """The meetings of a schedule with hours and an end, from a year ago to two years ahead. Raises CellError."""
    first, opens, closes = _first(row), row.values.get("opens_at"), row.values.get("closes_at")
    if first is None or opens is None or closes is None:
        return []
    if opens.replace(tzinfo=None) >= closes.replace(tzinfo=None):
        raise CellError("reversed")
    found = []
    for day in islice(_days(row, first, today), MOST_MEETINGS + 1):
        start, end = (_moment(day, clock, row) for clock in (opens, closes))
        uid = f"{row.text('id')}/{day.isoformat()}" if repeats(row) else row.text("id")
        note = (row.text("notes") or row.text("description"))[:200]
        found.append(Meeting(uid, start, end, note=note))
    if len(found) > MOST_MEETINGS:
        raise CellError("meetings", limit=MOST_MEETINGS)
    return found


def says_zone(row: Row) -> bool:
    opens = row.values.get("opens_at")
    return opens is None or opens.tzinfo is not None or "timezone" in row.values


def _first(row: Row) -> dt.date | None:
    found: dt.date | None = row.values.get("dtstart") or row.values.get("valid_from")
    return found


def _days(row: Row, first: dt.date, today: dt.date) -> Iterator[dt.date]:
    if not repeats(row):
        yield first
        return
    if first < today - OLDEST:
        raise CellError("range", low=(today - OLDEST).isoformat(), high=(today + AHEAD).isoformat())
    stops = [row.values[name] for name in ("until", "valid_to") if name in row.values]
    last = min([*stops, today + AHEAD])
    count = row.values.get("count")
    for moment in islice(_rule(row, first, last), int(count) if count is not None else None):
        if moment.date() >= today - PAST:
            yield moment.date()


def _rule(row: Row, first: dt.date, last: dt.date) -> rrule.rrule:
    """COUNT is left to the caller: with UNTIL alone no rule can run on, whatever days it asks for."""
    interval = row.values.get("interval", 1)
    if not 1 <= interval <= 100 or interval != int(interval):
        raise CellError("rule", why="interval")
    start = dt.datetime.combine(first, dt.time())
    try:
        return rrule.rrule(
            rrule.WEEKLY if row.text("freq") == "WEEKLY" else rrule.MONTHLY, dtstart=start, interval=int(interval),
            until=dt.datetime.combine(last, dt.time()), wkst=getattr(rrule, row.text("wkst") or "MO"),
            byweekday=_weekdays(row.text("byday")), bymonthday=_numbers(row, "bymonthday"),
            byyearday=_numbers(row, "byyearday"), byweekno=_numbers(row, "byweekno"),
        )  # fmt: skip
    except ValueError as error:
        raise CellError("rule", why=str(error)[:80]) from error


def _weekdays(text: str) -> list[rrule.weekday] | None:
    found = []
    for part in _parts(text):
        match = _DAY.fullmatch(part)
        if match is None or match[1] in {"0", "+0", "-0"}:
            raise CellError("rule", why=f"byday {part[:10]}")
        day = getattr(rrule, match[2])
        found.append(day(int(match[1])) if match[1] else day)
    return found or None


def _numbers(row: Row, name: str) -> list[int] | None:
    parts = _parts(row.text(name))
    if not all(_NUMBERS.fullmatch(part) for part in parts):
        raise CellError("rule", why=name)
    return [int(part) for part in parts] or None


def _parts(text: str) -> list[str]:
    return [part for part in (piece.strip().upper() for piece in text.split(",")) if part]


def _moment(day: dt.date, clock: dt.time, row: Row) -> dt.datetime:
    if clock.tzinfo is not None:
        return dt.datetime.combine(day, clock)
    hours = row.values.get("timezone")
    zone = BANGKOK if hours is None else dt.timezone(dt.timedelta(hours=hours))
    return dt.datetime.combine(day, clock, zone)


def in_words(row: Row) -> str:
    """A time-table for people: what the sender wrote, else its days and hours."""
    said = row.text("description")
    days = " ".join(_WEEK[part[-2:]] for part in _parts(row.text("byday")) if part[-2:] in _WEEK)
    opens, closes = row.values.get("opens_at"), row.values.get("closes_at")
    hours = f"{opens:%H:%M}–{closes:%H:%M} น." if opens and closes else ""
    return " · ".join(part for part in (days, hours, said) if part)
