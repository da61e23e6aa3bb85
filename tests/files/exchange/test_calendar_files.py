"""Calendars as programs write them, and as nobody should: dates written out, or the line and what to mend."""

import datetime as dt
import time
from dataclasses import replace

import pytest

from okat.files.exchange import Listing, ListingError, Reading, read_listings, recognised
from okat.files.exchange.calendars import LIMITS, read_calendar
from okat.files.exchange.calendars.child import logical
from okat.files.office import OfficeError

TODAY = dt.date(2026, 11, 26)
HOUR = ("DTSTART;TZID=Asia/Bangkok:20261207T090000", "DTEND;TZID=Asia/Bangkok:20261207T120000")
ZONE = """BEGIN:VTIMEZONE
TZID:Isan Standard Time
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0700
TZOFFSETTO:+0700
END:STANDARD
END:VTIMEZONE"""


def event(*lines: str, uid: str = "a@school.example", summary: str = "ฝึกทอผ้า") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", *lines, "END:VEVENT"])


def calendar(*parts: str, method: str = "") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//school//TH", *([f"METHOD:{method}"] if method else [])]
    return "\r\n".join("\n".join([*head, *parts, "END:VCALENDAR", ""]).split("\n")).encode()


def read(data: bytes) -> Reading:
    assert recognised(data) == "calendar"
    return read_listings(data, today=TODAY)


def only(*parts: str) -> Listing:
    reading = read(calendar(*parts))
    assert reading.errors == ()
    (listing,) = reading.listings
    return listing


def starts(listing: Listing) -> list[str]:
    return [f"{m.start.astimezone(dt.timezone(dt.timedelta(hours=7))):%Y-%m-%d %H:%M}" for m in listing.meetings]


def test_one_event_in_thai_with_folded_lines_and_markup() -> None:
    long = "ความยาวเกินเจ็ดสิบห้าไบต์ของหนึ่งบรรทัดตามมาตรฐาน"
    found = only(event(
        *HOUR, f"LOCATION:{long[:20]}\n {long[20:]}", "DESCRIPTION:<p>มีวัสดุ<br>ให้</p>", "GEO:16.43;102.83",
        "CATEGORIES:occupational_course,หัตถกรรม", "CONTACT:ครูบัว", "URL:https://school.example/1",
    ))  # fmt: skip
    assert (found.uid, found.title, found.row, found.event) == ("ical:a@school.example", "ฝึกทอผ้า", 4, True)
    assert (found.place, found.description) == (long, "มีวัสดุ\nให้")
    assert (found.lat, found.lon, found.contact, found.url) == (16.43, 102.83, "ครูบัว", "https://school.example/1")
    assert [name for *_rest, name in found.terms] == ["occupational_course", "หัตถกรรม"]
    assert starts(found) == ["2026-12-07 09:00"]
    assert (found.starts_on, found.ends_on) == (dt.date(2026, 12, 7), dt.date(2026, 12, 7))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART:20261207T020000Z", "DTEND:20261207T050000Z"),
        ("DTSTART;TZID=SE Asia Standard Time:20261207T090000", "DURATION:PT3H"),  # as Outlook calls it
        ("DTSTART;TZID=Isan Standard Time:20261207T090000", "DTEND;TZID=Isan Standard Time:20261207T120000"),
        ("DTSTART:20261207T090000", "DTEND:20261207T120000"),  # no zone: Thai time
        ("DTSTART;TZID=Asia/Tokyo:20261207T110000", "DTEND;TZID=Asia/Tokyo:20261207T140000"),
    ],
)
def test_one_moment_in_many_zones(start: str, end: str) -> None:
    found = only(ZONE, event(start, end))
    assert starts(found) == ["2026-12-07 09:00"]
    assert (found.meetings[0].end - found.meetings[0].start).total_seconds() == 3 * 3600


