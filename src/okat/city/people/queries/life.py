"""What goes on for a person, so that a page can say what would end; with whom they live, and where they did before."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.core.registries import LIFE, Going
from okat.city.core.templatetags.okat import be
from okat.city.people.models import LifeEvent, Person, PersonEvent, Visit
from okat.city.people.queries.scope import may_see_sensitive, visible_to
from okat.city.people.queries.team import of_team
from okat.city.people.rules import HIDDEN, SAID, Status
from okat.city.places.models import Area

HOMES, LOOKED_THROUGH = 3, 60


def going(user: User, person: Person) -> list[Going]:
    """Of every app, in the order of their names, as far as the reader may read it."""
    lines, deep = [line for _name, life in LIFE for line in life.going(person.pk)], may_see_sensitive(user, person)
    return [line if deep or not line.tells else replace(line, title=str(HIDDEN), note="") for line in lines]


def event_of(person: Person) -> LifeEvent | None:
    """The death or departure that stands; none for somebody who lives here."""
    rows = LifeEvent.objects.filter(person=person, mended_at=None, kind__in=(Status.DIED, Status.MOVED))
    return rows.select_related("by", "partner").first()


def said_open() -> QuerySet[LifeEvent]:
    """What somebody elsewhere said of a life and nobody has looked into."""
    return LifeEvent.objects.filter(kind__in=SAID.values(), mended_at=None)


def said_of(person: Person) -> LifeEvent | None:
    return said_open().filter(person=person).select_related("partner").first()


def said_for(user: User) -> QuerySet[LifeEvent]:
    """Of these, what the user's team is to look into, the oldest first."""
    mine = of_team(user, Permission.PIN_PERSON)
    rows = said_open().filter(person__status=Status.ACTIVE, person__in=mine.order_by().values("pk"))
    return rows.select_related("person", "partner").order_by("at", "id")


def family_of(user: User, person: Person) -> list[Person]:
    """Who shares the house, of those whom the user may see."""
    if person.household_id is None:
        return []
    return list(visible_to(user).filter(household=person.household_id).exclude(pk=person.pk).order_by("sort")[:20])


@dataclass(frozen=True)
class Home:
    """Where somebody lived until a day: the place, the house in words (`alone`: in no household), and those who live in
    that house now, of those whom the reader may see."""

    area: Area
    house: str
    alone: bool
    until: dt.datetime
    family: list[Person]


def homes_before(user: User, person: Person) -> list[Home]:
    """What the record said before of place and house, the latest first, each once and never what it says now: by it a
    move or a household that was noted by mistake is noted again as it was."""
    here = person.household
    now = (person.area_id, str(here.pk) if here else "", here.house if here else "")
    seen: set[tuple[object, ...]] = {now, (person.area_id, None, "")}
    found: list[Home] = []
    events = PersonEvent.objects.filter(pgh_obj=person).select_related("area").order_by("-pgh_id")
    until: dt.datetime | None = None
    for event in events[:LOOKED_THROUGH]:
        said = person.unseal(event.sealed) or {}  # of long ago without the house
        home, house = said.get("household"), said.get("house", "")
        lived = (event.area_id, home, house)
        if lived not in seen and until is not None and len(found) < HOMES:
            found.append(Home(event.area, house, home == "", until, _living_in(user, person, home)))
        seen.add(lived)
        until = event.pgh_created_at
    return found


def _living_in(user: User, person: Person, home: str | None) -> list[Person]:
    rows = visible_to(user).filter(household=UUID(home)).exclude(pk=person.pk) if home else Person.objects.none()
    return list(rows.select_related("area").order_by("sort")[:20])


def visits_of(person: UUID) -> list[Going]:
    """The visit that is planned and was not made since."""
    last = Visit.objects.visits().filter(person=person, person__status=Status.ACTIVE).order_by("-at").first()
    if last is None or last.next_on is None:
        return []
    return [Going(begun=False, title=_("A visit is planned"), note=be(last.next_on), tells=False)]
