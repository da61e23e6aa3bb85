"""The panel of the urban poor: how many, where, with which needs, and what they may use without papers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.core import menu
from okat.city.core.access import staff
from okat.city.core.csvfile import csv_file, dated
from okat.city.core.permissions import Permission
from okat.city.core.show import Column, Filter, Table
from okat.city.people.forms.fields import in_words
from okat.city.people.queries import urban as queries
from okat.city.people.rules.told import CUTS


@staff(Permission.SEE_GAPS, Permission.PIN_PERSON)
@require_GET
def urban(request: HttpRequest) -> HttpResponse:
    """Weekly figures alone; the cut lives in the address, and `format=csv` gives the table."""
    wish = request.GET.get("papers", "")
    cut = wish if wish in queries.CUTS else "without"
    heads = queries.headings()
    day, lines = queries.by_district(cut, heads)
    names = [_("District"), _("People"), *map(in_words, heads)]
    rows = [[in_words(line.area), _told(line.people), *map(_told, line.needs)] for line in lines]
    if request.GET.get("format") == "csv":
        return csv_file("urban-poor.csv", dated(names, rows, day))
    table = Table(
        [Column(name, number=place > 0) for place, name in enumerate(names)], rows, csv_url=f"?papers={cut}&format=csv"
    )
    search = menu.address("catalogue:search")
    values = {
        "table": table, "total": sum(line.people or 0 for line in lines), "cut": CUTS[cut], "lines": lines, "day": day,
        "filters": [Filter(str(label), f"?papers={name}", name == cut) for name, label in CUTS.items()],
        "open_without": f"{search}?nopapers=1" if search else "", "help": f"{search}?kind=papers" if search else "",
    }  # fmt: skip
    return render(request, "people/urban.html", values)


def _told(count: int | None) -> str:
    return _("under 10") if count is None else f"{count:,}"
