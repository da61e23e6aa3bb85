"""Hires: those of an employer, those of a person, and how many last."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from okat.city.accounts.models import User
from okat.city.cases.models import FollowUp
from okat.city.cases.rules import FOLLOW_UP_DAYS
from okat.city.catalogue.models import Opportunity
from okat.city.core import weekly
from okat.city.core.permissions import Permission
from okat.city.core.steady import within
from okat.city.jobs.models import Hire
from okat.city.jobs.queries.ways import LEADING
from okat.city.learning.models import Credential
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person

WORKING = "working"  # the outcome of a follow-up
HIRED = "hired"  # the number of all employers together


def hires_to(user: User) -> QuerySet[Hire]:
    """Hires of the employers for which the user answers, those without a word of what was agreed first."""
    mine = partners_where(user, Permission.ANSWER_REFERRALS)
    rows = Hire.objects.filter(employer__in=mine).select_related("employer", "opportunity", "opportunity__provider")
    return rows.order_by(F("agreed_at").asc(nulls_first=True), "-started_on", "id")


def hire_to(user: User, pk: UUID) -> Hire | None:
    return hires_to(user).filter(pk=pk).first()


def waiting(user: User) -> int:
    """Hires whose terms the user's partners have not said yet."""
    return to_agree(hires_to(user)).count()


def to_agree(rows: QuerySet[Hire]) -> QuerySet[Hire]:
    """Those without a word of what was agreed, as Today counts them too."""
    return rows.filter(agreed_at=None, ended_on=None, person__isnull=False)


class Pair(NamedTuple):
    """So many of so many; None: held back."""

    part: int | None
    whole: int | None

    @classmethod
    def told(cls, part: int | None, whole: int | None) -> "Pair":
        return cls(within(part, whole), whole)


@dataclass(frozen=True)
class Lasting:
    """How those hired by one employer, or taught in one course, are at each follow-up: (in work, asked). `people`: how
    many were hired, or were hired after they had the course's certificate. None: the figure is held back."""

    what: Any
    people: int | None
    at: dict[int, Pair]


def by_employer() -> tuple[dt.date | None, int | None, list[Lasting]]:
    """As of when, how many people were hired by any (who was by two is one), and the employers with figures large
    enough; two statements."""
    sheet = weekly.told("jobs.employers")
    return sheet.day, sheet.number(HIRED), _lasting(sheet, Partner.objects.in_bulk(_things(sheet)))


def by_course() -> tuple[dt.date | None, list[Lasting]]:
    """Courses and training places likewise: who completed them and then found work; two statements."""
    sheet = weekly.told("jobs.courses")
    return sheet.day, _lasting(sheet, Opportunity.objects.select_related("provider").in_bulk(_things(sheet)))


def of_employers(_of: str) -> dict[str, int]:
    """The people hired by each employer, for the weekly figures: who was hired twice is one; three statements."""
    counts = dict(Hire.objects.order_by().values_list("employer").annotate(n=_people("person")))
    asked = FollowUp.objects.filter(case__hire__isnull=False).values("case__hire__employer")
    hired = Hire.objects.aggregate(n=_people("person"))["n"]
    return {HIRED: hired, **_numbers(counts, asked, "case__hire__employer")}


def of_courses(_of: str) -> dict[str, int]:
    """Likewise by course."""
    held = Credential.objects.filter(revoked_at=None, person__hires__started_on__gte=F("issued_at__date"))
    counts = dict(held.order_by().values_list("opportunity").annotate(n=_people("person")))
    asked = FollowUp.objects.filter(case__opportunity__kind__in=LEADING).values("case__opportunity")
    return _numbers(counts, asked, "case__opportunity")


def _numbers(counts: dict[Any, int], asked: Any, name: str) -> dict[str, int]:
    found = {f"{pk}|people": number for pk, number in counts.items()}
    recorded = asked.filter(recorded_at__isnull=False, taken_back_at=None, after_days__in=FOLLOW_UP_DAYS).order_by()
    counted = recorded.annotate(
        asked=_people("case__person"), working=_people("case__person", Q(outcome=WORKING)), days=F("after_days")
    )  # fmt: skip
    for row in counted.values(name, "days", "asked", "working"):
        found[f"{row[name]}|{row['days']}|asked"] = row["asked"]
        found[f"{row[name]}|{row['days']}|working"] = row["working"]
    return found


def _people(of: str, which: Q | None = None) -> Count:
    return Count(of, distinct=True, filter=which)


def _things(sheet: weekly.Sheet) -> set[str]:
    return {name.partition("|")[0] for name in sheet.names if name != HIRED}


def _lasting(sheet: weekly.Sheet, things: Mapping[Any, Any]) -> list[Lasting]:
    rows = []
    for pk, thing in things.items():
        at = {
            days: Pair.told(*(sheet.number(f"{pk}|{days}|{what}") for what in ("working", "asked")))
            for days in FOLLOW_UP_DAYS
        }
        rows.append(Lasting(thing, sheet.number(f"{pk}|people"), at))
    return sorted(rows, key=lambda row: (-(row.people or 0), str(row.what)))


def export(person: UUID) -> dict[str, Any]:
    """What work knows of a person, for the person."""
    stated: Iterable[Any] = Person.objects.filter(pk=person).values_list("stated_skills__skill", flat=True)
    hires = Hire.objects.filter(person=person).select_related("employer", "opportunity")
    return {
        "stated_skills": [code for code in stated if code],
        "hires": [
            {
                "employer": hire.employer.th, "job": hire.opportunity.title_th, "pay": hire.pay, "per": hire.pay_per,
                "hours_in_a_week": hire.hours, "started_on": hire.started_on, "ended_on": hire.ended_on,
            }
            for hire in hires
        ],
    }  # fmt: skip
