"""A person's own list of wishes: add, take away, move up and down.

Who may not see what is sensitive of the person is answered alike whether a wish that tells it stands there or not: it
is asked for before anything is looked up, and what they do goes past it.
"""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Wish
from okat.city.catalogue.queries.wishes import MOST_WISHES
from okat.city.catalogue.rules import CatalogueError, Fault, Status
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.people.actions import check_explicit, lock_person
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive


@action
def add_wish(*, person: Person, opportunity: Opportunity, by: User) -> Wish:
    """Put it at the end of the list; what stands there already stays where it is.

    Raises CatalogueError for what is not published, and for a list that is full; PeopleError for
    what tells of health or a disability without explicit consent.
    """
    listed = _locked(person)
    _explicit(person, opportunity, by)
    audit.record(by=by, verb="catalogue.wish", subject=person, fields=["wishes"])
    if (there := next((w for w in listed if w.opportunity_id == opportunity.pk), None)) is not None:
        return there
    if opportunity.status != Status.PUBLISHED:
        raise CatalogueError(Fault("opportunity", _("It is not open now.")))
    if len(_seen(listed, person, by)) >= MOST_WISHES:
        raise CatalogueError(Fault("wishes", _("The list is full: take something away first.")))
    place = max((w.place for w in listed), default=0) + 1
    return Wish.objects.create(person=person, opportunity=opportunity, place=place, by=by)


@action
def drop_wish(*, person: Person, opportunity: UUID, by: User) -> None:
    """Take it away; the others keep their order."""
    kept, listed = [], _locked(person)
    _explicit(person, Opportunity.objects.filter(pk=opportunity).first(), by)
    for wish in listed:
        if wish.opportunity_id == opportunity:
            wish.delete()
        else:
            kept.append(wish)
    _number(kept)
    audit.record(by=by, verb="catalogue.unwish", subject=person, fields=["wishes"])


@action
def move_wish(*, person: Person, opportunity: UUID, up: bool, by: User) -> None:
    """One place up or down; at the end of the list nothing moves."""
    listed = _locked(person)
    _explicit(person, Opportunity.objects.filter(pk=opportunity).first(), by)
    seen = _seen(listed, person, by)
    place = next((n for n, at in enumerate(seen) if listed[at].opportunity_id == opportunity), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is not None and other is not None and 0 <= other < len(seen):
        one, two = seen[place], seen[other]
        listed[one], listed[two] = listed[two], listed[one]
        _number(listed)
    audit.record(by=by, verb="catalogue.order_wishes", subject=person, fields=["wishes"])


@action
def erase_wishes(*, person: UUID, by: User) -> int:
    """The person's record is erased: the list goes; how many wishes."""
    gone, _by_model = Wish.objects.filter(person=person).delete()
    audit.record(by=by, verb="catalogue.erase", fields=["wishes"])
    return gone


def _locked(person: Person) -> list[Wish]:
    """The list in order; the person's row is the lock, so that two who add at once stand one behind the other."""
    lock_person(person)
    return list(Wish.objects.filter(person=person).select_related("opportunity").order_by("place", "id"))


def _explicit(person: Person, opportunity: Opportunity | None, by: User) -> None:
    if opportunity is not None and opportunity.telling:
        check_explicit(person, by)


def _seen(listed: list[Wish], person: Person, by: User) -> list[int]:
    """Where in the list the wishes stand that `by` may see."""
    told = [n for n, wish in enumerate(listed) if not wish.opportunity.telling]
    return told if len(told) < len(listed) and not may_see_sensitive(by, person) else list(range(len(listed)))


def _number(listed: list[Wish]) -> None:
    for place, wish in enumerate(listed, 1):
        wish.place = place
    Wish.objects.bulk_update(listed, ["place"])
