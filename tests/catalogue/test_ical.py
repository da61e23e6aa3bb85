"""Our calendars before three judges that we did not write: `vobject` says what is missing or too much, Thunderbird's
reader (npm `ical.js`, strict) what it understands, and the calendar program `khal` takes the file in and prints it."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.catalogue.conftest import SmallCity, published, weaving
from tests.npm import installed

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.learning.actions import cancel_session

JUDGE = Path(__file__).parent / "ical"
BANGKOK = timezone.get_default_timezone()
LONG = "เรียนทอผ้าไหมมัดหมี่ย้อมสีธรรมชาติ; สำหรับผู้สูงอายุ, คนพิการ และทุกคน\\ในชุมชน"


def meeting(day: int, hour: int = 9) -> SessionRow:
    start = dt.datetime(2026, 12, day, hour, tzinfo=BANGKOK)
    return SessionRow(start, start + dt.timedelta(hours=3))


def course(city: SmallCity) -> Opportunity:
    row = weaving(title_th=LONG, sessions=(meeting(7), meeting(14), meeting(21, 23)), place_note="ศาลา, ชั้น 2; หลังวัด")
    return published(city, row)[0]


def fetched(client: Client, opportunity: Opportunity) -> bytes:
    answer = client.get(reverse("catalogue:ics", args=[opportunity.pk]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return bytes(answer.content)


def thunderbird(content: bytes) -> Any:
    modules = installed(JUDGE, "ical-judge")
    shutil.copyfile(JUDGE / "read.mjs", modules.parent / "read.mjs")
    node = shutil.which("node") or str(Path(sys.executable).parent / "node")
    done = subprocess.run([node, "read.mjs"], cwd=modules.parent, input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


class Khal:
    """The calendar program with a calendar of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.file = home, home / "feed.ics"
        (home / "calendar").mkdir()
        settings = """[calendars]\n[[city]]\npath = {home}/calendar\n[sqlite]\npath = {home}/khal.db\n[locale]
local_timezone = Asia/Bangkok\ndefault_timezone = Asia/Bangkok\ntimeformat = %H:%M\ndateformat = %Y-%m-%d
longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"""
        (home / "khal.conf").write_text(settings.format(home=home), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        program = [str(Path(sys.executable).parent / "khal"), "-c", str(self.home / "khal.conf"), *arguments]
        surroundings = {**os.environ, "HOME": str(self.home), "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(self.home)}
        done = subprocess.run(program, capture_output=True, text=True, env=surroundings, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take(self, content: bytes) -> None:
        self.file.write_bytes(content)
        self.run("import", "--batch", "-a", "city", str(self.file))

    def shown(self) -> list[str]:
        form = "{start-date} {start-time} {end-time}|{title}|{location}|{status}"
        lines = self.run("list", "--format", form, "--day-format", "", "2026-12-01", "2026-12-31").splitlines()
        return [line for line in lines if line]


def test_a_calendar_program_takes_it_in_and_hears_what_was_called_off(
    city: SmallCity, client: Client, tmp_path: Path
) -> None:
    made, khal = course(city), Khal(tmp_path)
    khal.take(fetched(client, made))
    place = "ศาลา, ชั้น 2; หลังวัด"
    first = khal.shown()
    assert first[:2] == [
        f"2026-12-07 09:00 12:00|{LONG}|{place}|CONFIRMED ", f"2026-12-14 09:00 12:00|{LONG}|{place}|CONFIRMED ",
    ]  # fmt: skip
    assert len(first) == 4  # the last one goes on over midnight
    cancel_session(session=made.sessions.all()[1], reason="ครูไม่สบาย", by=city.officer)
    khal.take(fetched(client, made))
    second = khal.shown()
    assert [line.rpartition("|")[2].strip() for line in second] == ["CONFIRMED", "CANCELLED", *["CONFIRMED"] * 2]
    assert len(second) == len(first)  # the same events, not new ones


def test_thunderbirds_reader_finds_every_value(city: SmallCity, client: Client) -> None:
    made = course(city)
    before = thunderbird(fetched(client, made))
    assert before["method"] == "PUBLISH"
    assert [(e["start"], e["end"]) for e in before["events"]] == [
        (f"2026-12-{day}.000Z", f"2026-12-{end}.000Z")
        for day, end in (("07T02:00:00", "07T05:00:00"), ("14T02:00:00", "14T05:00:00"), ("21T16:00:00", "21T19:00:00"))
    ]
    assert {(e["summary"], e["location"], e["status"]) for e in before["events"]} == {
        (LONG, "ศาลา, ชั้น 2; หลังวัด", "CONFIRMED")
    }
    cancel_session(session=made.sessions.all()[1], reason="ครูไม่สบาย", by=city.officer)
    after = thunderbird(fetched(client, made))
    assert [e["status"] for e in after["events"]] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [b["sequence"] - a["sequence"] for a, b in zip(before["events"], after["events"], strict=True)] == [0, 1, 0]
    actions.cancel(opportunity=made, reason="ไม่มีครู", by=city.officer, version=made.version)
    gone = thunderbird(fetched(client, made))
    assert {e["status"] for e in gone["events"]} == {"CANCELLED"}
    assert all(b["sequence"] > a["sequence"] for a, b in zip(after["events"], gone["events"], strict=True))
    (days,) = published(city, weaving(starts_on=dt.date(2026, 12, 7), ends_on=dt.date(2026, 12, 9), key="days"))
    (whole,) = thunderbird(fetched(client, days))["events"]
    assert whole["whole"]


@pytest.mark.filterwarnings("default::DeprecationWarning:vobject")
def test_vobject_finds_nothing_missing_or_too_much(city: SmallCity, client: Client) -> None:
    content = fetched(client, course(city))
    assert vobject.readOne(content.decode()).validate(raiseException=True)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))  # RFC 5545, 3.1: bytes, never within a letter
    planted = content.replace(b"DTSTART:20261207T020000Z\r\n", b"DTSTART:20261207T020000Z\r\n" * 2, 1)
    assert planted != content
    with pytest.raises(vobject.base.ValidateError):
        vobject.readOne(planted.decode()).validate(raiseException=True)
