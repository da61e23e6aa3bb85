"""Reading about work: counts of employers, people who look for work, and what was asked."""

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import Kind
from okat.city.core import clock, weekly
from okat.city.core.permissions import Permission
from okat.city.core.registries import Task
from okat.city.core.together import Together
from okat.city.jobs.models import Ask, Headcount, Hire, Slot
from okat.city.jobs.queries.hires import to_agree
from okat.city.jobs.rules.quota import WAGES, Count, Quota, Source, Wage, quota
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where
from okat.city.people.models import Consent, Need, Person
from okat.city.people.rules import NeedStatus, Purpose, Status
from okat.files.city import CityFolderError, read_rows

PUBLIC_SECTOR = ("municipality", "provincial", "school", "university")
LOOKS_FOR_WORK = "work-disability"  # the city's word for the need


def counts_of(partner: Partner) -> list[Headcount]:
    """What the employer wrote down, the newest day first."""
    return list(Headcount.objects.filter(partner=partner)[:20])


def as_quota(row: Headcount) -> Quota:
    return quota(Count(row.on, row.heads, row.employed, row.helped, row.wage), wages())


def wages() -> tuple[Wage, ...]:
    """The least daily wages that the city's folder knows (`wages.csv`), after those of the whole country; each row
    with its source. Raises CityFolderError for a day or an amount that cannot be read."""
    return _wages(Path(settings.CITY) / "wages.csv")


@functools.cache
def _wages(path: Path) -> tuple[Wage, ...]:
    if not path.exists():
        return WAGES
    rows = read_rows(path, ("since", "baht", "source"))
    try:
        own = [
            Wage(
                dt.date.fromisoformat(row["since"]),
                Decimal(row["baht"]),
                Source(row["source"], row.get("verified") == "yes"),
            )
            for row in rows
        ]
    except (ValueError, InvalidOperation) as error:
        raise CityFolderError(f"{path}: {error}; write days like 2025-01-01 and baht like 357.") from error
    return tuple(sorted((*WAGES, *own), key=lambda wage: wage.since))


def least_wage() -> Wage:
    """The last one known today."""
    return next(wage for wage in reversed(wages()) if wage.since <= clock.today())


def candidates_near(partner: Partner) -> tuple[dt.date | None, int | None]:
    """People of the partner's province who look for work under the quota and agreed, explicitly for sensitive data
    too, that their case is passed on: a weekly figure, None while held back. A number, never a list."""
    sheet = weekly.told("jobs.candidates", partner.area.path.partition("/")[0])
    return sheet.day, sheet.number("people")


def candidates(province: str) -> dict[str, int]:
    """The number of one province, for the weekly figures."""
    agreed = Consent.objects.filter(
        person=OuterRef("pk"), purpose=Purpose.REFER, sensitive=True, withdrawn_at=None
    )  # fmt: skip
    looks = Need.objects.filter(person=OuterRef("pk"), term__code=LOOKS_FOR_WORK, status=NeedStatus.OPEN)
    rows = Person.objects.filter(
        Exists(agreed), Exists(looks), status=Status.ACTIVE, area__path__startswith=f"{province}/"
    )  # fmt: skip
    return {"people": rows.count()}


def quota_jobs_of(partner: Partner) -> QuerySet[Opportunity]:
    """The partner's own open jobs, to which people can be referred."""
    rows = Opportunity.objects.published().filter(still_open(clock.today()), provider=partner)
    return rows.filter(kind__in=(Kind.JOB_QUOTA, Kind.JOB, Kind.TRAINING)).order_by("title_th")


def who_may_refer() -> QuerySet[Partner]:
    """Partners of today, whom one may ask."""
    return Partner.objects.filter(left_on=None).order_by("kind", "th")


@dataclass(frozen=True)
class Agency:
    """One partner of the public sector with what follows from its last count."""

    partner: Partner
    quota: Quota


