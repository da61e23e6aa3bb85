"""Policies side by side, on the last round, on made-up people or, written down in the bundle, on the round's own."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.core.access import staff
from okat.city.core.permissions import Permission
from okat.city.core.show import Column, Table
from okat.city.core.steady import said_in_tens
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.forms import VariantForm
from okat.city.rounds.models import Round
from okat.city.rounds.rules import Status, reached
from okat.city.rounds.rules.policy import Policy, variants
from okat.city.rounds.rules.variant import MOST_VARIANTS, Variant
from okat.city.rounds.solve import Compared, PlaceRow, Tried
from okat.city.rounds.views import _show
from okat.city.rounds.views.manage import user_of

LETTERS = "ABC"[:MOST_VARIANTS]
SEED = "policies side by side"  # a made-up draw: the real one must not be tried before its day


@staff(Permission.PLAN_ROUNDS)
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET tries on the last round or on made-up people; POST looks at the round's own data and writes that down."""
    row = queries.open_mine(request.user, pk)
    last = queries.last_decided(row)
    own = request.method == "POST" and reached(row.stage, Status.OPEN)
    forms = _forms(request, row)
    tried, free = _tried(row, forms)
    if own:
        for _words, variant in tried:
            actions.note_look(round=row, policy=variant, by=user_of(request))
        data, people, base = "own", solve.tried(queries.data_of(row)), row
    elif last and request.GET.get("data") != "synthetic":
        data, people, base = "last", solve.tried(queries.data_of(last)), last
    else:
        data, people, base = "synthetic", [], row
    rows = _rows(base)
    if data == "synthetic" and rows:
        people = solve.synthetic(rows, sorted(solve.group_words()))
    names, real = [str(name) for name, _variant in tried], data != "synthetic"
    policies = [variant for _, variant in tried]
    compared = solve.compare(policies, rows, people, seed=SEED, real=real) if rows and people else []
    context = {
        "round": row, "last": last, "data": data, "base": base, "any": bool(people), "real": real,
        "people": (said_in_tens if real else str)(len(people)),
        "may_own": reached(row.stage, Status.OPEN),
        "table": _table(names, compared, real=real),
        "changes": _changes(names, compared, people, real=real) if compared else None,
        "forms": forms, "free": free, "asked": _asked(request),
        "looks": row.looks.count(), "back": reverse("rounds:manage", args=[row.pk]),
    }  # fmt: skip
    return render(request, "rounds/compare.html", context)


def _forms(request: HttpRequest, row: Round) -> list[dict[str, Any]]:
    """The forms of the variants; those named in `try` are bound to the address."""
    words = solve.group_words()
    groups = sorted((code, _show.group_name(code)) for code in words)
    chosen = request.GET.getlist("try")
    return [
        {
            "letter": letter, "on": letter in chosen,
            "form": VariantForm(
                request.GET if letter in chosen else None, prefix=letter, policy=Policy.from_dict(row.rules),
                groups=groups,
            ),
        }
        for letter in LETTERS
    ]  # fmt: skip


def _tried(row: Round, forms: list[dict[str, Any]]) -> tuple[list[tuple[Any, Variant]], bool]:
    """What stands side by side, the policy as set first, and whether somebody chose it: else the usual ones."""
    policy = Policy.from_dict(row.rules)
    chosen = [
        (_("Variant %(letter)s") % {"letter": each["letter"]}, each["form"].variant())
        for each in forms
        if each["on"] and each["form"].is_valid()
    ]
    if any(each["on"] for each in forms):
        return [(_("As set in this round"), Variant(policy)), *chosen], True
    return [(words, Variant(other)) for words, other in variants(policy)], False


def _asked(request: HttpRequest) -> str:
    """The variants as an address, to hand on."""
    query = request.GET.copy()
    query.pop("data", None)
    return query.urlencode()


def _rows(row: Round) -> list[PlaceRow]:
    return [
        PlaceRow(place.code, place.capacity, tuple((each["group"], each["seats"]) for each in place.reserves))
        for place in queries.places_of(row)
        if not place.off
    ]


def _table(names: list[str], compared: list[Compared], *, real: bool) -> Table:
    of_all = [Column(_("First choice"), True), Column(_("Districts reached"), True), Column(_("Way on average"), True)]
    columns = [
        Column(_("Policy")), Column(_("Got a place"), True), *([] if real else of_all), Column(_("Gain"), True),
        Column(_("Lose"), True),
    ]  # fmt: skip
    rows = [
        [
            name, _few(each.placed, real=real), *([] if real else _of_all(each)),
            _few(each.gains.get("", 0), real=real), _few(each.loses.get("", 0), real=real),
        ]
        for name, each in zip(names, compared, strict=False)
    ]  # fmt: skip
    return Table(columns, rows)


def _of_all(each: Compared) -> list[Any]:
    """What one person could move: of made-up people alone."""
    way = "–" if each.mean_km is None else _("%(km)s km") % {"km": each.mean_km}
    return [f"{each.first_percent}%", each.areas_reached, way]


def _few(count: int | None, *, real: bool) -> str:
    """Of real people nobody and one to nine are one."""
    return "–" if not count else f"{count:,}+" if real else f"{count:,}"


def _change(gains: int | None, loses: int | None, *, real: bool) -> str:
    told = [f"{sign} {_few(count, real=real)}" for sign, count in (("+", gains), ("−", loses)) if count]
    return " / ".join(told) or "–"


def _changes(names: list[str], compared: list[Compared], people: list[Tried], *, real: bool) -> Table:
    """Who gains and who loses against the policy as set, by group and, of made-up people, by area. Every group of the
    city stands there, whether anybody of it asked or not."""
    told = {
        code for each in compared for code in each.gains if code and (not real or each.gains[code] or each.loses[code])
    }
    codes = sorted(told | set(solve.group_words()), key=lambda c: (c.startswith("area:"), c))
    areas = {} if real else queries.area_names(each.area for each in people)
    columns = [Column(_("Group")) if real else Column(_("Group or area")), *(Column(name, True) for name in names[1:])]
    rows: list[list[Any]] = [
        [
            _show.label_name(code, areas),
            *(_change(each.gains.get(code, 0), each.loses.get(code, 0), real=real) for each in compared[1:]),
        ]
        for code in codes
    ]
    return Table(columns, rows)
