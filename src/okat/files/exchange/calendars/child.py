"""Reads a calendar in a process of its own: `python child.py MEMORY SECONDS FIRST LAST MOST < calendar > events.json`.

A recurrence rule of one line can ask for more dates than there are seconds to count them, or search for a 30 February
until the year 9999. Here the operating system says no. It imports nothing of okat.

Output: {"events": [...], "errors": [[line, property, code, value]], "other": n, "method": text} or {"error": why}. An
event is a whole series with its dates from FIRST to LAST (ISO days), at most MOST and one.
"""

import contextlib
import datetime as dt
import json
import re
import resource
import sys
from collections import Counter
from typing import Any

import icalendar
import recurring_ical_events

BEGIN = re.compile(r"^BEGIN:VEVENT\s*$", re.M | re.I)
END = re.compile(r"^END:VEVENT\s*$", re.I)
DATES = {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}
RULES = {"RRULE", "EXRULE"}
BE = 543
DAY = re.compile(r"(?<!\d)()(2[4-6]\d\d|2700)(\d{4})(?!\d)")
ANY_DAY = re.compile(r"(?<!\d)(\d{8})(?!\d)")
UNTIL = re.compile(r"(UNTIL=)(2[4-6]\d\d|2700)(\d{4})", re.I)
YEARS = range(1900, 2200)
FOR_EVER = {*range(2400, 2701), dt.MAXYEAR}  # of a rule that ends then, once Buddhist years were turned
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "CONTACT")


class EventError(Exception):
    """A property of one event that cannot be used."""

    def __init__(self, name: str, code: str, value: str = "") -> None:
        self.told = [name, code, value[:200]]
        super().__init__(code)


def main() -> None:
    """Reads standard input, answers on standard output."""
    memory, seconds, most = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    first, last = (dt.date.fromisoformat(day) for day in sys.argv[3:5])
    text = sys.stdin.buffer.read().decode("utf-8")
    try:
        answer = read(text, first, last, most)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:160]}
    sys.stdout.write(json.dumps(answer))


def read(text: str, first: dt.date, last: dt.date, most: int) -> dict[str, Any]:
    """Every series of every calendar in the file."""
    lines = [text.count("\n", 0, match.start()) + 1 for match in BEGIN.finditer(text)]
    text, buddhist = common_era(text)
    calendars = icalendar.Calendar.from_ical(text, multiple=True)
    found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    other = Counter(part.name for calendar in calendars for part in calendar.subcomponents)
    answer: dict[str, Any] = {
        "events": [], "errors": [], "method": str(calendars[0].get("METHOD", "")).upper() if calendars else "",
        "buddhist": buddhist, "other": other["VTODO"] + other["VJOURNAL"] + other["VFREEBUSY"],
    }  # fmt: skip
    series: dict[str, list[tuple[int, Any]]] = {}
    for line, event in zip(lines + [0] * (len(found) - len(lines)), found, strict=False):
        try:
            series.setdefault(checked(event), []).append((line, event))
        except EventError as fault:
            answer["errors"].append([line, *fault.told])
    for uid, parts in series.items():
        masters = [(line, event) for line, event in parts if "RECURRENCE-ID" not in event]
        if len(masters) > 1:
            answer["errors"].append([masters[1][0], "UID", "uid_twice", uid, masters[0][0]])
            continue
        line, head = (masters or parts)[0]
        try:
            answer["events"].append(whole(line, head, [event for _line, event in parts], first, last, most))
        except EventError as fault:
            answer["errors"].append([line, *fault.told])
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            answer["errors"].append([line, "RRULE", "rule", str(error)[:80]])
    return answer


def common_era(text: str) -> tuple[str, list[list[Any]]]:
    """The calendar with its Buddhist years turned into those of the common era, and of each event in which one was:
    its line, the first such property and the day as it stood. Only in events; zones begin in 1970."""
    lines = logical(text)
    told, starts = dict[int, list[Any]](), starts_of(lines)
    begun, kept = 0, []
    for number, line in lines:
        if BEGIN.match(line):
            begun = number
        elif END.match(line):
            begun = 0
        name = line.partition(":")[0].partition(";")[0].upper()
        read = line
        if begun and name in DATES:
            read = DAY.sub(turned, line)
        elif begun and name in RULES:
            read = turned_end(line, starts.get(begun, ""))
        if read != line:
            told.setdefault(begun, [begun, name, line.partition(":")[2][:80]])
        kept.append(read)
    return "\n".join(kept), list(told.values())


def turned(day: re.Match[str]) -> str:
    return f"{day[1]}{int(day[2]) - BE}{day[3]}"


def turned_end(rule: str, earliest: str) -> str:
    """A rule's end is Buddhist where it then still lies behind the beginning: 2500 beside a start in 2026 is far ahead,
    and not the year 1957."""
    found = UNTIL.search(rule)
    ends = turned(found).rpartition("=")[2] if found else ""
    return UNTIL.sub(turned, rule) if ends >= earliest else rule


def starts_of(lines: list[tuple[int, str]]) -> dict[int, str]:
    """The day before each event begins (zones may lie a day apart), of the common era, by the event's line."""
    starts: dict[int, str] = {}
    begun = 0
    for number, line in lines:
        if BEGIN.match(line):
            begun = number
        elif begun and line[:7].upper() == "DTSTART" and (day := ANY_DAY.search(DAY.sub(turned, line))):
            with contextlib.suppress(ValueError, OverflowError):  # no day: told when the event is looked at
                before = dt.date.fromisoformat(day[1]) - dt.timedelta(days=1)
                starts.setdefault(begun, before.isoformat().replace("-", ""))
    return starts


