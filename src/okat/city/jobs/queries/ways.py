"""Ways into work: the city's questions, and what the catalogue knows of one occupation."""

import datetime as dt
import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet
from okat.city.catalogue.queries.read import mine
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import FAMILIES, Family, Kind, Status
from okat.city.core import clock
from okat.city.jobs.models import Hire, Work
from okat.city.jobs.rules import shown
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
    """What the catalogue knows of one occupation. `agreed`: what people hired agreed, held back under ten. `went`:
    people who finished something on this way; None: under ten."""

    term: Term
    skills: list[Term]
    pay: list[Pay]
    agreed: list[Pay]
    courses: list[Opportunity]
    jobs: list[Opportunity]
    went: int | None


def path_to(term: Term) -> Road:
    """Six statements, whatever the size of the catalogue."""
    way = inventory().way(term.code)
    skills = words().called(Vocabulary.SKILL, way.skills if way else ())
    return Road(term, skills, earned(term), agreed(term), courses_to(term, skills), jobs_as(term), went(term))


def earned(term: Term) -> list[Pay]:
    """What offers of the last years paid for this work: lowest, middle, highest, and how many offers there were."""
    since = clock.now() - dt.timedelta(days=365 * YEARS)
    rows = Opportunity.objects.public().exclude(status=Status.CANCELLED)
    rows = rows.filter(work__occupation=term, kind__in=JOBS, amount__gt=0, published_at__gte=since)
    found = rows.order_by().values_list("amount_per", "amount")
    return summary((per, amount) for per, amount in found if amount is not None)


def agreed(term: Term) -> list[Pay]:
    """What people hired through the network agreed for this work, where there are at least ten of them."""
    rows = Hire.objects.filter(opportunity__work__occupation=term, agreed_at__isnull=False, pay__gt=0).order_by()
    found = summary((per, amount) for per, amount in rows.values_list("pay_per", "pay") if amount is not None)
    return [pay for pay in found if shown(pay.offers)]


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


def went(term: Term) -> int | None:
    """How many people finished a course or started a job of this occupation; None for fewer than ten."""
    rows = Case.objects.filter(opportunity__work__occupation=term, person__isnull=False).filter(
        Q(transitions__verb=Verb.COMPLETE) | Q(transitions__verb=Verb.START, opportunity__kind__in=JOBS)
    )
    return shown(rows.order_by().values("person").distinct().count())


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
