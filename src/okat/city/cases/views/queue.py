"""What waits for one's partners, by deadline."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.cases import queries
from okat.city.cases.models import Case
from okat.city.cases.rules import State
from okat.city.cases.views import words
from okat.city.core.access import staff
from okat.city.core.csvfile import csv_file
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Filter, Table
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as named

PAGE = 50
MOST = 5000  # rows of a download


@staff(*queries.PERMITTED, Permission.MANAGE_NETWORK)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`all`: also what waits for others; `late`: 1 only those, 0 only the others; `state`; `format=csv`: the same rows
    without names."""
    assert isinstance(request.user, User)
    user, asked = request.user, request.GET
    everything, state = asked.get("all") == "1", asked.get("state", "")
    late = {"1": True, "0": False}.get(asked.get("late", ""))
    rows = queries.queue(user, waits=not everything, late=late, state=state)
    if asked.get("format") == "csv":
        return _csv(list(rows[:MOST]))
    counts, page = queries.counts(user), Paginator(rows, PAGE).get_page(asked.get("page"))
    shown = list(page.object_list)
    values = {
        "counts": counts,
        "title": _headline(counts),
        "page": page,
        "table": _table(shown, queries.names_read(user, shown), asked),
        "shown": shown,
        "filters": _filters(asked, counts, queries.stages(user, waits=not everything, late=late)),
        "narrowed": late is not None or bool(state),
    }
    return render(request, "cases/queue.html", values)


def _headline(counts: queries.Counts) -> str:
    waits = ngettext("%(n)s case waits for us", "%(n)s cases wait for us", counts.waits) % {"n": counts.waits}
    if not counts.late:
        return waits
    return waits + " " + ngettext("(%(n)s is late)", "(%(n)s are late)", counts.late) % {"n": counts.late}


def _table(rows: list[Case], names: dict[UUID, str], asked: QueryDict) -> Table:
    columns = [
        Column(_("About")),
        Column(_("Person")),
        Column(_("State")),
        Column(_("Acts next")),
        Column(_("By when")),
    ]
    return Table(
        columns,
        [
            [
                Cell(queries.title(c), queries.page_of(c)),
                Cell(names.get(c.pk, _("(name not shown)")), note=_area(c)),
                Cell(c.stage_label, note=queries.until_words(c), tone=words.tone(c)),
                Cell(words.acting(c)),
                Cell(be(c.due_on), note=words.late_words(c.due_on), tone="no" if words.late(c) else ""),
            ]
            for c in rows
        ],
        csv_url="?" + _address(asked, format="csv", page=""),
    )


def _area(case: Case) -> str:
    return named(case.person.area) if case.person is not None else ""


def _filters(asked: QueryDict, counts: queries.Counts, stages: dict[str, int]) -> list[Filter]:
    every, late, state = asked.get("all") == "1", asked.get("late", ""), asked.get("state", "")
    found = [
        Filter(
            _("Also what others have to do (%(n)s in all)") % {"n": counts.all},
            "?" + _address(asked, all="" if every else "1", page=""),
            every,
        ),
        *(
            Filter(label, "?" + _address(asked, late="" if late == value else value, page=""), late == value)
            for value, label in (("1", _("Late")), ("0", _("In time")))
        ),
    ]
    return found + [
        Filter(
            f"{State(name).label} {number}",
            "?" + _address(asked, state="" if name == state else name, page=""),
            name == state,
        )
        for name, number in stages.items()
    ]


def _address(asked: QueryDict, **changes: str) -> str:
    """The query string with some parts changed; empty ones go."""
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()


def _csv(rows: list[Case]) -> HttpResponse:
    """No names: the file leaves the house."""
    head = [_("Case"), _("About"), _("Area"), _("State"), _("Acts next"), _("By when")]
    told = [
        [c.pk, queries.title(c), _area(c), c.stage_label, words.acting(c), c.due_on]
        for c in rows
    ]  # fmt: skip
    return csv_file("okat-cases.csv", [head, *told])
