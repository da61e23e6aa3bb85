"""The first pages: the public door, what waits for me, one search box."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.catalogue.views.words import card
from okat.city.core import menu, permissions
from okat.city.core.access import public, signed_in
from okat.city.core.permissions import Permission
from okat.city.core.show import Filter
from okat.city.desk.queries import pulse, today
from okat.city.desk.rules import APPS
from okat.city.desk.views.figures import pulse_figures
from okat.thai.text import normalise

# What is offered to somebody for whom nothing waits, the first that they may do.
NEXT = (
    (Permission.PIN_PERSON, "people:pin", gettext_lazy("Pin a person")),
    (Permission.MANAGE_OPPORTUNITIES, "catalogue:manage", gettext_lazy("Write an opportunity")),
    (Permission.SEE_GAPS, "desk:gaps", gettext_lazy("See who is not reached yet")),
    (Permission.SEE_AUDIT, "desk:audit", gettext_lazy("Read the audit trail")),
)


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What do you need? One box, the doors, what is new nearby (`near`: an area code), and the city's pulse."""
    found = pulse.pulse()
    near = pulse.near(request.user, normalise(request.GET.get("near", ""))[:40])
    values = {
        "doors": today.doors(),
        "catalogue": menu.address("catalogue:search"),
        "near": near,
        "cards": [card(o, getattr(o, "km", None)) for o in pulse.newest(near)],
        "decided": pulse.decided(),
        "rounds": menu.address("rounds:index"),
        "figures": pulse_figures(found),
        "day": found.day,
    }
    return render(request, "desk/home.html", values)


@signed_in
@require_GET
def today_page(request: HttpRequest) -> HttpResponse:
    """`app`: only tasks of one kind; `when`: late or week."""
    assert isinstance(request.user, User)
    user, app, when = request.user, request.GET.get("app", ""), request.GET.get("when", "")
    lines = today.today(user)
    shown = today.narrowed(lines, app=app, when=when)
    waits = today.weight(lines)
    title = ngettext("%(n)s thing waits for you today", "%(n)s things wait for you today", waits) % {"n": waits}
    if not waits:
        title = _("Today")
    may_pin = permissions.may(user, Permission.PIN_PERSON)
    values = {
        "title": title,
        "lines": shown[: today.SHOWN],
        "more": max(0, len(shown) - today.SHOWN),
        "filters": _filters(lines, app, when),
        "narrowed": bool(app or when),
        "pin": menu.address("people:pin") if may_pin else "",
        "next": _next(user),
        "here": today.here(user),
        "catalogue": menu.address("catalogue:search"),
    }
    return render(request, "desk/today.html", values)


def _filters(lines: list[today.Line], app: str, when: str) -> list[Filter]:
    """Chips only where they would narrow something."""
    late = today.weight([line for line in lines if line.mark == "late"])
    found = [Filter(_("Late: %(n)s") % {"n": late}, _url(app, "" if when == "late" else "late"), when == "late")]
    found.append(Filter(_("Within a week"), _url(app, "" if when == "week" else "week"), when == "week"))
    apps = dict.fromkeys(line.app for line in lines)
    if len(apps) > 1:
        found += [Filter(str(APPS[a]), _url("" if a == app else a, when), a == app) for a in apps]
    return found if lines else []


def _url(app: str, when: str) -> str:
    parts = [f"{name}={value}" for name, value in (("app", app), ("when", when)) if value]
    return f"?{'&'.join(parts)}" if parts else reverse("desk:today")


def _next(user: User) -> tuple[str, str]:
    """What to do where nothing waits: the words and the address."""
    for permission, name, words in NEXT:
        if permissions.may(user, permission) and (url := menu.address(name)):
            return str(words), url
    return _("Find opportunities"), menu.address("catalogue:search")


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    text = normalise(request.GET.get("q", ""))[:200]
    groups = today.found(request.user, text)
    values = {
        "text": text,
        "groups": groups,
        "number": sum(map(len, groups.values())),
        "catalogue": menu.address("catalogue:search"),
    }
    return render(request, "desk/search.html", values)