def test_a_series_with_exceptions_moved_and_cancelled_dates() -> None:
    series = event(*HOUR, "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE;TZID=Asia/Bangkok:20261214T090000")
    moved = event("RECURRENCE-ID;TZID=Asia/Bangkok:20261221T090000", "DTSTART;TZID=Asia/Bangkok:20261222T130000",
                  "DTEND;TZID=Asia/Bangkok:20261222T150000", "LOCATION:วัด")  # fmt: skip
    off = event("RECURRENCE-ID;TZID=Asia/Bangkok:20261228T090000", "DTSTART;TZID=Asia/Bangkok:20261228T090000",
                "DTEND;TZID=Asia/Bangkok:20261228T120000", "STATUS:CANCELLED")  # fmt: skip
    found = only(series, moved, off)
    assert starts(found) == ["2026-12-07 09:00", "2026-12-22 13:00", "2026-12-28 09:00", "2027-01-04 09:00"]
    assert [m.off for m in found.meetings] == [False, False, True, False]
    assert (found.meetings[1].place, found.event) == ("วัด", False)
    assert found.meetings[1].uid == "a@school.example/2026-12-21T02:00:00+00:00"  # named by where it was, so it moves
    assert found.ends_on == dt.date(2027, 1, 4)


def test_all_day_events_keep_their_days() -> None:
    reading = read(calendar(event("DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261208")))
    (found,) = reading.listings
    assert (found.starts_on, found.ends_on, found.meetings) == (dt.date(2026, 12, 5), dt.date(2026, 12, 7), ())
    assert [w.code for w in reading.warnings] == ["all_day"]


def test_no_end_is_written_out_two_years_and_no_further() -> None:
    reading = read(calendar(event(*HOUR, "RRULE:FREQ=WEEKLY")))
    assert len(reading.listings[0].meetings) == 103
    assert [w.code for w in reading.warnings] == ["far_away"]
    (error,) = read(calendar(event(*HOUR, "RRULE:FREQ=DAILY"))).errors
    assert (error.row, error.field, error.code) == (4, "RRULE", "meetings")


def test_what_is_cancelled_as_a_whole() -> None:
    assert only(event(*HOUR, "STATUS:CANCELLED")).state == "defunct"
    assert read(calendar(event(*HOUR), method="CANCEL")).listings[0].state == "defunct"
    ours = event(*HOUR, "URL:https://okat.example/catalogue/0190c4a4-7d3e-7abc-8def-0123456789ab/")
    assert only(ours).opportunity == "0190c4a4-7d3e-7abc-8def-0123456789ab"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("DTSTART:20261399T000000",), "no_start"),
        ((), "no_start"),
        ((HOUR[1], "DTSTART;TZID=Asia/Bangkok:20261207T130000"), "reversed"),
        (("DTSTART;VALUE=DATE:20261205", HOUR[1]), "reversed"),
        (("DTSTART;TZID=Mars/Olympus:20261207T090000",), "zone"),
        ((*HOUR, "RRULE:FREQ=SECONDLY"), "too_often"),
        ((*HOUR, "RRULE:FREQ=DAILY;UNTIL=2026"), "rule"),
        ((*HOUR, "RRULE:FREQ=SOMETIMES"), "rule"),
    ],
)
def test_each_fault_is_told_with_its_line(lines: tuple[str, ...], code: str) -> None:
    reading = read(calendar(event(*HOUR, uid="good"), event(*lines, uid="bad")))
    assert [(e.row, e.code) for e in reading.errors] == [(10, code)]
    assert reading.errors[0].message("th") != reading.errors[0].message("en")


def test_names_that_are_missing_or_twice() -> None:
    nameless = "\n".join(["BEGIN:VEVENT", "SUMMARY:ก", *HOUR, "END:VEVENT"])
    untitled = "\n".join(["BEGIN:VEVENT", "UID:u", *HOUR, "END:VEVENT"])
    reading = read(calendar(nameless, untitled, event(*HOUR), event(*HOUR)))
    assert [(e.row, e.field, e.code) for e in reading.errors] == [
        (4, "UID", "no_uid"), (9, "SUMMARY", "no_title"), (20, "UID", "uid_twice"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "calendar_empty"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar_damaged"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 10_000_001, "file_too_large"),
        (calendar(event(*HOUR)).decode().encode().decode("cp874", "replace").encode(), "file_mojibake"),
    ],
)
def test_a_file_of_which_nothing_can_be_read(data: bytes, code: str) -> None:
    with pytest.raises(OfficeError) as error:
        read(data)
    assert error.value.code == code


def test_windows_874_is_read() -> None:
    assert read(calendar(event(*HOUR)).decode().encode("cp874")).listings[0].title == "ฝึกทอผ้า"


