"""The search of the catalogue: words, hard conditions, order, one page at a time.

Published order (docs/explanation/search.md). With words: by grade (as written, the same meaning, the same sound,
spelt alike, only some of the words); within a grade by `ts_rank` over title (1.0), needs and kind (0.4), summary,
partner and place (0.2) and the rest (0.1), half as much again where places are free; then the newest. With `near`:
within a grade the nearest first. Without words: the newest first. What only sounds or looks alike is asked for where
little is found.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, Value
from django.db.models.functions import ACos, Cos, Least, Radians, Sin

from okat.city.catalogue.models import Opportunity, OpportunityQuerySet, Session
from okat.city.catalogue.queries import ranked, usable, wish
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.wish import Grade, Reason, Wish
from okat.city.core import clock
from okat.city.core.numbers import whole
from okat.city.places.models import Area
from okat.city.places.queries import known

PAGE = 20
MAX_PAGE = 50  # nobody reads page 51; a filter helps more
EARTH_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_KM / 180
FEW = 5  # where fewer are found as written or by synonym, what sounds or looks alike is asked for too
LISTED = (
    "id", "kind", "status", "title_th", "title_en", "summary_th", "summary_en", "needs_papers", "capacity",
    "seats_taken", "online", "level", "credits", "hours", "cost", "stipend", "amount", "amount_per", "starts_on",
    "closes_on", "opens_on",
    "usable", "barred", "telling", "slots", "rule", "rule_digest", "reserves",
    "lat", "lon", "published_at", "updated_at",
    "provider__th", "provider__en", "provider__code", "area__th", "area__en", "area__code",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One page. `more`: another page follows. `best`: the grade of the first row of the page; `wishes`: how the words
    were read, as typed and, where little was found, as meant."""

    rows: list[Opportunity]
    page: int
    more: bool
    near: Area | None = None
    best: Grade = Grade.WRITTEN
    wishes: tuple[Wish, ...] = ()


def find(look: Look, page: int = 1) -> Found:
    """A handful of statements, whatever the number of opportunities."""
    page = min(max(page, 1), MAX_PAGE)
    near = _area(look.near)
    base = filtered(look, near)
    if not look.text:
        return _page(_ordered(base, near), page, near)
    typed = wish.narrow(look.text)
    rows = ranked.ranked(base, ranked.levels(typed), has_places())
    found = _page(_best_first(rows, near), page, near, (typed,))
    if found.rows if page > 1 else len(found.rows) >= FEW:
        return found
    if page > 1 and rows[FEW - 1 : FEW].exists():
        return found  # past the end of a list that was long enough
    return _widened(base, look, page, near, (typed, wish.wide(look.text)))


def _widened(base: OpportunityQuerySet, look: Look, page: int, near: Area | None, wishes: tuple[Wish, ...]) -> Found:
    """With what sounds or looks alike; where nothing has all of the words, what has some of them."""
    rows = ranked.ranked(base, ranked.levels(*wishes), has_places())
    found = _page(_best_first(rows, near), page, near, wishes)
    if found.rows or (page > 1 and rows.exists()):
        return found
    rows = ranked.some(base, wishes[-1], has_places())
    return _page(_best_first(rows, near, "-met"), page, near, wishes[-1:])


def why(found: Found) -> dict[Any, list[Reason]]:
    """For each row of a page how it meets each word; nothing for a search without words. One statement."""
    return ranked.why(found.rows, found.wishes) if found.rows else {}


def matched(look: Look) -> OpportunityQuerySet:
    """All that a look finds with all of its words, unordered, for the map and feeds."""
    base = filtered(look, _area(look.near))
    if not look.text:
        return base
    typed = wish.narrow(look.text)
    rows = matching(base, ranked.levels(typed))
    if len(rows.values_list("pk")[:FEW]) == FEW:
        return rows
    return matching(base, ranked.levels(typed, wish.wide(look.text)))


def matching(rows: OpportunityQuerySet, by: ranked.Levels) -> OpportunityQuerySet:
    """Those that hold all of the words in one of the ways that `ranked.levels` gives."""
    return rows.filter(search__holds=" | ".join(literal for _grade, literal in by)) if by else rows.none()


def counted(look: Look) -> int:
    """How many a look finds, as it is written."""
    return matched(look).order_by().count()


def filtered(look: Look, near: Area | None = None) -> OpportunityQuerySet:
    """Published opportunities for which every condition holds (words apart)."""
    rows = Opportunity.objects.published()
    for condition in (*usable.conditions(look), *_lists(look), *_flags(look), *_dates(look), *_places(look, near)):
        rows = rows.filter(condition)
    return rows


