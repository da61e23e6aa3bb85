"""What the demo's jobs and courses have to do with work, and how some partners stand as employers: all made up."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.jobs.actions import describe_many, keep_headcount
from okat.city.jobs.queries import ways
from okat.city.jobs.rules.quota import SECTION_33, Count
from okat.city.jobs.rules.rows import WorkRow
from okat.city.partners.models import Partner
from okat.files.city import read_rows

# Partner, workers, persons with disabilities among them, persons helped in another way.
COUNTS = (("municipality", 1240, 9, 1), ("commerce", 84, 0, 0), ("humanities", 310, 3, 0), ("kktt", 160, 1, 0))


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


def count(by: User) -> None:
    day = SECTION_33.counting_day(clock.today())
    for code, heads, employed, helped in COUNTS:
        partner = Partner.objects.get(code=code)
        keep_headcount(partner=partner, count=Count(day, heads, employed, helped, Decimal(400)), by=by)
