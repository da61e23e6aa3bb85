"""Tables to take along as CSV, one way for every page."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from okat.city.core.templatetags.okat import counted_on
from okat.files.office import defuse


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """RFC 4180 in UTF-8 with a mark, so that spreadsheet programs read Thai. No cell is run as a formula, whoever wrote
    it; None is an empty cell."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([[_cell(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def dated(
    head: Iterable[object], rows: Iterable[Iterable[object]], day: dt.date | None, name: str = ""
) -> list[list[object]]:
    """A table of weekly figures: each row says as of when its people were counted, and one alone that they are not."""
    names, said = list(head), counted_on(day)
    told = [[*row, said] for row in rows]
    if day is None and not told:
        told = [[*(None for _name in names), said]]
    return [[*names, name or _("People counted on")], *told]


def _cell(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    return defuse(str(value))
