"""Correcting a person. Two workers at once: the second sees both values and chooses."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.people import actions, queries
from okat.city.people.forms.fields import lang, place_name, told
from okat.city.people.forms.pin import ChangeForm, as_initial
from okat.city.people.models import Person
from okat.city.people.queries import pages
from okat.city.people.rules import ConflictError, Difference, PeopleError
from okat.city.people.views.shared import user_of, working
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate

# Names of PinRow beside the form's own.
_FIELDS = {"area": "where"}


@staff(Permission.PIN_PERSON)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, partner = working(request, pk, Permission.PIN_PERSON)
    deep = queries.may_see_sensitive(user_of(request), found)
    start = as_initial(found, sensitive=deep)
    form = _form(request, start, found, deep=deep)
    differences: tuple[Difference, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, form, found, partner)
        except ConflictError as error:
            differences = error.differences
            form = _form(request, start, found, deep=deep, version=error.version)
        except PeopleError as error:
            form.add_error(None, str(error))
    shown = [_difference(form, one) for one in differences]
    near = [place_name(area) for area in pages.places_near(user_of(request), partner)]
    return render(request, "people/change.html", {"form": form, "person": found, "differences": shown, "near": near})


def _form(
    request: HttpRequest, start: dict[str, Any], found: Person, *, deep: bool, version: int | None = None
) -> ChangeForm:
    """What was typed, on the version it is now compared with; without explicit consent no sensitive field."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and version is not None:
        data["version"] = str(version)
    return ChangeForm(data, initial=start, kept=None if deep else found)


def _save(request: HttpRequest, form: ChangeForm, found: Person, partner: Partner) -> HttpResponse:
    def do() -> str:
        actions.update_person(
            person=found, version=form.cleaned_data["version"], changes=form.values(), by=user_of(request),
            partner=partner,
        )  # fmt: skip
        messages.success(request, _("Your changes are saved."))
        return reverse("people:person", args=[found.pk])

    return HttpResponseRedirect(once(user=user_of(request), token=form.cleaned_data["once"], do=do))


def _difference(form: ChangeForm, one: Difference) -> tuple[str, str, str]:
    """The field's name, what stands there now, and what was typed, in words."""
    name = _FIELDS.get(one.field, one.field)
    field = form.fields.get(name)
    choices = dict(getattr(field, "choices", ()) or ())
    if one.field == "situations":  # only those that the writer may see
        one = replace(one, theirs=_among(choices, one.theirs), yours=_among(choices, one.yours))
    return (str(field.label) if field else one.field, _words(one.theirs, choices), _words(one.yours, choices))


def _among(choices: dict[Any, Any], codes: Any) -> tuple[Any, ...]:
    return tuple(code for code in codes if code in choices)


def _words(value: Any, choices: dict[Any, Any]) -> str:
    if value in (None, "", ()):
        return "–"
    if isinstance(value, PartialDate):
        return format_be(value, lang=lang())
    if isinstance(value, tuple):
        return ", ".join(_words(getattr(each, "type", each), choices) for each in value)
    return str(choices.get(value) or told(value))