def public_sector() -> tuple[list[Agency], list[Partner]]:
    """Agencies with their last count, and those that have written none; two statements."""
    agencies = Partner.objects.filter(left_on=None, kind__in=PUBLIC_SECTOR).order_by("kind", "th")
    last = Headcount.objects.filter(partner__in=agencies).order_by("partner_id", "-on").distinct("partner_id")
    by_partner = {row.partner_id: row for row in last}
    counted = [Agency(partner, as_quota(by_partner[partner.pk])) for partner in agencies if partner.pk in by_partner]
    return counted, [partner for partner in agencies if partner.pk not in by_partner]


def asks_to(user: User) -> QuerySet[Ask]:
    """What was asked of the partners for which the user answers, what waits first."""
    mine = partners_where(user, Permission.ANSWER_REFERRALS)
    rows = Ask.objects.filter(to__in=mine).select_related("to", "employer", "opportunity", "occupation", "by", "slot")
    return rows.order_by("-answered_at", "at", "id")


def open_asks(rows: QuerySet[Ask]) -> QuerySet[Ask]:
    """Questions without an answer; booked talks stand on Today each by itself."""
    return rows.filter(answered_at=None, slot=None)


def ask_to(user: User, pk: int) -> Ask | None:
    return asks_to(user).filter(pk=pk).first()


def asks_of(user: User) -> list[Ask]:
    """What the user asked, the newest first."""
    rows = Ask.objects.filter(by=user).select_related("to", "employer", "opportunity", "occupation")
    return list(rows.order_by("-at")[:10])


def asks_for(partner: Partner) -> list[Ask]:
    """What the employer asked, the newest first."""
    return list(Ask.objects.filter(employer=partner).select_related("to", "opportunity").order_by("-at")[:10])


def tasks(user: User) -> Iterable[Task]:
    """What waits for an answer, on *Today*: booked talks, other asks, and starts without a word of what was agreed."""
    partners = tuple(sorted(p.pk for p in partners_where(user, Permission.ANSWER_REFERRALS)))
    found = _waiting(partners).of() if partners else {}
    starts = {slot.pk: timezone.localtime(slot.start) for slot in found.get("slots", [])}
    for ask in found.get("talks", []):
        start = starts[ask.slot_id]
        said = {"time": f"{start:%H:%M}", "name": ask.name}
        yield Task(f"talk-{ask.pk}", _("Talk at %(time)s with %(name)s") % said, ask.phone,
                   reverse("jobs:answer", args=[ask.pk]), due=timezone.localdate(start))  # fmt: skip
    if agreed := sum(row["n"] for row in found.get("hires", [])):
        text = ngettext("%(n)s start at work to write down", "%(n)s starts at work to write down", agreed)
        yield Task("hires", text % {"n": agreed}, _("Say what pay, hours and first day were agreed."),
                   f"{reverse('jobs:hires')}?open=1", count=agreed)  # fmt: skip
    if waiting := sum(row["n"] for row in found.get("asks", [])):
        text = ngettext("%(n)s question about work", "%(n)s questions about work", waiting) % {"n": waiting}
        yield Task("jobs", text, _("Employers and young people wait for an answer."),
                   f"{reverse('jobs:asks')}?open=1",
                   count=waiting)  # fmt: skip


@functools.lru_cache(maxsize=256)
def _waiting(partners: tuple[int, ...]) -> Together:
    """Who answers for the same partners shares the text of the statement."""
    rows = Ask.objects.filter(to__in=partners, answered_at=None)
    booked = rows.filter(slot__isnull=False)
    starts = to_agree(Hire.objects.filter(employer__in=partners))
    return Together(
        asks=lambda: open_asks(rows).order_by().values("to").annotate(n=models.Count("pk")),
        talks=lambda: booked.order_by("slot__start"),
        slots=lambda: Slot.objects.filter(pk__in=booked.order_by().values("slot")).order_by("start"),
        hires=lambda: starts.order_by().values("employer").annotate(n=models.Count("pk")),
    )