def logical(text: str) -> list[tuple[int, str]]:
    """Lines unfolded (RFC 5545, 3.1), each with its number in the file."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and found:
            found[-1][1].append(line[1:])
        else:
            found.append((number, [line]))
    return [(number, "".join(parts)) for number, parts in found]


def sensible(name: str, value: Any) -> None:
    """A year in which a calendar of this city may lie; a rule that runs to the year 2500 or 9999 runs for ever."""
    if value.year not in YEARS and not (name == "RRULE" and value.year in FOR_EVER):
        raise EventError(name, "year", str(value.year))


def checked(event: Any) -> str:
    """The event's UID, once it is one that can be used."""
    uid = str(event.get("UID", "")).strip()
    if not uid:
        raise EventError("UID", "no_uid")
    if not str(event.get("SUMMARY", "")).strip() and "RECURRENCE-ID" not in event:
        raise EventError("SUMMARY", "no_title")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        moment(event, name)
    if "DTSTART" not in event:
        raise EventError("DTSTART", "no_start")
    start = event["DTSTART"].dt
    if "DTEND" in event and (type(event["DTEND"].dt) is not type(start) or early(event["DTEND"].dt, start)):
        raise EventError("DTEND", "reversed", shown(event["DTEND"].dt))
    for rule in rules(event):
        for until in rule.get("UNTIL") or []:
            sensible("RRULE", until)
        often = str((rule.get("FREQ") or [""])[0]).upper()
        if often in TOO_OFTEN:
            raise EventError("RRULE", "too_often", often)
    return uid


def rules(event: Any) -> list[Any]:
    try:
        said = event.get("RRULE", [])
        found = said if isinstance(said, list) else [said]
        return [rule for rule in found if rule.get("FREQ")]
    except (ValueError, AttributeError) as error:
        raise EventError("RRULE", "rule", str(error)[-80:]) from error


def goes_on(head: Any, last: dt.date) -> bool:
    """Whether there may be dates after the last day that is looked at."""
    for rule in rules(head):
        until = (rule.get("UNTIL") or [None])[0]
        day = until.date() if isinstance(until, dt.datetime) else until
        if "COUNT" not in rule and (day is None or day > last):
            return True
    return False


def early(end: Any, start: Any) -> bool:
    if isinstance(start, dt.datetime) and (end.tzinfo is None) != (start.tzinfo is None):
        return True
    return bool(end < start)


def moment(event: Any, name: str) -> None:
    if name not in event:
        return
    try:
        value = event[name].dt
        zone = event[name].params.get("TZID", "")
    except (AttributeError, ValueError) as error:
        raise EventError(name, "no_start" if name == "DTSTART" else "calendar_damaged", name) from error
    if not isinstance(value, dt.date):
        raise EventError(name, "no_start")
    sensible(name, value)
    if isinstance(value, dt.datetime) and value.tzinfo is None and zone:
        raise EventError(name, "zone", str(zone))


def whole(line: int, head: Any, parts: list[Any], first: dt.date, last: dt.date, most: int) -> dict[str, Any]:
    alone = icalendar.Calendar()
    for part in parts:
        alone.add_component(part)
    start = head["DTSTART"].dt
    repeats = any(name in head for name in ("RRULE", "RDATE")) or len(parts) > 1
    span = (first, last) if repeats else (start, dt.timedelta(days=1))
    found = sorted(recurring_ical_events.of(alone).between(*span), key=lambda one: shown(one["DTSTART"].dt))
    return {
        "line": line, "uid": str(head["UID"]).strip(), "repeats": repeats, "more": goes_on(head, last),
        "all_day": not isinstance(start, dt.datetime),
        "floating": isinstance(start, dt.datetime) and start.tzinfo is None,
        "categories": categories(head), "geo": geo(head),
        "dates": [date_of(one) for one in found[: most + 1]],
        **{name.lower(): str(head.get(name, "")) for name in TEXTS},
    }  # fmt: skip


def date_of(one: Any) -> dict[str, str]:
    start = one["DTSTART"].dt
    end = one["DTEND"].dt if "DTEND" in one else start
    named = one["RECURRENCE-ID"].dt if "RECURRENCE-ID" in one else start
    if isinstance(named, dt.datetime) and named.tzinfo is not None:
        named = named.astimezone(dt.UTC)
    texts = {name.lower(): str(one.get(name, "")) for name in ("LOCATION", "STATUS", "SUMMARY")}
    return {"start": shown(start), "end": shown(end), "named": shown(named), **texts}


def shown(value: dt.date) -> str:
    return value.isoformat()


def categories(head: Any) -> list[str]:
    said = head.get("CATEGORIES", [])
    rows = said if isinstance(said, list) else [said]
    return [str(word) for row in rows for word in getattr(row, "cats", [])]


def geo(head: Any) -> list[float]:
    try:
        return [float(head["GEO"].latitude), float(head["GEO"].longitude)]
    except (KeyError, AttributeError, ValueError):
        return []


if __name__ == "__main__":
    main()
