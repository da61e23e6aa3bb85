"""Beside the list: words to choose from while typing, and for the city's team what was looked for in vain."""

import contextlib
from ipaddress import ip_network

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions.missed import count_missed
from okat.city.catalogue.queries import missed
from okat.city.catalogue.queries.search import Found
from okat.city.catalogue.queries.suggest import suggest
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.missed import PERIODS, SMALLEST
from okat.city.catalogue.rules.wish import Grade
from okat.city.core.access import public, staff
from okat.city.core.csvfile import csv_file
from okat.city.core.limits import client_address, limited, wait_for
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Filter, Table
from okat.city.core.spare import spare
from okat.city.core.templatetags.okat import be

COUNTED, SECONDS = 30, 3600  # misses of one address in an hour that count; more is a program or a prank


@public
@require_GET
@limited("catalogue-suggest", limit=240, seconds=60, methods=("GET",))
@cache_control(public=True, max_age=300)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options of the search box (htmx); the box works without them."""
    typed = request.GET.get("q", "")[:200]
    found = suggest(typed, english=get_language() == "en")
    return render(request, "catalogue/suggestions.html", {"typed": typed, "found": found})


def note_missed(request: HttpRequest, look: Look, found: Found) -> None:
    """Count a search whose words nothing answers; of one address only so many. Nothing readable about it stays, and of
    the words only what several looked for."""
    if not look.text or found.page > 1 or (found.rows and found.best is not Grade.SOME):
        return
    narrowed = look != Look(text=look.text)
    with spare():
        if not wait_for(name="catalogue-missed", who=client_address(request), limit=COUNTED, seconds=SECONDS):
            count_missed(text=look.text, narrowed=narrowed, asker=_asker(request), by=system_user())


def _asker(request: HttpRequest) -> str:
    """The account, wherever it is; else the connection, of whose address a home or telephone changes the last half."""
    if request.user.is_authenticated:
        return f"account {request.user.pk}"
    address = client_address(request)
    with contextlib.suppress(ValueError):
        return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
    return address


@staff(Permission.MANAGE_OPPORTUNITIES, Permission.SEE_GAPS)
@require_GET
def unmet(request: HttpRequest) -> HttpResponse:
    """`days`: how far back."""
    days = _days(request)
    found = missed.unmet(days)
    rows = [
        [Cell(row.text, _search(row.text)), Cell(str(row.count)), Cell(str(row.narrowed)), Cell(be(row.day))]
        for row in found.rows
    ]
    columns = [
        Column(_("Words")),
        Column(_("Searches"), True),
        Column(_("Of these, narrowed"), True),
        Column(_("Last")),
    ]
    csv_url = f"{reverse('catalogue:unmet-csv')}?days={days}"
    filters = [Filter(_("%(n)s days") % {"n": n}, f"?days={n}", n == days) for n in PERIODS]
    values = {
        "unmet": found, "days": days, "least": SMALLEST, "filters": filters,
        "table": Table(columns, rows, csv_url=csv_url) if rows else None,
    }  # fmt: skip
    return render(request, "catalogue/unmet.html", values)


@staff(Permission.MANAGE_OPPORTUNITIES, Permission.SEE_GAPS)
@require_GET
def unmet_csv(request: HttpRequest) -> HttpResponse:
    head = [_("Words"), _("Searches"), _("Of these, narrowed"), _("Last")]
    rows = [[row.text, row.count, row.narrowed, row.day] for row in missed.unmet(_days(request)).rows]
    return csv_file("okat-unmet-searches.csv", [head, *rows])


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS) else PERIODS[1]


def _search(text: str) -> str:
    return f"{reverse('catalogue:search')}?{Look(text=text).address()}"
