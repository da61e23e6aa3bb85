"""Tell me when there is one: asks kept without a name, and lookouts for those who want to be told."""

from dataclasses import dataclass
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.actions._unmet import count, count_lookout, uncount
from okat.city.catalogue.models import Lookout
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.models import DataKey
from okat.city.people.actions import check_explicit, lock_living
from okat.city.people.models import Person
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words


@dataclass(frozen=True)
class Wanted:
    """What is looked for; `usable` are codes of usable.csv."""

    need: Term
    area: Area
    formats: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()


@action
def count_ask(*, wanted: Wanted, by: User) -> None:
    """A visitor's ask: need, area (a sub-district at the nearest), formats and month; nothing else is kept."""
    count(need=wanted.need.code, area=wanted.area, formats=wanted.formats, usable=wanted.usable)
    audit.record(by=by, verb="catalogue.count_ask")


@action
def look_out(*, wanted: Wanted, user: User, by: User, person: Person | None = None) -> Lookout:
    """Keep it until something fits, for the user or for `person`; what is looked out for already stays as it is.
    Raises PeopleError for what tells of health or a disability without explicit consent."""
    if person is not None:
        person = lock_living(person)
        # Before anything is looked up. What somebody cannot do without may give a disability away, too.
        tells = words().tells(Vocabulary.NEED, wanted.need.code)
        if tells or wanted.formats or wanted.usable:
            check_explicit(person, by)
    User.objects.select_for_update(no_key=True).only("pk").get(
        pk=user.pk
    )  # two sendings at once stand one behind the other
    rows = Lookout.objects.filter(user=user, person=person, need=wanted.need.code, area=wanted.area, ended_at=None)
    said = {"formats": sorted(wanted.formats), "usable": sorted(wanted.usable)}
    for row in rows.select_related("key"):
        if row.conditions() == (tuple(said["formats"]), tuple(said["usable"])):
            audit.record(by=by, verb="catalogue.look_out", subject=person, fields=["lookouts"])
            return row
    key = DataKey.fresh()
    key.save()
    made = Lookout.objects.create(
        user=user, person=person, need=wanted.need.code, area=wanted.area, key=key, sealed=key.seal(said),
        made_at=clock.now(),
    )  # fmt: skip
    count_lookout(made)
    audit.record(by=by, verb="catalogue.look_out", subject=person, fields=["lookouts"])
    return made


@action
def stop_looking(*, lookout: Lookout, by: User) -> None:
    """Withdrawn: it is told no more and counts no more; the same twice is one."""
    row = (
        Lookout.objects.select_for_update(of=("self",), no_key=True)
        .select_related("key", "area", "person")
        .get(pk=lookout.pk)
    )
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        uncount([row])
    audit.record(by=by, verb="catalogue.stop_looking", subject=row.person, fields=["lookouts"])


@action
def erase_lookouts(*, person: UUID, by: User) -> int:
    """The person's record is erased: the lookouts go with their keys, and their asks count no more."""
    rows = list(Lookout.objects.filter(person=person).select_related("key", "area", "person"))
    Lookout.objects.filter(person=person).delete()
    uncount([row for row in rows if row.ended_at is None])
    DataKey.objects.filter(pk__in=[row.key_id for row in rows]).delete()
    audit.record(by=by, verb="catalogue.erase", fields=["lookouts"])
    return len(rows)
