"""The pin of a household."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
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
from okat.city.people.forms.household import MEMBERS, MOST, HouseForm, MemberForm
from okat.city.people.queries import pages
from okat.city.people.views.alike import Resembling, resembling
from okat.city.people.views.shared import acting, user_of


@staff(Permission.PIN_PERSON)
@never_cache
@require_http_methods(["GET", "POST"])
def household(request: HttpRequest) -> HttpResponse:
    """All members in one page, all or none; "one more line" keeps what was typed."""
    user, partner = user_of(request), acting(request, Permission.PIN_PERSON)
    near = [place_name(area) for area in pages.places_near(user, partner)]
    form = HouseForm(
        request.POST or None, partner=partner, others=pages.partners_besides(partner), rounds=pages.round_partners(),
        initial={"where": near[0] if len(near) == 1 else ""},
    )  # fmt: skip
    lines = _lines(request)
    found: list[Resembling] = []
    if request.method == "POST" and "more" not in request.POST and _valid(form, lines):
        members = [line for line in lines if line.cleaned_data.get("given")]
        found = [] if "sure" in request.POST else [a for line in members for a in _alike(request, line)]
        if not found:
            try:
                return HttpResponseRedirect(_save(request, form, members, partner))
            except UndoneError as error:
                form.add_error(None, str(error))
    values = {"form": form, "lines": lines, "partner": partner, "near": near, "alike": found, "asked": bool(found)}
    return render(request, "people/household.html", {**values, "fresh": "more" in request.POST})


def _lines(request: HttpRequest) -> list[MemberForm]:
    typed = whole(request.POST.get("lines"))
    count = MEMBERS if typed is None else typed
    count = min(count + ("more" in request.POST), MOST)
    data = request.POST or None
    return [MemberForm(data, prefix=f"m{number}") for number in range(max(count, 1))]


def _valid(form: HouseForm, lines: list[MemberForm]) -> bool:
    good = [line.is_valid() for line in lines]
    if not form.is_valid() or not all(good):
        return False
    form.check_members([line for line in lines if line.cleaned_data.get("given")])
    return form.is_valid()


def _alike(request: HttpRequest, line: MemberForm) -> list[Resembling]:
    return resembling(user_of(request), line.cleaned_data, line.cleaned_data["id"])


def _save(request: HttpRequest, form: HouseForm, members: list[MemberForm], partner: Partner) -> str:
    def do() -> str:
        made = actions.pin_household(
            rows=form.rows(members), house=form.house_row(), partner=partner, by=user_of(request)
        )
        told = ngettext("%(n)d person of the house is pinned.", "%(n)d people of the house are pinned.", len(made))
        messages.success(request, told % {"n": len(made)})
        seen = queries.visible_to(user_of(request)).filter(pk=made[0].pk).exists()
        return reverse("people:person", args=[made[0].pk]) if seen else reverse("people:search")

    return once(user=user_of(request), token=form.cleaned_data["once"], do=do)
