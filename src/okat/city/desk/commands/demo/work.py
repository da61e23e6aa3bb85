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
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term, Vocabulary
from okat.files.city import read_rows

# Partner, workers, persons with disabilities among them, persons helped in another way.
COUNTS = (("municipality", 1240, 9, 1), ("commerce", 84, 0, 0), ("humanities", 310, 3, 0), ("kktt", 160, 1, 0))


def describe(folder: Path, ids: Sequence[UUID], rows: Sequence[OpportunityRow], by: User) -> int:
    """Tie the opportunities `ids`, made from `rows`, to occupations by the demo's `work.csv`; how many."""
    named = {row["th"]: row["occupation"] for row in read_rows(folder / "demo" / "work.csv", ("th", "occupation"))}
    known = {(term.vocabulary, term.code): term for term in Term.objects.all()}
    skills = {way.occupation: [known[Vocabulary.SKILL, code] for code in way.skills] for way in ways.inventory().ways}
    given = []
    for pk, row in zip(ids, rows, strict=True):
        code = named.get(row.title_th.partition(" ต.")[0])
        if code is not None:
            given.append((pk, known[Vocabulary.OCCUPATION, code], skills.get(code, [])))
    return describe_many(rows=given, by=by)


def count(by: User) -> None:
    day = SECTION_33.counting_day(clock.today())
    for code, heads, employed, helped in COUNTS:
        partner = Partner.objects.get(code=code)
        keep_headcount(partner=partner, count=Count(day, heads, employed, helped, Decimal(400)), by=by)
