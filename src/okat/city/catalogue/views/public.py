"""What everybody sees: the list and map, one opportunity, its calendar, the feed."""

import datetime as dt
from dataclasses import replace
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.catalogue import solve
from okat.city.catalogue.forms import LookForm
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read, search, sharing
from okat.city.catalogue.rules import FAMILIES, FAMILY_LABELS, KIND_LABELS, Status
from okat.city.catalogue.rules.links import ALTERNATES
from okat.city.catalogue.rules.look import Look, read_look
from okat.city.catalogue.rules.sharing import PledgeStatus
from okat.city.catalogue.views import access, formats, ical, reasons, words
from okat.city.catalogue.views.look_for import note_missed
from okat.city.catalogue.views.narrow import narrowing, number
from okat.city.catalogue.views.state import state_of
from okat.city.core import clock, kept, registries
from okat.city.core.access import public
from okat.city.core.permissions import Permission, may
from okat.city.core.templatetags.okat import words as name_of
from okat.thai.partial import PartialDate


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The list looks the same to everybody: it is drawn once in a while, the frame around it for each reader."""
    body = kept.part("catalogue", request.GET.urlencode(), lambda: _list(request))
    return render(request, "catalogue/list.html", {"body": body, "feed": _feed(request)})


def _feed(request: HttpRequest) -> str:
    """The feed of what is looked for now."""
    look = read_look(request.GET)
    return reverse("catalogue:feed") + ("" if look.empty else f"?{look.address()}")


def _list(request: HttpRequest) -> SafeString:
    asked = request.GET
    look = read_look(asked)
    found = search.find(look, number(asked.get("page")))
    note_missed(request, look, found)  # once for as long as the list is kept: a page loaded again is not another wish
    said = access.chips(look)
    pages = f"{look.address()}&" if not look.empty else ""
    why = search.why(found)
    context = {
        "look": look,
        "found": found,
        "cards": [words.card(o, getattr(o, "km", None), said(o), reasons.said(why.get(o.pk, ()))) for o in found.rows],
        "note": reasons.NOTES.get(found.best, "") if found.rows else "",
        "filters": narrowing(look, found.near),
        "points": f"{reverse('catalogue:points')}?{look.address()}",
        "reach": f"{reverse('catalogue:reach')}?{look.address(places=False)}",
        "tell": f"{reverse('catalogue:tell')}?{look.address()}",
        "feed": _feed(request),
        "csv": f"{reverse('catalogue:csv')}?{look.address()}",
        "older": f"?{pages}page={found.page + 1}" if found.more else "",
        "newer": f"?{pages}page={found.page - 1}" if found.page > 1 else "",
        "hidden": [pair for pair in look.pairs() if pair[0] != "q"],
        "form": LookForm(asked or None),
        "ask": _ask(look),
    }
    return render_to_string("catalogue/list_body.html", context)


def _ask(look: Look) -> dict[str, object]:
    """How many more may be usable once their providers were asked, and the way there."""
    if look.ask or not (look.formats or look.usable):
        return {}
    return {"n": search.counted(replace(look, ask=True)), "url": f"?{look.address(ask=True)}"}


@public
@require_GET
def opened(request: HttpRequest, pk: UUID) -> HttpResponse:
    opportunity = read.open_public(pk, request.user)
    may_write = read.may_write(request.user, opportunity)
    context = {
        "opportunity": opportunity,
        "title": words.words_of(opportunity),
        "summary": words.summary_of(opportunity),
        "about": words.about_of(opportunity),
        "kind": words.kind_words(opportunity),
        "not_open": words.not_open(opportunity),
        "ended": opportunity.status == Status.CANCELLED or words.is_over(opportunity),
        "facts": words.facts(opportunity),
        "stages": access.stages(opportunity),
        "rule": solve.explained(opportunity.rule) if opportunity.rule else None,
        "alternates": [(each.media, each.title, each.address(opportunity.pk)) for _name, each in ALTERNATES],
        "json_ld": formats.json_ld(opportunity, request.build_absolute_uri()),
        "may_write": may_write,
        "state": state_of(opportunity) if may_write else {},
        "priority": [
            (part["en" if solve.lang() == "en" else "th"] or part["th"], part["points"])
            for part in opportunity.priority
        ],
        "reserves": reserves_in_words(opportunity.reserves),
        "teachers": opportunity.teachers.all(),
        "panels": list(filter(None, (panel(request.user, opportunity) for _app, panel in registries.OFFERS))),
        **_put_in(request, opportunity),
    }
    return render(request, "catalogue/open.html", context)


def _put_in(request: HttpRequest, opportunity: Opportunity) -> dict[str, object]:
    """What partners put in and what is missing; the link for those who may add to it."""
    pledges = [row for row in opportunity.pledges.all() if row.status == PledgeStatus.ACCEPTED]
    user = request.user
    names = list(dict.fromkeys(name_of(row.partner) for row in pledges))
    published = opportunity.status == Status.PUBLISHED
    return {
        "totals": sharing.totals(pledges),
        "givers": ", ".join(names),
        "missing": [row for row in sharing.sought_of(opportunity) if row.missing] if published else [],
        "may_pledge": published and isinstance(user, User) and may(user, Permission.MANAGE_OPPORTUNITIES),
    }


def reserves_in_words(reserves: list[dict[str, object]]) -> list[tuple[str, object]]:
    names = {group.code: group.words for group in solve.groups()}
    lang = solve.lang()
    return [
        (names[str(r["group"])].say(lang) if str(r["group"]) in names else str(r["group"]), r["seats"])
        for r in reserves
    ]


@public
@require_GET
def calendar_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    opportunity = read.open_public(pk, request.user)
    title = words.words_of(opportunity)
    content = ical.calendar(opportunity, title, request.build_absolute_uri(words.address(opportunity)))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="okat-{opportunity.pk}.ics"'
    return response


@public
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The meetings of one month, day by day."""
    first = _month(request.GET.get("month", ""))
    following = (first + dt.timedelta(days=32)).replace(day=1)
    sessions = read.sessions_between(first, following - dt.timedelta(days=1))
    days = [
        (day, [(s, words.words_of(s.opportunity), words.address(s.opportunity)) for s in some])
        for day, some in groupby(sessions, key=lambda s: timezone.localdate(s.start))
    ]
    before = (first - dt.timedelta(days=1)).replace(day=1)
    context = {
        "month": PartialDate(first.year, first.month),
        "before": f"{before:%Y-%m}",
        "after": f"{following:%Y-%m}",
        "days": days,
    }
    return render(request, "catalogue/calendar.html", context)


def _month(text: str) -> dt.date:
    """A month that has one before and one after it; else the present one."""
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        found = dt.date.min
    return found if dt.MINYEAR < found.year < dt.MAXYEAR else clock.today().replace(day=1)


@public
@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """Every kind with how many are open, by family."""
    counts = search.counts()
    families = [
        (
            FAMILY_LABELS[family],
            [(KIND_LABELS[k], counts.get(k.value, 0), f"?{Look(kinds=(k.value,)).address()}") for k in kinds],
        )
        for family, kinds in FAMILIES.items()
    ]
    return render(request, "catalogue/kinds.html", {"families": families})
