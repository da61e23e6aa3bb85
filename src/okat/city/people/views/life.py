"""Something changed: somebody moved, lives with others now, left the city, died, or is back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.numbers import whole
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.partners.models import Partner
from okat.city.people import actions, queries
from okat.city.people.forms.fields import place_name
from okat.city.people.forms.life import AwayForm, BackForm, DiedForm, HomeForm, MoveForm
from okat.city.people.models import Person
from okat.city.people.queries import life, pages
from okat.city.people.rules import Status
from okat.city.people.views.shared import user_of, working

WORK = Permission.PIN_PERSON
FORMS: dict[str, Callable[..., Any]] = {
    "move": MoveForm, "home": HomeForm, "away": AwayForm, "died": DiedForm, "back": BackForm,
    "not_so": BackForm,
}  # fmt: skip


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def changed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page: what may have changed, and before anything is done what follows from it, by name. `kind` opens one."""
    found, partner = working(request, pk, WORK)
    sent = request.POST.get("do", "")
    homes = life.homes_before(user_of(request), found)
    number = whole(request.GET.get("before"), most=len(homes) - 1)
    again = homes[number] if number is not None else None
    around = _around(request, found, again)
    forms = {
        name: form(request.POST if name == sent else None, auto_id=f"id_{name}_%s", person=found, again=again, **around)
        for name, form in FORMS.items()
    }
    if sent in forms and "look" not in request.POST and forms[sent].is_valid():
        try:
            return HttpResponseRedirect(_do(request, sent, forms[sent], found, partner))
        except UndoneError as error:
            forms[sent].add_error(None, str(error))
    going = life.going(user_of(request), found)
    return render(request, "people/changed.html", {
        "person": found, "forms": forms, "opened": sent or request.GET.get("kind", ""),
        "begun": [line for line in going if line.begun],
        "waits": [line for line in going if not line.begun],
        "here": found.status == Status.ACTIVE, "died": found.status == Status.DIED,
        "since": life.event_of(found), "said": life.said_of(found), "q": around["q"],
        "nobody": around["q"] and not around["others"], "homes": homes,
        "near": [place_name(area) for area in pages.places_near(user_of(request), partner)],
    })  # fmt: skip


def _around(request: HttpRequest, found: Person, again: life.Home | None) -> dict[str, Any]:
    """Who shares the house, and whom a search for a name found, or who lives where the person lived before: all only
    where the reader may see them."""
    user, text = user_of(request), request.POST.get("q", request.GET.get("q", "")).strip()[:120]
    others = [other for other in (queries.search(user, text, limit=8) if text else []) if other.pk != found.pk]
    if again is not None and not text:
        others = again.family
    return {"family": life.family_of(user, found), "others": others, "q": text}


def _do(request: HttpRequest, wish: str, form: Any, found: Person, partner: Partner) -> str:
    user, data = user_of(request), form.cleaned_data

    def do() -> str:
        page = reverse("people:person", args=[found.pk])
        if wish == "move":
            people = [found, *form.along()]
            actions.move_people(people=people, area=data["where"], house=data["house"], by=user, partner=partner)
            said = ngettext("%(n)d person has moved.", "%(n)d people have moved.", len(people)) % {"n": len(people)}
            messages.success(request, said)
            return page if queries.visible_to(user).filter(pk=found.pk).exists() else reverse("people:search")
        if wish == "home":
            people = [found, *form.along()]
            actions.change_household(
                people=people, living=form.living(), roles={found.pk: data["role"]}, by=user, partner=partner
            )
            messages.success(request, _("The household is noted."))
        elif wish == "not_so":
            actions.not_so(person=found, by=user, partner=partner)
            said = _("Noted: it is not so. Nothing has changed for %(name)s; the outcome that said so is marked.")
            messages.success(request, said % {"name": found.full_name})
        elif wish == "back":
            left = actions.come_back(person=found, by=user, partner=partner)
            messages.success(request, _("Noted: %(name)s lives here.") % {"name": found.full_name})
            for line in left:
                messages.warning(request, line)
        else:
            status = Status.DIED if wish == "died" else Status.MOVED
            actions.set_status(person=found, status=status, begun=not data.get("goes_on"), by=user, partner=partner)
            messages.success(request, _("Noted. What ended is told to whoever waits for it."))
        return page

    return once(user=user, token=data["once"], do=do)
