"""What goes on for a person, so that a page can say what would end; and with whom they live."""

from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.core.registries import LIFE, Going
from okat.city.core.templatetags.okat import be
from okat.city.people.models import LifeEvent, Person, Visit
from okat.city.people.queries.scope import may_see_sensitive, visible_to
from okat.city.people.queries.team import of_team
from okat.city.people.rules import HIDDEN, SAID, Status


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


def visits_of(person: UUID) -> list[Going]:
    """The visit that is planned and was not made since."""
    last = Visit.objects.filter(person=person, person__status=Status.ACTIVE).order_by("-at").first()
    if last is None or last.next_on is None:
        return []
    return [Going(begun=False, title=_("A visit is planned"), note=be(last.next_on), tells=False)]
