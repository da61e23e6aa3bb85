"""iCalendar (RFC 5545) from a partner: one listing for each event or series."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from okat.files.exchange.errors import ListingError, fault
from okat.files.exchange.listing import AHEAD, MOST_MEETINGS, Listing, Meeting, Reading
from okat.files.office.csvtext import decode
from okat.files.office.errors import OfficeError, RowError
from okat.files.office.limits import Limits
from okat.thai.text import normalise

LIMITS = Limits(file_bytes=10_000_000, rows=10_000, memory_bytes=1_000_000_000, seconds=20)
PAST = dt.timedelta(days=366)
BANGKOK = ZoneInfo("Asia/Bangkok")
_CHILD = Path(__file__).with_name("child.py")
_BEGIN = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*BEGIN:VCALENDAR\s*$", re.M | re.I)
_MARKUP = re.compile(r"</?(?:p|br|b|i|u|a|div|span|ul|ol|li|html|h\d)\b[^>]*>", re.I)
_OURS = re.compile(r"/catalogue/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?\Z")


def is_calendar(data: bytes) -> bool:
    return bool(_BEGIN.match(data[:400]))


def read_calendar(data: bytes, *, today: dt.date, limits: Limits = LIMITS) -> Reading:
    """Recurrence rules become dates from a year ago to two years ahead. Attendees and organisers are not read. Raises
    ListingError (calendar_damaged, calendar_empty, calendar_needs_too_much) and OfficeError (file_too_large,
    file_encoding, file_mojibake)."""
    if len(data) > limits.file_bytes:
        raise OfficeError("file_too_large", size=len(data), limit=limits.file_bytes)
    answer = _ask_child(decode(data)[0], today, limits)
    if "error" in answer:
        raise ListingError("calendar_damaged", why=answer["error"])
    errors = [_error(*told) for told in answer["errors"]]
    if not answer["events"] and not errors:
        raise ListingError("calendar_empty")
    count = len(answer["events"]) + len(errors)
    if count > limits.rows:
        raise ListingError("too_many_rows", count=count, limit=limits.rows)
    warnings = [fault("", 0, "", "not_event", count=answer["other"])] if answer["other"] else []
    warnings += [fault("", line, name, "buddhist_read", said) for line, name, said in answer["buddhist"]]
    listings = []
    for event in answer["events"]:
        if len(event["dates"]) > MOST_MEETINGS:
            errors.append(fault("", event["line"], "RRULE", "meetings", event["summary"], limit=MOST_MEETINGS))
            continue
        warnings += _remarks(event)
        listings.append(_listing(event, cancelled=answer["method"] == "CANCEL"))
    return Reading("calendar", count, tuple(listings), tuple(errors), tuple(warnings), {})


def _ask_child(text: str, today: dt.date, limits: Limits) -> dict[str, Any]:
    days = ((today - PAST).isoformat(), (today + AHEAD).isoformat())
    numbers = (str(limits.memory_bytes), str(limits.seconds), *days, str(MOST_MEETINGS))
    command = [sys.executable, "-I", str(_CHILD), *numbers]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=text.encode(), capture_output=True, timeout=2 * limits.seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ListingError("calendar_needs_too_much") from error
    if done.returncode:  # ended by a signal, or without memory to say why
        raise ListingError("calendar_needs_too_much")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _error(line: int, name: str, code: str, value: str = "", other: int = 0) -> RowError:
    return fault("", line, name, code, value, why=value, other=other)


def _remarks(event: dict[str, Any]) -> list[RowError]:
    line, title = event["line"], event["summary"]
    told = (("floating", "DTSTART"), ("all_day", "DTSTART"))
    found = [fault("", line, name, code, title) for code, name in told if event[code]]
    if event["more"]:
        found.append(fault("", line, "RRULE", "far_away", title))
    return found


def _listing(event: dict[str, Any], *, cancelled: bool) -> Listing:
    status = event["status"].upper()
    url = event["url"].strip()
    ours = _OURS.search(url)
    meetings = () if event["all_day"] else tuple(_meeting(event, each) for each in event["dates"])
    first, last = _days(event)
    place = normalise(event["location"])
    return Listing(
        uid=f"ical:{event['uid']}", file="", row=event["line"], title=normalise(event["summary"]),
        description=_plain(event["description"]),
        state="defunct" if cancelled or status == "CANCELLED" else "active", reason="",
        terms=tuple(("", "", word) for word in event["categories"]), place=place,
        lat=event["geo"][0] if event["geo"] else None, lon=event["geo"][1] if event["geo"] else None,
        online=place.startswith(("http://", "https://")), starts_on=first, ends_on=last,
        contact=normalise(event["contact"]), url=url if url.startswith(("http://", "https://")) else "",
        meetings=meetings, event=not event["repeats"], opportunity=ours[1] if ours else "",
    )  # fmt: skip


def _meeting(event: dict[str, Any], each: dict[str, str]) -> Meeting:
    start, end = (_aware(dt.datetime.fromisoformat(each[name])) for name in ("start", "end"))
    uid = f"{event['uid']}/{each['named']}" if event["repeats"] else event["uid"]
    place = normalise(each["location"])
    said = normalise(each["summary"])
    return Meeting(
        uid, start, max(end, start + dt.timedelta(minutes=1)),
        place=place if place != normalise(event["location"]) else "",
        note=said if said != normalise(event["summary"]) else "", off=each["status"].upper() == "CANCELLED",
    )  # fmt: skip


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=BANGKOK)


def _days(event: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day in Thai time. The end of an all-day event is the day after it (RFC 5545, 3.6.1)."""
    held = [each for each in event["dates"] if each["status"].upper() != "CANCELLED"]
    if not held:
        return None, None
    if event["all_day"]:
        starts = [dt.date.fromisoformat(each["start"]) for each in held]
        ends = [dt.date.fromisoformat(each["end"]) - dt.timedelta(days=1) for each in held]
        return min(starts), max(*starts, *ends)
    days = [_aware(dt.datetime.fromisoformat(each["start"])).astimezone(BANGKOK).date() for each in held]
    return min(days), max(days)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"p", "br", "div", "li"}:
            self.found.append("\n")


def _plain(text: str) -> str:
    """Some programs write web markup into the description; its words are kept."""
    if _MARKUP.search(text):
        words = _Words()
        words.feed(text)
        text = "".join(words.found)
    return normalise(text, keep_lines=True).strip()[:8000]
