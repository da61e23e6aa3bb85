"""One writer at a time for one person, and no office that leaves meanwhile."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from okat.city.partners.queries import all_stay
from okat.city.people.models import Person
from okat.city.people.rules import OPEN_STATUSES, PeopleError


def lock_person(person: Person) -> Person:
    """The person as they stand now, locked until the transaction ends. Raises PeopleError when merged or erased."""
    now = Person.objects.select_for_update(of=("self",)).select_related("key", "area").get(pk=person.pk)
    if now.status not in OPEN_STATUSES or now.key is None:
        raise PeopleError(
            "closed", _("This record was joined with another or erased while you were writing. Search again.")
        )
    return now


def check_stay(partners: Iterable[int]) -> None:
    """Raises PeopleError where one of them has left; the others stay until the transaction ends."""
    if not all_stay(partners):
        raise PeopleError("partner_left", _("This office has left the network. Choose another one."))


def lock_pair(one: Person, other: Person) -> tuple[Person, Person]:
    """Both, locked in the order of their ids, so that two merges cannot wait for each other."""
    first, second = sorted((one, other), key=lambda p: p.pk)
    locked = {p.pk: p for p in (lock_person(first), lock_person(second))}
    return locked[one.pk], locked[other.pk]
