"""The city's pulse: five figures of the first page, each with its definition, and what is new nearby."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Referral
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import search as catalogue
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.solve import hushed
from okat.city.core import clock, kept, weekly
from okat.city.core.steady import SMALLEST, share
from okat.city.desk.rules import ANSWER_DAYS
from okat.city.people.models import Need, Person
from okat.city.people.rules import NeedStatus, Status
from okat.city.places.models import Area, Level
from okat.city.rounds import queries as rounds
from okat.city.rounds.models import Decision, Round

KEPT_SECONDS = 300
_PEOPLE = Count("case__person", distinct=True)
NEW_SHOWN, DECISIONS_SHOWN = 4, 3


@dataclass(frozen=True)
class Pulse:
    """None is held back (fewer than ten people or cases). Those of people are weekly figures, as of `day`; the others
    are of today.

    `answered` and `asked` are whole percents; `without` of `areas` sub-districts have no open course.
    """

    day: dt.date | None
    free: int
    waiting: int | None
    answered: int | None
    without: int
    areas: int
    asked: int | None


def pulse() -> Pulse:
    """Kept for five minutes: anybody may ask for the first page."""
    return kept.value("pulse", _pulse, KEPT_SECONDS)


def _pulse() -> Pulse:
    sheet = weekly.told("desk.pulse")
    answered, asked = (
        None if found is None else round(found)
        for found in (share(sheet.number(part), sheet.number(f"{part} of")) for part in ("answered", "asked"))
    )
    return Pulse(sheet.day, _free(), sheet.number("waiting"), answered, *_without(), asked)


def counted(_of: str) -> dict[str, int]:
    """The numbers of people and cases, for the weekly figures."""
    return {"waiting": _waiting(), **_answered(), **_asked()}


def _open() -> Any:
    return Opportunity.objects.published().filter(still_open(clock.today()))


def _free() -> int:
    """Free places of published opportunities that still take people; those without a limit, and those that do not tell
    how many (catalogue.solve.hushed), are not counted."""
    found = (
        _open()
        .exclude(capacity=None)
        .exclude(pk__in=hushed())
        .order_by()
        .aggregate(n=Sum(F("capacity") - F("seats_taken")))
    )
    return int(found["n"] or 0)


def _waiting() -> int:
    """People with an open need for whom no case has begun."""
    needs = Need.objects.filter(person=OuterRef("pk"), status=NeedStatus.OPEN)
    begun = Case.objects.filter(person=OuterRef("pk"), transitions__verb=Verb.START)
    return Person.objects.filter(Exists(needs), ~Exists(begun), status=Status.ACTIVE).count()


def _answered() -> dict[str, int]:
    """Of the referrals that were answered or are older than ANSWER_DAYS, those answered in time; taken back ones do
    not count."""
    week = dt.timedelta(days=ANSWER_DAYS)
    ripe = Q(answered_at__isnull=False) | Q(sent_at__lt=clock.now() - week)
    found = (
        Referral.objects.filter(ripe)
        .exclude(answer="recalled")
        .order_by()
        .aggregate(all=Count("pk"), part=Count("pk", filter=Q(answered_at__lte=F("sent_at") + week)), people=_PEOPLE)
    )
    return _rate("answered", found)


def _asked() -> dict[str, int]:
    """Of the follow-ups whose day has come, those that were recorded."""
    found = (
        FollowUp.objects.filter(due_on__lte=clock.today(), taken_back_at=None)
        .order_by()
        .aggregate(all=Count("pk"), part=Count("pk", filter=Q(recorded_at__isnull=False)), people=_PEOPLE)
    )
    return _rate("asked", found)


def _rate(name: str, found: Mapping[str, int]) -> dict[str, int]:
    """What counts cases is a figure of people too: it is told where ten or more are behind it, as many as their cases
    may be."""
    return {name: found["part"], f"{name} of": found["all"]} if found["people"] >= SMALLEST else {}


def _without() -> tuple[int, int]:
    """Sub-districts in which no course stands open now, and all sub-districts."""
    courses = _open().filter(kind__in=FAMILIES[Family.LEARN]).order_by().values_list("area__path", flat=True).distinct()
    served = {path.split("/")[2] for path in courses if path.count("/") >= 3}
    areas = set(Area.objects.filter(level=Level.SUBDISTRICT).values_list("code", flat=True))
    return len(areas - served), len(areas)


def near(user: Any, code: str) -> Area | None:
    """Where "near me" is: the area that the address names, else where the resident's own record lives."""
    rows = Area.objects.defer("boundary")
    if code:
        return rows.filter(code=code).first()
    return (
        rows.filter(pk__in=Person.objects.filter(user=user).values("area")).first() if isinstance(user, User) else None
    )


def newest(area: Area | None) -> list[Opportunity]:
    """What is new, the nearest first where a place is known; only what has places left."""
    return catalogue.find(Look(near=area.code if area else "", places=True)).rows[:NEW_SHOWN]


def decided() -> list[tuple[Round, Decision]]:
    """The newest published decisions, each in the last version that is for everybody."""
    ready = list(rounds.public_rounds().exclude(published_at=None).order_by("-published_at")[:DECISIONS_SHOWN])
    versions = Decision.objects.filter(round__in=ready, shown__isnull=False)
    rows = versions.order_by("version").only("round", "version", "certificate")
    latest = {decision.round_id: decision for decision in rows}
    return [(r, latest[r.pk]) for r in ready if r.pk in latest]
