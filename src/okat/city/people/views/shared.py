"""What every view of people needs."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import translation

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import acting_partner
from okat.city.people.models import Person
from okat.city.people.queries import open_person


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def acting(request: HttpRequest, permission: Permission) -> Partner:
    """The partner for which the user acts here."""
    partner = acting_partner(request, permission)
    if partner is None:
        raise PermissionDenied(permission.name)
    return partner


def opened(request: HttpRequest, pk: UUID, why: str) -> Person:
    """The person through the user's scope; the look is recorded. Anything to be done needs a membership's scope."""
    return open_person(user_of(request), pk, why=why)


def language(request: HttpRequest) -> str:
    return translation.get_language() or "th"


def refuse(request: HttpRequest, error: object) -> None:
    """Say why an action could not be done, on the next page."""
    messages.error(request, str(error))
