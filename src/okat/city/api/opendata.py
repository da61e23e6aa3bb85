"""The page on which people find what programs may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.api.interfaces import INTERFACES
from okat.city.core.access import public
from okat.city.core.show import Cell, Column, Table


@public
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Each address with its standard."""
    columns = [Column(_("What it gives")), Column(_("Address")), Column(_("Standard"))]
    rows = [
        [each.what, Cell(each.shown, each.sample() if each.sample else ""), Cell(each.standard, each.source)]
        for each in INTERFACES
    ]
    context = {"count": len(rows), "table": Table(columns, rows), "search": reverse("catalogue:search")}
    return render(request, "api/open.html", context)