def _lists(look: Look) -> list[Q]:
    found = []
    kinds = [*look.kinds, *(kind.value for family in look.families for kind in FAMILIES[Family(family)])]
    if kinds:
        found.append(Q(kind__in=kinds))
    if look.needs:
        found.append(Q(need_codes__overlap=list(look.needs)))
    if look.slots:
        found.append(Q(slots__overlap=list(look.slots)))
    if look.levels:
        found.append(Q(level__in=look.levels))
    if look.hours:
        found.append(Q(hours__lte=look.hours))
    if look.venue:
        venue = whole(look.venue)
        found.append(Q(pk__in=[]) if venue is None else Q(venue=venue))
    if look.partner:
        found.append(Q(provider__code=look.partner))
    return found


def _flags(look: Look) -> list[Q]:
    found = []
    if look.free:
        found.append(Q(cost=0))
    if look.no_papers:
        found.append(Q(needs_papers=False))
    if look.credits:
        found.append(Q(credits__gt=0))
    if look.online:
        found.append(Q(online=True))
    if look.places:
        found.append(has_places())
    return found


def has_places() -> Q:
    return Q(capacity=None) | Q(seats_taken__lt=F("capacity"))


def still_open(day: Any) -> Q:
    """The window has not closed on that day."""
    return Q(closes_on=None) | Q(closes_on__gte=day)


def _dates(look: Look) -> list[Q]:
    found = [still_open(look.open_on or clock.today())]
    if look.open_on:
        found.append(Q(opens_on=None) | Q(opens_on__lte=look.open_on))
    if look.starts_from or look.starts_to:
        begins, meets = Q(), Q(opportunity=OuterRef("pk"))
        if look.starts_from:
            begins, meets = begins & Q(starts_on__gte=look.starts_from), meets & Q(start__date__gte=look.starts_from)
        if look.starts_to:
            begins, meets = begins & Q(starts_on__lte=look.starts_to), meets & Q(start__date__lte=look.starts_to)
        found.append(begins | Q(Exists(Session.objects.filter(meets))))
    return found


def _places(look: Look, near: Area | None) -> list[Q]:
    found = []
    if look.area:
        area = _area(look.area)
        found.append(Q(area__path__startswith=area.path) if area else Q(pk__in=[]))
    if near is not None and near.lat is not None and near.lon is not None and look.within:
        up = look.within / KM_PER_DEGREE
        across = up / max(0.01, math.cos(math.radians(near.lat)))
        box = Q(lat__range=(near.lat - up, near.lat + up), lon__range=(near.lon - across, near.lon + across))
        found.append(box | Q(online=True))
    return found


def _area(code: str) -> Area | None:
    return next((area for area in known().values() if area.code == code), None) if code else None


def distance(near: Area) -> "ExpressionWrapper[Any]":
    """Kilometres along the Earth from an area's point (spherical law of cosines, exact enough above a metre)."""
    lat, lon = Radians(F("lat")), Radians(F("lon"))
    here_lat, here_lon = math.radians(near.lat or 0), math.radians(near.lon or 0)
    cosine = Sin(lat) * math.sin(here_lat) + Cos(lat) * math.cos(here_lat) * Cos(lon - here_lon)
    return ExpressionWrapper(ACos(Least(cosine, Value(1.0))) * EARTH_KM, output_field=FloatField())


def _ordered(rows: OpportunityQuerySet, near: Area | None) -> OpportunityQuerySet:
    if near is None:
        return rows.order_by("-published_at", "id")
    return rows.annotate(km=distance(near)).order_by(F("km").asc(nulls_last=True), "-published_at", "id")


def _best_first(rows: ranked.Rows, near: Area | None, *more: str) -> ranked.Rows:
    if near is not None:
        nearest: ranked.Rows = rows.annotate(km=distance(near))
        return nearest.order_by("-grade", *more, F("km").asc(nulls_last=True), "-rank", "id")
    return rows.order_by("-grade", *more, "-rank", "-published_at", "id")


def _page(rows: ranked.Rows, page: int, near: Area | None, wishes: tuple[Wish, ...] = ()) -> Found:
    start = (page - 1) * PAGE
    some = list(rows.select_related("provider", "area").only(*LISTED)[start : start + PAGE + 1])
    best = Grade(some[0].grade) if some and wishes else Grade.WRITTEN
    return Found(some[:PAGE], page, len(some) > PAGE and page < MAX_PAGE, near, best, wishes)


def counts() -> dict[str, int]:
    """How many are open now, by kind."""
    rows = Opportunity.objects.published().filter(still_open(clock.today())).order_by()
    return dict(rows.values_list("kind").annotate(n=Count("id")))
