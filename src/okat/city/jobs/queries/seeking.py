"""Who looks for work and what is offered: skills of a person, open jobs with what they ask, courses that teach."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import LISTED, still_open
from okat.city.catalogue.rules import Kind
from okat.city.core import clock
from okat.city.core.together import Together
from okat.city.jobs.models import Hire, StatedSkill, Work
from okat.city.jobs.queries.ways import LEADING
from okat.city.jobs.rules.fit import Offer
from okat.city.learning.models import Credential
from okat.city.partners.models import Partner
from okat.city.people.models import Person

KINDS = (Kind.JOB, Kind.JOB_QUOTA, Kind.TRAINING)
TEACHING = 3  # courses named beside a skill that lacks


def offers() -> Mapping[UUID, Offer]:
    """What every open job asks and gives, by its opportunity; one statement."""
    rows = Work.objects.filter(opportunity__in=_open()).order_by()
    names = ("opportunity_id", "needed", "hours", "lodging", "strength")
    return {pk: Offer(tuple(needed), *rest) for pk, needed, *rest in rows.values_list(*names)}


def _open() -> QuerySet[Opportunity]:
    return Opportunity.objects.published().filter(still_open(clock.today()), kind__in=KINDS).order_by()


@dataclass(frozen=True)
class Can:
    """One skill of a person: since when, and by which course (None: the person says so)."""

    code: str
    since: dt.datetime
    course: Opportunity | None


@dataclass(frozen=True)
class Known:
    """What work knows of one person: what they can do (skills that a course taught whose certificate holds, then what
    they say), and where they work and worked."""

    can: list[Can]
    hires: list[Hire]


def known_of(person: Person) -> Known:
    """One planned statement; none where the person's page asked it along."""
    found = OF_PERSON.on(person)
    titles = {row.pk: row for row in found["titles"]}
    taught = {row.opportunity_id: row.taught for row in found["works"]}
    employers = {row.pk: row for row in found["employers"]}
    can: dict[str, Can] = {}
    for held in found["held"]:
        if held.valid_until is None or held.valid_until > clock.now():
            for code in taught.get(held.opportunity_id, ()):
                can.setdefault(code, Can(code, held.issued_at, titles[held.opportunity_id]))
    for said in found["stated"]:
        can.setdefault(said.skill, Can(said.skill, said.at, None))
    for hire in found["hires"]:
        hire.opportunity, hire.employer = titles[hire.opportunity_id], employers[hire.employer_id]
    return Known(list(can.values()), found["hires"])


def skills_of(person: Person) -> list[Can]:
    return known_of(person).can


def _held(pk: Any) -> QuerySet[Credential]:
    return Credential.objects.filter(person=pk, revoked_at=None)


def _about(pk: Any) -> Q:
    """The courses and jobs of which a person's page speaks."""
    courses, jobs = _held(pk).order_by().values("opportunity"), Hire.objects.filter(person=pk).order_by()
    return Q(pk__in=courses) | Q(pk__in=jobs.values("opportunity"))


OF_PERSON = Together(
    UUID,
    held=lambda pk: _held(pk).order_by("issued_at").only("id", "opportunity_id", "issued_at", "valid_until"),
    works=lambda pk: Work.objects.filter(opportunity__in=_held(pk).order_by().values("opportunity")).only(
        "id", "opportunity_id", "taught"
    ),
    stated=lambda pk: StatedSkill.objects.filter(person=pk).order_by("at", "id"),
    hires=lambda pk: Hire.objects.filter(person=pk).order_by("-started_on", "id"),
    titles=lambda pk: Opportunity.objects.filter(_about(pk)).order_by().only("id", "title_th", "title_en", "telling"),
    employers=lambda pk: (
        Partner.objects.filter(pk__in=Hire.objects.filter(person=pk).order_by().values("employer"))
        .order_by()
        .only("id", "code", "th", "en")
    ),
)


def stated_by(person: Person) -> list[str]:
    return list(StatedSkill.objects.filter(person=person).values_list("skill", flat=True))


def teaching(codes: Iterable[str]) -> Mapping[str, list[Opportunity]]:
    """For each skill the first open courses and training places that teach it; one statement."""
    wanted = set(codes)
    if not wanted:
        return {}
    rows = Opportunity.objects.published().filter(
        still_open(clock.today()), kind__in=LEADING, work__taught__overlap=sorted(wanted)
    )
    listed = rows.select_related("provider", "area", "work").only(*LISTED, "work")
    found: dict[str, list[Opportunity]] = defaultdict(list)
    for row in listed.order_by("starts_on", "title_th", "id")[:200]:
        for code in wanted.intersection(row.work.taught):
            if len(found[code]) < TEACHING:
                found[code].append(row)
    return found


def asking(code: str, most: int = 12) -> list[Opportunity]:
    """Open jobs that ask for a skill."""
    rows = _open().filter(work__needed__contains=[code]).select_related("provider", "area", "work")
    return list(rows.order_by("-amount", "id")[:most])
