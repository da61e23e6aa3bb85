"""The pulse with its definitions, and who was reached and who was not; each table as CSV."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core.access import public, staff
from okat.city.core.csvfile import csv_file, dated
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.steady import share
from okat.city.core.templatetags.okat import words
from okat.city.desk.queries import gaps as counted
from okat.city.desk.queries import pulse
from okat.city.desk.rules import AGES, ANSWER_DAYS, Group, band_of
from okat.city.people.rules import Papers, Sex

HELD = "–"
FIRST_AREAS = 20
TABLES: dict[str, Promise] = {
    "area": gettext_lazy("By sub-district"), "sex": gettext_lazy("By sex"), "age": gettext_lazy("By age"),
    "papers": gettext_lazy("By house registration"), "disability": gettext_lazy("By disability"),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure of the pulse, with what it counts; `name` is the anchor of its definition."""

    name: str
    value: str
    of: str
    label: str
    definition: str
    source: str

    @property
    def url(self) -> str:
        return f"{reverse('desk:pulse')}#{self.name}"


def pulse_figures(found: pulse.Pulse) -> list[Figure]:
    """In the order of the first page."""
    return [
        Figure(
            "free", _number(found.free), "", _("places free at the moment"),
            _("Places of published opportunities that still take people, less the places given. Opportunities without "
              "a limit are not counted."),
            _("What partners publish in the catalogue"),
        ),
        Figure(
            "waiting", _number(found.waiting), "", _("people wait for an opportunity"),
            _("People with at least one open need for whom nothing has begun yet at any partner."),
            _("Pins and cases"),
        ),
        Figure(
            "answered", _percent(found.answered), "", _("of referrals answered within %(days)s days") % {
                "days": ANSWER_DAYS},
            _("Of the referrals that were answered, or wait longer than that, those answered in time. Referrals that "
              "the sender took back are not counted."),
            _("Cases"),
        ),
        Figure(
            "without", _number(found.without), _("of %(n)s") % {"n": found.areas},
            _("sub-districts without an open course"),
            _("Sub-districts in which no published course takes people today. Courses online count where their "
              "provider put them."),
            _("What partners publish in the catalogue"),
        ),
        Figure(
            "asked", _percent(found.asked), "", _("of follow-ups done that were due"),
            _("Of the follow-ups after 30, 90 and 180 days whose day has come, those that were recorded."),
            _("Cases"),
        ),
    ]  # fmt: skip


@public
@require_GET
def pulse_page(request: HttpRequest) -> HttpResponse:
    """What the figures of the first page mean."""
    found = pulse.pulse()
    return render(request, "desk/pulse.html", {"figures": pulse_figures(found), "day": found.day})


@dataclass(frozen=True)
class Row:
    """One group of a table as it is shown; percents are rounded, None where held back."""

    label: str
    note: str
    shown: Group
    rate: float | None
    of_need: float | None
    of_reached: float | None


@dataclass(frozen=True)
class Part:
    """One table: its rows, and how many more the download has."""

    name: str
    title: str
    rows: list[Row]
    more: int
    rate: float | None

    @property
    def csv_url(self) -> str:
        return reverse("desk:gaps-csv", args=[self.name])


@staff(Permission.SEE_GAPS)
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    found, (_day, needs) = counted.gaps(request.user), counted.waiting(request.user)
    values = {
        "need": _said(found.whole.need),
        "reached": _said(found.whole.reached),
        "waits": _said(found.whole.waits),
        "nobody": found.whole.need is None,
        "parts": [_part(name, found) for name in TABLES],
        "needs": _needs_table(needs),
        "day": found.day,
    }
    return render(request, "desk/gaps.html", values)


