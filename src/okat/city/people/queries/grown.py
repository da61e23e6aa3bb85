"""People who turned twenty: what a parent or guardian agreed to for them is asked of themselves."""

import datetime as dt

from django.db.models import DateField, Exists, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from okat.city.accounts.models import User
from okat.city.core import clock, kept
from okat.city.core.permissions import Permission
from okat.city.people.models import Consent, LifeEvent, Person
from okat.city.people.queries.team import of_team
from okat.city.people.rules import GROWN_DAYS, LIVING, How, Purpose, Turn

KEPT = "people.grown"
SECONDS = 300
OF_AGE = "(%(expressions)s + interval '20 years')::date"


def grown(day: dt.date, *, but: Purpose | None = None) -> QuerySet[Person]:
    """Who has turned twenty by `day`, however long ago, and for whom a consent stands that was given for them before;
    whoever moved away as well: what others were allowed to see does not stay behind for ever. Who has the least time
    left to answer comes first; the time runs from the day on which they were asked, or from `day` while nobody did.
    `but`: where a consent for something else stands."""
    twenty = day - dt.timedelta(days=20 * 365)
    rows = Person.objects.filter(status__in=LIVING, birth_first__lte=twenty).annotate(
        grown_on=Func(F("birth_last"), template=OF_AGE, output_field=DateField())
    )
    given = Consent.objects.filter(
        person=OuterRef("pk"), how=How.GUARDIAN, withdrawn_at=None, at__date__lt=OuterRef("grown_on")
    )
    given = given.exclude(purpose=but) if but is not None else given
    told = LifeEvent.objects.filter(person=OuterRef("pk"), kind=Turn.GROWN, mended_at=None).order_by()
    asked_on = Coalesce(Subquery(told.values("at__date")[:1]), Value(day), output_field=DateField())
    rows = rows.filter(Exists(given), grown_on__lte=day).annotate(asked_from=Greatest(F("grown_on"), asked_on))
    return rows.select_related("area", "user").order_by("asked_from", "grown_on", "id")


def not_told(day: dt.date) -> QuerySet[Person]:
    """Of these, who does not know yet that they decide themselves."""
    told = LifeEvent.objects.filter(kind=Turn.GROWN, mended_at=None).values("person")
    return grown(day).exclude(pk__in=told)


def silent(day: dt.date) -> list[Person]:
    """Of these, whose time to answer is over while something stands that a guardian allowed others."""
    return [row for row in grown(day, but=Purpose.CARE) if until(row) < day]


def unanswered(day: dt.date, person: Person) -> list[Consent]:
    """What a guardian had allowed others for somebody whose time to answer is over."""
    row = grown(day).filter(pk=person.pk).first()
    if row is None or until(row) >= day:
        return []
    rows = Consent.objects.filter(
        person=row, how=How.GUARDIAN, withdrawn_at=None, at__date__lt=row.__dict__["grown_on"]
    )
    return list(rows.exclude(purpose=Purpose.CARE).order_by("at", "id"))


def to_ask(user: User) -> QuerySet[Person]:
    """Of these, the people of the user's team."""
    mine = of_team(user, Permission.RECORD_CONSENT)
    return grown(clock.today()).filter(pk__in=mine.order_by().values("pk"))


def anybody() -> bool:
    """Most days there is nobody to look for."""
    return bool(kept.value(KEPT, lambda: grown(clock.today()).exists(), SECONDS))


def until(person: Person) -> dt.date:
    """The last day on which what the guardian agreed to stands."""
    asked_from: dt.date = person.__dict__["asked_from"]
    return asked_from + dt.timedelta(days=GROWN_DAYS)