def test_rules_that_search_for_ever_are_stopped() -> None:
    """No 30 February ever comes; the search for it would go on to the year 9999."""
    hunting = event("DTSTART:19000101T090000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3")
    data = calendar(*(hunting.replace("a@", f"{n}@") for n in range(200)))
    started = time.monotonic()
    with pytest.raises(ListingError) as error:
        read_calendar(data, today=TODAY, limits=replace(LIMITS, seconds=1))
    assert error.value.code == "calendar_needs_too_much"
    assert time.monotonic() - started < 10


BUDDHIST = (
    "DTSTART;TZID=Asia/Bangkok:25691207T090000", "DTEND;TZID=Asia/Bangkok:25691207T120000",
    "RRULE:FREQ=WEEKLY;UNTIL=2569\n 1228T160000Z", "EXDATE;TZID=Asia/Bangkok:25691214T090000",
)  # fmt: skip


def test_buddhist_years_are_read_as_such_and_said() -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Asia/Bangkok:25691221T090000", "DTSTART;TZID=Asia/Bangkok:25691222T090000",
        "DTEND;TZID=Asia/Bangkok:25691222T120000",
    )  # fmt: skip
    reading = read(calendar(event(*BUDDHIST), moved))
    assert reading.errors == ()
    (found,) = reading.listings
    assert starts(found) == ["2026-12-07 09:00", "2026-12-22 09:00", "2026-12-28 09:00"]
    told = [(w.row, w.field, w.value) for w in reading.warnings if w.code == "buddhist_read"]
    assert told == [(4, "DTSTART", "25691207T090000"), (13, "RECURRENCE-ID", "25691221T090000")]
    whole = only(event("DTSTART;VALUE=DATE:25671229", "DTEND;VALUE=DATE:25671231"))
    assert (whole.starts_on, whole.ends_on) == (dt.date(2024, 12, 29), dt.date(2024, 12, 30))
    assert only(event("DTSTART;VALUE=DATE:25670229")).starts_on == dt.date(2024, 2, 29)  # a leap day of its own year


@pytest.mark.parametrize("end", ["25001231", "25001231T160000Z", "24501231", "26991231T000000Z", "99991231T000000Z"])
def test_an_end_far_ahead_is_none_of_the_past(end: str) -> None:
    """Programs that write the common era say "for ever" so; as a Buddhist year it would lie before the beginning."""
    reading = read(calendar(event(f"RRULE:FREQ=MONTHLY;UNTIL={end}", *HOUR)))
    assert reading.errors == ()
    (found,) = reading.listings
    assert len(found.meetings) == 24
    assert [w.code for w in reading.warnings if w.code == "buddhist_read"] == (
        ["buddhist_read"] if "269" in end else []
    )


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("20261231T090000", "25691231T020000Z", 1),
        ("20261231T090000", "25700102T020000Z", 3),
        ("25691231T090000", "25700102T020000Z", 3),
        ("20270101T000000", "25691231T170000Z", 1),
    ],
)
def test_a_buddhist_end_beside_a_start_of_either_era(start: str, end: str, count: int) -> None:
    series = only(event(f"DTSTART;TZID=Asia/Bangkok:{start}", f"RRULE:FREQ=DAILY;UNTIL={end}"))
    assert len(series.meetings) == count


def test_a_line_that_is_folded_many_times_is_read_in_time() -> None:
    folds = 60_000
    started = time.monotonic()
    (line,) = logical("DESCRIPTION:" + ("a" * 73 + "\r\n ") * folds)
    assert time.monotonic() - started < 3
    assert line == (1, "DESCRIPTION:" + "a" * 73 * folds)


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:31120101T090000",),
        ("DTSTART:18430101T090000",),
        (HOUR[0], "DTEND;TZID=Asia/Bangkok:30261207T120000"),
        (*HOUR, "RRULE:FREQ=WEEKLY;UNTIL=31121231T000000Z"),
        (*HOUR, "RECURRENCE-ID;TZID=Asia/Bangkok:31261207T090000"),
    ],
)
def test_years_beyond_sense_are_refused(lines: tuple[str, ...]) -> None:
    assert [error.code for error in read(calendar(event(*lines))).errors] == ["year"]


def test_a_rule_without_an_end_may_name_the_last_year_there_is() -> None:
    reading = read(calendar(event(*HOUR, "RRULE:FREQ=MONTHLY;UNTIL=99991231T000000Z")))
    assert reading.errors == ()