@staff(Permission.SEE_GAPS)
@require_GET
def gaps_csv(request: HttpRequest, name: str) -> HttpResponse:
    assert isinstance(request.user, User)
    if name == "needs":
        day, needs = counted.waiting(request.user)
        return _csv(name, day, _NEEDS_HEAD, _needs_rows(needs))
    if name not in TABLES:
        raise Http404("table")
    found = counted.gaps(request.user)
    part = _part(name, found, every=True)
    head = [_("Group"), _("Need something"), _("Were reached"), _("Wait"), _("% reached"), _("% of all in need"),
            _("% of all reached")]  # fmt: skip
    rows = [
        [f"{row.label} {row.note}".strip(), row.shown.need, row.shown.reached, row.shown.waits,
         *(None if p is None else round(p, 1) for p in (row.rate, row.of_need, row.of_reached))]
        for row in part.rows
    ]  # fmt: skip
    return _csv(name, found.day, head, rows)


def _csv(name: str, day: dt.date | None, head: Sequence[object], rows: Sequence[Sequence[object]]) -> HttpResponse:
    return csv_file(f"okat-gaps-{name}.csv", dated(head, rows, day))


def _part(name: str, found: counted.Gaps, *, every: bool = False) -> Part:
    """The table of one dimension; sub-districts by how many wait, the others in their own order."""
    groups, whole = found.tables[name], found.whole
    labels = _labels(name, groups)
    rows = [
        Row(*labels[s.key], s, share(s.reached, s.need), share(s.need, whole.need), share(s.reached, whole.reached))
        for s in _ordered(name, groups)
    ]
    shown = rows if every or name != "area" else rows[:FIRST_AREAS]
    return Part(name, str(TABLES[name]), shown, len(rows) - len(shown), share(whole.reached, whole.need))


def _ordered(name: str, rows: list[Group]) -> list[Group]:
    if name == "area":
        return sorted(rows, key=lambda s: (-(s.waits or 0), -(s.need or 0), s.key))
    if name == "age":
        return sorted(rows, key=lambda s: int(s.key))
    return sorted(rows, key=lambda s: s.key)


def _labels(name: str, groups: list[Group]) -> dict[str, tuple[str, str]]:
    """Key -> the group in words, and a small second line."""
    if name == "area":
        areas = counted.area_names(groups)
        return {
            g.key: (words(areas[g.key]), words(areas[g.key].parent) if areas[g.key].parent else "")
            if g.key in areas else (_("(sub-district not known)"), "")
            for g in groups
        }  # fmt: skip
    return {g.key: (_label(name, g.key), "") for g in groups}


def _label(name: str, key: str) -> str:
    if name == "age":
        band = band_of(key)
        if band is None:
            return _("(age not known)")
        oldest = band == AGES[-1]
        return _("%(n)s years and older") % {"n": band[0]} if oldest else _("%(a)s–%(b)s years") % {
            "a": band[0], "b": band[1]}  # fmt: skip
    if name == "disability":
        return _("With a disability") if key == counted.WITH else _("Asked, without a disability")
    known = Sex if name == "sex" else Papers
    return str(known(key).label) if key in known.values else _("(not known)")


_NEEDS_HEAD = [
    gettext_lazy("Kind of need"), gettext_lazy("Wait"), gettext_lazy("Were helped"), gettext_lazy("Free places"),
    gettext_lazy("Without a limit"),
]  # fmt: skip


def _needs_rows(found: list[counted.Waiting]) -> list[list[object]]:
    return [[words(w.term), w.open, w.met, w.free, w.unlimited] for w in found]


def _needs_table(found: list[counted.Waiting]) -> Table:
    """What people wait for against what is free; red where more wait than there are places."""
    columns = [Column(str(label), number > 0) for number, label in enumerate(_NEEDS_HEAD)]
    rows = [
        [
            words(w.term), _number(w.open), _number(w.met),
            Cell(_number(w.free), tone="no" if (w.open or 0) > w.free and not w.unlimited else ""),
            _number(w.unlimited),
        ]
        for w in found
    ]  # fmt: skip
    return Table(columns, rows, csv_url=reverse("desk:gaps-csv", args=["needs"]))


def _number(value: int | None) -> str:
    return HELD if value is None else f"{value:,}"


def _said(value: int | None) -> str:
    """Within a sentence."""
    return _("under 10") if value is None else _number(value)


def _percent(value: int | None) -> str:
    return HELD if value is None else f"{value} %"
