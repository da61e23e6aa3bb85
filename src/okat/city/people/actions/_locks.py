"""One writer at a time for one person."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from okat.city.core.connections import hold_rows
from okat.city.core.registries import LIFE
from okat.city.people.models import Person
from okat.city.people.queries import joined
from okat.city.people.rules import LIVING, OPEN_STATUSES, PeopleError


def lock_person(person: Person) -> Person:
    """The person as they stand now, locked until the transaction ends: what was read of them before, their status too,
    says nothing of now. Before any consent, round, case or course. Raises PeopleError when merged, erased or gone."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).select_related("key", "area", "user")
    now = rows.filter(pk=person.pk).first()
    if now is None:
        raise PeopleError(
            "gone",
            _("This record was taken back with the import that had brought it while you were writing. Search again."),
        )
    if now.status not in OPEN_STATUSES or now.key is None:
        raise PeopleError(
            "closed", _("This record was joined with another or erased while you were writing. Search again.")
        )
    return now


def lock_living(person: Person) -> Person:
    """As `lock_person`, where something is begun for them: who died meanwhile has had all of theirs ended, and what
    were begun now nobody would end. Raises PeopleError for them too."""
    now = lock_person(person)
    if now.status not in LIVING:
        raise PeopleError("died", _("The record says that the person has died. Nothing was changed."))
    return now


def hold_people(ids: Iterable[UUID | None]) -> None:
    """Locked until the transaction ends, in the order of their ids: first of all, where something is done for several,
    so that two who meet at the same people wait for each other in one order."""
    hold_rows(Person.objects.filter(Q(pk__in=ids)))


def hold_to_delete(ids: Iterable[UUID]) -> None:
    """As `hold_people`, those of whom some go: what begins to name one waits, and finds that they are gone."""
    list(Person.objects.select_for_update(of=("self",)).filter(Q(pk__in=ids)).order_by("pk").values_list("pk"))


class _MoreError(Exception):
    """Others are meant by now: what is held is let go."""


def hold_all(named: Callable[[], Iterable[UUID | None]], then: Callable[[], object] | None = None) -> None:
    """As `hold_people`, whoever is meant once they are held, and `then`, of which later kind it may be, is too: while
    one waits, others come to be meant. Whoever is, is not held late, after somebody of a higher id or what comes after
    people: all is let go, and held anew with them. `then` does nothing but hold."""
    held = set(named())
    while True:
        try:
            with transaction.atomic():  # inside the caller's: going back lets go of what was locked since
                hold_people(held)
                if then is not None:
                    then()
                more = set(named()) - held
                if more:
                    raise _MoreError
        except _MoreError:
            held |= more
        else:
            return


def hold_whose(row: Model) -> None:
    """As `hold_people`, whoever has this row by then: a record that is joined gives what it had to another."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    hold_all(lambda: rows.values_list("person", flat=True))


def hold_joined(person: Person) -> None:
    """As `hold_people`, a record and those that were joined into it: what they said is one person's word."""
    hold_all(lambda: joined(person))


def hold_with_others(*ids: UUID, then: Callable[[], object] | None = None) -> None:
    """As `hold_all`: these, of whom something is about to end, and everybody to whom it may go on."""
    hold_all(lambda: {*ids, *(other for pk in ids for _app, life in LIFE for other in life.others(pk))}, then)


def lock_pair(one: Person, other: Person) -> tuple[Person, Person]:
    """Both, locked in the order of their ids, so that two merges cannot wait for each other."""
    hold_people([one.pk, other.pk])
    return lock_person(one), lock_person(other)
