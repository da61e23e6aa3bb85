"""Ways into work: the city's questions, and what the catalogue knows of one occupation."""

import datetime as dt
import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet
from okat.city.catalogue.queries.read import mine
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import FAMILIES, PER_LABELS, Family, Kind, Status
from okat.city.core import clock, weekly
from okat.city.core.steady import Counted
from okat.city.jobs.models import Hire, Work
from okat.city.jobs.rules.pay import Pay, summary
from okat.city.jobs.rules.ways import Inventory, Way, parse
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words

JOBS = (Kind.JOB, Kind.JOB_QUOTA)
LEADING = (*FAMILIES[Family.LEARN], Kind.TRAINING, Kind.MENTORING)
SCHOOL = (Kind.BASIC_PRIMARY, Kind.BASIC_LOWER, Kind.BASIC_UPPER)
YEARS = 2  # offers older than this say little about today's pay
SHOWN = 12


def inventory() -> Inventory:
    """The questions of the city's folder. Raises WaysError."""
    return _read(Path(settings.CITY) / "ways.json")


@functools.cache
def _read(path: Path) -> Inventory:
    return parse(json.loads(path.read_text(encoding="utf-8")))


def occupation(code: str) -> Term | None:
    found = words().by_code.get((Vocabulary.OCCUPATION, code))
    return found if found is not None and found.active else None


def occupations(ways: Iterable[Way]) -> dict[str, Term]:
    """The city's words for these ways, by code."""
    terms = words().called(Vocabulary.OCCUPATION, [way.occupation for way in ways])
    return {term.code: term for term in terms if term.active}


@dataclass(frozen=True)
class Road:
    """What the catalogue knows of one occupation. `agreed`: what people hired agreed. `went`: people who finished
    something on this way; None: held back. Both are weekly figures, as of `day`."""

    term: Term
    skills: list[Term]
    pay: list[Pay]
    agreed: list[Pay]
    courses: list[Opportunity]
    jobs: list[Opportunity]
    day: dt.date | None
    went: int | None


def path_to(term: Term) -> Road:
    """Five statements, whatever the size of the catalogue."""
    way = inventory().way(term.code)
    skills = words().called(Vocabulary.SKILL, way.skills if way else ())
    sheet = weekly.told("jobs.ways")
    agreed = [pay for per in PER_LABELS if (pay := _agreed(sheet, term, per)) is not None]
    went = sheet.number(f"{term.code}|went")
    return Road(
        term, skills, earned(term), agreed, courses_to(term, skills), jobs_as(term), sheet.day, went
    )  # fmt: skip


def earned(term: Term) -> list[Pay]:
    """What offers of the last years paid for this work: lowest, middle, highest, and how many offers there were."""
    since = clock.now() - dt.timedelta(days=365 * YEARS)
    rows = Opportunity.objects.public().exclude(status=Status.CANCELLED)
    rows = rows.filter(work__occupation=term, kind__in=JOBS, amount__gt=0, published_at__gte=since)
    found = rows.order_by().values_list("amount_per", "amount")
    return summary((per, amount) for per, amount in found if amount is not None)


def _agreed(sheet: weekly.Sheet, term: Term, per: str) -> Pay | None:
    name = f"{term.code}|agreed|{per}"
    people, said = sheet.number(name), sheet.more(name)
    return None if people is None else Pay(per, people, *map(Decimal, said))


def counted(_of: str) -> dict[str, int | Counted]:
    """The numbers of each occupation, for the weekly figures: how many people finished a course or started a job of it,
    and what people hired through the network agreed, each with the last that they agreed; two statements."""
    rows = Case.objects.filter(opportunity__work__occupation__isnull=False, person__isnull=False).filter(
        Q(transitions__verb=Verb.COMPLETE) | Q(transitions__verb=Verb.START, opportunity__kind__in=JOBS)
    )
    went = rows.order_by().values_list("opportunity__work__occupation__code").annotate(n=Count("person", distinct=True))
    found: dict[str, int | Counted] = {f"{code}|went": number for code, number in went}
    hires = Hire.objects.filter(opportunity__work__occupation__isnull=False, person__isnull=False)
    last = hires.filter(agreed_at__isnull=False, pay__gt=0).order_by("started_on", "agreed_at", "id")
    names = ("opportunity__work__occupation__code", "person", "pay_per", "pay")
    pays: dict[str, dict[tuple[UUID, str], Decimal]] = {}
    for code, person, per, amount in last.values_list(*names):
        pays.setdefault(code, {})[person, per] = amount
    for code, agreed in pays.items():
        for pay in summary((per, amount) for (_person, per), amount in agreed.items()):
            told = [str(amount) for amount in (pay.low, pay.middle, pay.high)]
            found[f"{code}|agreed|{pay.per}"] = Counted(pay.offers, more=told)
    return found


def courses_to(term: Term, skills: Iterable[Term]) -> list[Opportunity]:
    """What is open now and teaches the occupation, or a skill that leads to it."""
    codes = [skill.code for skill in skills]
    rows = _open().filter(Q(work__occupation=term) | Q(work__taught__overlap=codes), kind__in=LEADING)
    return list(rows.order_by("starts_on", "title_th", "id")[:SHOWN])


def jobs_as(term: Term) -> list[Opportunity]:
    return list(_open().filter(work__occupation=term, kind__in=JOBS).order_by("-amount", "id")[:SHOWN])


def schooling() -> list[Opportunity]:
    """Open ways to finish school, for those who left it."""
    return list(_open().filter(kind__in=SCHOOL).order_by("starts_on", "title_th", "id")[:4])


def described(user: User) -> list[tuple[Opportunity, Work | None]]:
    """The user's own courses and jobs with what they lead to, those without a word first."""
    rows = mine(user).filter(kind__in=(*JOBS, *LEADING), status__in=(Status.DRAFT, Status.PUBLISHED))
    found = rows.select_related("work__occupation", "provider", "area").order_by("work", "-updated_at", "id")[:200]
    return [(row, getattr(row, "work", None)) for row in found]


def one_of_mine(user: User, pk: UUID) -> Opportunity | None:
    return mine(user).select_related("provider").filter(pk=pk).first()


def work_of(opportunity: Opportunity) -> Work | None:
    return Work.objects.filter(opportunity=opportunity).select_related("occupation").first()


def _open() -> OpportunityQuerySet:
    rows = Opportunity.objects.published().filter(still_open(clock.today()))
    return rows.select_related("provider", "area", "work").defer("search", "about_th", "about_en")
