"""What the demo's jobs and courses have to do with work, and how some partners stand as employers: all made up."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.jobs import actions
from okat.city.jobs.actions import describe_many, keep_headcount
from okat.city.jobs.queries import ways
from okat.city.jobs.rules.concessions import Given, Way
from okat.city.jobs.rules.quota import SECTION_33, Count
from okat.city.jobs.rules.rows import WorkRow
from okat.city.jobs.rules.talks import How
from okat.city.partners.models import Partner
from okat.files.city import read_rows

# Partner, workers, persons with disabilities among them, persons helped in another way.
COUNTS = (("municipality", 1240, 9, 1), ("commerce", 84, 0, 0), ("humanities", 310, 3, 0), ("kktt", 160, 1, 0))
# Partner, way, what, places, taken.
GIVEN = (
    ("municipality", Way.SPACE, "แผงขายของที่ตลาดวันศุกร์ ไม่เก็บค่าเช่า", 6, 4),
    ("humanities", Way.TRAINING, "ฝึกงานห้องสมุด มีเบี้ยเลี้ยง", 2, 0),
)


def describe(folder: Path, ids: Sequence[UUID], rows: Sequence[OpportunityRow], by: User) -> int:
    """Say what the opportunities `ids`, made from `rows`, have to do with work by the demo's `work.csv`; how many."""
    named = {said["th"]: said for said in read_rows(folder / "demo" / "work.csv", ("th", "occupation", "skills"))}
    given = []
    for pk, row in zip(ids, rows, strict=True):
        said = named.get(row.title_th.partition(" ต.")[0])
        if said is not None:
            given.append((pk, _row(said, job=row.kind in ways.JOBS)))
    return describe_many(rows=given, by=by)


def _row(said: dict[str, str], *, job: bool) -> WorkRow:
    """A job asks for the skills, a course or training place teaches them."""
    skills = tuple(said["skills"].split("|"))
    return WorkRow(
        occupation=said["occupation"], needed=skills if job else (), taught=() if job else skills,
        hours=Decimal(said["hours"]) if said["hours"] else None, lodging=said["lodging"],
        lodging_contact=said["lodging_contact"], strength=said["strength"],
    )  # fmt: skip


def give(by: User) -> None:
    """Places under section 35, and times at which the education office talks to young people."""
    day, now = SECTION_33.counting_day(clock.today()), clock.now()
    for code, way, what, places, taken in GIVEN:
        given = Given(way=way, what=what, places=places, taken=taken, since=day, contact="งานสวัสดิการ (สมมติ)")
        actions.give(partner=Partner.objects.get(code=code), given=given, by=by)
    nine = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    starts = [nine + dt.timedelta(days=days, minutes=30 * n) for days in (2, 5, 9) for n in range(3)]
    office = Partner.objects.get(code="education")
    actions.open_slots(partner=office, starts=starts, minutes=30, how=How.PHONE, by=by)


def count(by: User) -> None:
    day = SECTION_33.counting_day(clock.today())
    for code, heads, employed, helped in COUNTS:
        partner = Partner.objects.get(code=code)
        keep_headcount(partner=partner, count=Count(day, heads, employed, helped, Decimal(400)), by=by)
