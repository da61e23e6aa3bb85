"""What changes in a life, and what follows in every app: a death, a move, a household that splits or joins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import LIFE, publish
from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Partner
from okat.city.partners.queries import all_stay
from okat.city.people import rules
from okat.city.people.actions._build import save_keys, seal_personal
from okat.city.people.actions._locks import hold_people, hold_with_others, lock_person
from okat.city.people.models import Household, LifeEvent, Person
from okat.city.people.queries.life import said_open
from okat.city.people.queries.team import partners_reaching, reaches
from okat.city.people.rules import PeopleError, Status
from okat.city.places.models import Area
from okat.thai.text import normalise


@action
def set_status(
    *, person: Person, status: Status, by: User, partner: Partner | None = None, begun: bool = True
) -> Person:
    """Somebody died or moved out of the city: what the city keeps going for them ends, and places pass on. Who moved
    away may go on with what they have `begun`. Said again it changes nothing; `come_back` mends it."""
    if status not in (Status.DIED, Status.MOVED):
        raise PeopleError("status", _("Merging, erasing and coming back have actions of their own."))
    hold_with_others(person.pk, then=lambda: publish("people.settling", people=[person.pk]))
    person = lock_person(person)
    if person.status != status:
        _mend_open(person, by)
        _answered([person], by)
        person.status, person.version = status, person.version + 1
        person.save(update_fields=["status", "version", "updated_at"])
        whole = begun or status == Status.DIED
        ended = {name: life.end(person=person, why=status, begun=whole, by=by) for name, life in LIFE}
        LifeEvent.objects.create(
            person=person, kind=status, at=clock.now(), by=by, partner=partner,
            ended={name: names for name, names in ended.items() if names},
        )  # fmt: skip
        publish("person.died" if status == Status.DIED else "person.left_city", person=person, by=by)
    audit.record(
        by=by, verb="people.status", subject=person, fields=["status"], reason=status,
        partner=partner.code if partner else "",
    )  # fmt: skip
    return person


@action
def note_said(
    *, person: Person, status: Status, by: User, partner: Partner | None = None, instead: Status | None = None
) -> None:
    """Somebody who follows the person elsewhere says that they died or moved away: it stands on the Today of whoever
    holds the record until that is noted or is not so. Nothing ends by it, and said twice it stands once. `instead`:
    what the same one had said before, and asks nobody any more."""
    person = lock_person(person)
    if instead is not None:
        said_open().filter(person=person, kind=rules.SAID[instead]).update(mended_at=clock.now(), mended_by=by)
    if person.status == Status.ACTIVE:
        LifeEvent.objects.get_or_create(
            person=person, kind=rules.SAID[status], mended_at=None,
            defaults={"at": clock.now(), "by": by, "partner": partner},
        )  # fmt: skip
    audit.record(
        by=by, verb="people.said", subject=person, fields=["status"], reason=status,
        partner=partner.code if partner else "",
    )  # fmt: skip


@action
def not_so(*, person: Person, by: User, partner: Partner | None = None) -> None:
    """What was said of a life elsewhere was wrong: where it was said, it is marked."""
    person = lock_person(person)
    _answered([person], by)
    publish("person.not_so", person=person, by=by)
    audit.record(
        by=by, verb="people.not_so", subject=person, fields=["status"], partner=partner.code if partner else ""
    )


def _answered(people: Sequence[Person], by: User) -> None:
    said_open().filter(person__in=people).update(mended_at=clock.now(), mended_by=by)


@action
def come_back(*, person: Person, by: User, partner: Partner | None = None) -> list[str]:
    """The word was wrong, or somebody lives here again: what ended with it is given back where that can be; in words,
    what cannot."""
    all_stay(office for _app, life in LIFE for office in life.offices(person.pk))  # before the person, as everywhere
    person = lock_person(person)
    left: list[str] = []
    if person.status != Status.ACTIVE:
        publish("people.settling", people=[person.pk])
        person.status, person.version = Status.ACTIVE, person.version + 1
        person.save(update_fields=["status", "version", "updated_at"])
        event = _mend_open(person, by)
        ended = event.ended if event is not None else {}
        for name, life in LIFE:
            left += life.back(person=person, ended=ended.get(name, []), by=by)
        publish("person.back", person=person, by=by)
    audit.record(by=by, verb="people.back", subject=person, fields=["status"], partner=partner.code if partner else "")
    return left


def _mend_open(person: Person, by: User) -> LifeEvent | None:
    event = (
        LifeEvent.objects.select_for_update(of=("self",), no_key=True)
        .filter(person=person, mended_at=None, kind__in=(Status.DIED, Status.MOVED))
        .first()
    )
    if event is not None:
        event.mended_at, event.mended_by = clock.now(), by
        event.save(update_fields=["mended_at", "mended_by"])
    return event


@action
def move_people(
    *, people: Sequence[Person], area: Area, by: User, partner: Partner | None = None, house: str = ""
) -> list[Person]:
    """To another area of the city, together: who moves leaves the house that they shared with others, and the dot on
    the map goes. Raises PeopleError where nobody who may see one of them works there: nothing may be lost from sight.
    """
    # One of them may be given what an office elsewhere did: none leaves meanwhile, and each is asked for below.
    all_stay(partner.pk for person in people for partner in partners_reaching(person, area))
    hold_people(person.pk for person in people)
    rows = [lock_person(person) for person in people]
    for person in rows:
        if not partners_reaching(person, area):
            said = _("Nobody who may see %(name)s works in %(area)s. Ask for the consent for an office there first.")
            raise PeopleError("nobody_there", said % {"name": person.full_name, "area": words(area)})
    home = _house_for(rows, area, house)
    for person in rows:
        before = person.area
        person.area, person.lat, person.lon, person.household = area, None, None, home
        person.household_role = person.household_role if home else ""
        if person.responsible is not None and not reaches(person.responsible, person):
            person.responsible = None
        _save(person)
        publish("person.moved", person=person, before=before, by=by)
    _answered(rows, by)
    audit.record_many(
        by=by, verb="people.move", subjects=rows, fields=["area"], partner=partner.code if partner else ""
    )
    return rows


def _house_for(rows: Sequence[Person], area: Area, house: str) -> Household | None:
    """The house moves along where all of its people do; several who leave others behind begin a new one."""
    old = {person.household_id for person in rows}
    if len(old) == 1 and None not in old:
        known = rows[0].household
        assert known is not None
        stay = known.members.filter(status__in=rules.OPEN_STATUSES).exclude(pk__in=[each.pk for each in rows])
        if not stay.exists():
            known.area, known.lat, known.lon, known.house = area, None, None, normalise(house)[:160]
            known.save()
            return known
    if len(rows) == 1 and not house.strip():
        return None
    made = Household(area=area, house=normalise(house)[:160], registered_by=rows[0].registered_by)
    made.save()
    return made


@dataclass(frozen=True)
class Living:
    """With whom: in the house of `beside`, in a new one (`house`: number and lane, or how one finds it), or alone."""

    beside: Person | None = None
    house: str | None = None


@action
def change_household(
    *, people: Sequence[Person], living: Living, by: User, roles: Mapping[object, str] | None = None,
    partner: Partner | None = None,
) -> Household | None:  # fmt: skip
    """People of one area join somebody's house, split off into one of their own, or leave any. Raises PeopleError for
    a house in another area: moving comes first."""
    beside = [living.beside] if living.beside is not None else []
    hold_people(person.pk for person in (*people, *beside))
    rows = [lock_person(person) for person in people]
    area = rows[0].area
    home: Household | None = None
    if living.beside is not None:
        other = lock_person(living.beside)
        if other.area_id != area.pk:
            raise PeopleError("elsewhere", _("They live in another area. Note the move first, then the household."))
        home = other.household
        if home is None:
            home = _fresh(area, "", other.registered_by)
            other.household = home
            _save(other)
    elif living.house is not None:
        home = _fresh(area, living.house, rows[0].registered_by)
    for person in rows:
        person.household = home
        person.household_role = (roles or {}).get(person.pk, "") if home else ""
        _save(person)
    audit.record_many(
        by=by, verb="people.household", subjects=rows, fields=["household"], partner=partner.code if partner else ""
    )
    return home


def _fresh(area: Area, house: str, partner: Partner) -> Household:
    made = Household(area=area, house=normalise(house)[:160], registered_by=partner)
    made.save()
    return made


def _save(person: Person) -> None:
    person.version += 1
    seal_personal(person)
    person.save()
    save_keys([person], anew=True)
