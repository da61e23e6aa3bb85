"""The account of a person: who was asked, and what its owner is asked."""

from django.db.models import QuerySet

from okat.city.accounts.models import User
from okat.city.accounts.queries import owner_of, user_called
from okat.city.accounts.rules import is_address, normal_login
from okat.city.partners.queries import roles_of
from okat.city.people.models import LinkRequest, Person


def works_for_a_partner(user: User) -> bool:
    return bool(roles_of(user))


def account_called(text: str) -> User | None:
    """By a confirmed address, or by a sign-in name; an address that somebody only gave as a name finds nobody."""
    found = owner_of(text) if is_address(normal_login(text)) else user_called(text)
    return found if found is not None and found.is_active and not found.is_system else None


def asked_of(user: User) -> QuerySet[LinkRequest]:
    """What waits for the user's answer."""
    return LinkRequest.objects.filter(user=user, answered_at=None).select_related("partner", "by")


def asked_about(person: Person) -> LinkRequest | None:
    """The question that is open about a record."""
    return LinkRequest.objects.filter(person=person, answered_at=None).first()
