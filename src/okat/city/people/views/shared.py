"""What every view of people needs."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from okat.city.accounts.models import User
from okat.city.core.forms import OkatForm
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.partners.models import Partner
from okat.city.partners.queries import acting_partner
from okat.city.people import queries
from okat.city.people.models import Person


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
    """The person through the user's scope; the look is recorded."""
    return queries.open_person(user_of(request), pk, why=why)


def helping(request: HttpRequest, pk: UUID, permission: Permission) -> tuple[Person, Partner]:
    """As `working`, for what only the living are asked or helped with."""
    return _working(request, pk, permission, living=True)


def working(request: HttpRequest, pk: UUID, permission: Permission) -> tuple[Person, Partner]:
    """A person for whom something is to be done, and the partner that does it.

    An emergency opens a record for reading; whoever writes needs a partner that holds a grant (queries.scope). Who is
    refused has seen nothing of it, and no look is noted.
    """
    return _working(request, pk, permission, living=False)


def _working(request: HttpRequest, pk: UUID, permission: Permission, *, living: bool) -> tuple[Person, Partner]:
    user = user_of(request)
    person = queries.find_person(user, pk)
    partner = queries.seeing_partner(user, person, permission)
    if partner is None:
        raise PermissionDenied(permission.name)
    if living:
        queries.refuse_dead(person)
    queries.note_look(user, person, why=permission.name.lower())
    return person, partner


def language(request: HttpRequest) -> str:
    return translation.get_language() or "th"


def refuse(request: HttpRequest, error: object) -> None:
    """Say why an action could not be done, on the next page."""
    messages.error(request, str(error))


def answer(
    request: HttpRequest, form: OkatForm, template: str, values: dict[str, object], do: Callable[[], str]
) -> HttpResponse:
    """Draw a form; when it is sent and right, do its work once and go on. A refusal stands on the form, with all
    that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(once(user=user_of(request), token=form.cleaned_data["once"], do=do))
        except UndoneError as error:
            form.add_error(None, str(error))
    return render(request, template, {"form": form, **values})
