"""The search of the catalogue: words, hard conditions, order, one page at a time.

Published order. With words: `ts_rank` over title (1.0), needs and kind (0.4), summary, partner and place (0.2)
and the rest (0.1); half as much again where places are free; then the newest. With `near`: the nearest first.
Without either: the newest first. A search that finds nothing is tried with unfinished words, then by likeness of
letters (pg_trgm) to titles without tone marks.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import ACos, Cos, Least, Radians, Sin

from okat.city.catalogue.models import Opportunity, OpportunityQuerySet, Session
from okat.city.catalogue.queries import usable, words
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.catalogue.rules.look import Look
from okat.city.core import clock
from okat.city.places.models import Area
from okat.thai.text import fold

PAGE = 20
MAX_PAGE = 50  # nobody reads page 51; a filter helps more
EARTH_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_KM / 180
LIKENESS = "0.35"
WEIGHTS = "{0.1, 0.2, 0.4, 1.0}"
LISTED = (
    "id", "kind", "status", "title_th", "title_en", "summary_th", "summary_en", "needs_papers", "capacity",
    "seats_taken", "online", "hours", "cost", "stipend", "amount", "amount_per", "starts_on", "closes_on", "opens_on",
    "usable", "barred", "slots", "rule_digest", "lat", "lon", "published_at", "updated_at", "provider__th",
    "provider__en", "provider__code", "area__th", "area__en", "area__code",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One page. `more`: another page follows. `how`: exact, prefix or like (letters alike, for misspellings)."""

    rows: list[Opportunity]
    page: int
    more: bool
    how: str
    near: Area | None = None


def find(look: Look, page: int = 1) -> Found:
    """A handful of statements, whatever the number of opportunities."""
    page = min(max(page, 1), MAX_PAGE)
    near = _area(look.near)
    base = filtered(look, near)
    if not look.text:
        return _page(_ordered(base, near), page, "exact", near)
    for how, wish in (("exact", words.query(look.text)), ("prefix", words.query(look.text, prefix=True))):
        if wish:
            found = _page(_ranked(matching(base, wish), wish, near), page, how, near)
            if found.rows or page > 1:
                return found
    return _alike(base, look.text, page, near)


def matched(look: Look) -> OpportunityQuerySet:
    """All that a look finds, unordered, for the map and feeds."""
    base = filtered(look, _area(look.near))
    wish = words.query(look.text) if look.text else ""
    return matching(base, wish) if wish else base


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
    if look.partner:
        found.append(Q(provider__code=look.partner))
    return found


def _flags(look: Look) -> list[Q]:
    found = []
    if look.free:
        found.append(Q(cost=0))
    if look.no_papers:
        found.append(Q(needs_papers=False))
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
    if near is not None and near.lat is not None and near.lon is not None and look.km:
        up = look.km / KM_PER_DEGREE
        across = up / max(0.01, math.cos(math.radians(near.lat)))
        box = Q(lat__range=(near.lat - up, near.lat + up), lon__range=(near.lon - across, near.lon + across))
        found.append(box | Q(online=True))
    return found


def _area(code: str) -> Area | None:
    return Area.objects.defer("boundary").filter(code=code).first() if code else None


def distance(near: Area) -> "ExpressionWrapper[Any]":
    """Kilometres along the Earth from an area's point (spherical law of cosines, exact enough above a metre)."""
    lat, lon = Radians(F("lat")), Radians(F("lon"))
    here_lat, here_lon = math.radians(near.lat or 0), math.radians(near.lon or 0)
    cosine = Sin(lat) * math.sin(here_lat) + Cos(lat) * math.cos(here_lat) * Cos(lon - here_lon)
    return ExpressionWrapper(ACos(Least(cosine, Value(1.0))) * EARTH_KM, output_field=FloatField())


def matching(rows: OpportunityQuerySet, wish: str) -> OpportunityQuerySet:
    """`wish` as `words.query` makes it."""
    return rows.filter(pk__in=RawSQL("select id from catalogue_opportunity where search @@ %s::tsquery", (wish,)))


def _ordered(rows: OpportunityQuerySet, near: Area | None) -> OpportunityQuerySet:
    if near is None:
        return rows.order_by("-published_at", "id")
    return rows.annotate(km=distance(near)).order_by(F("km").asc(nulls_last=True), "-published_at", "id")


def _ranked(rows: OpportunityQuerySet, wish: str, near: Area | None) -> OpportunityQuerySet:
    rank = RawSQL("ts_rank(%s::float4[], catalogue_opportunity.search, %s::tsquery)", (WEIGHTS, wish), FloatField())
    free = Case(When(has_places(), then=Value(1.5)), default=Value(1.0), output_field=FloatField())
    ranked = rows.annotate(rank=ExpressionWrapper(rank * free, output_field=FloatField()))
    if near is not None:
        return ranked.annotate(km=distance(near)).order_by(F("km").asc(nulls_last=True), "-rank", "id")
    return ranked.order_by("-rank", "-published_at", "id")


def _alike(rows: OpportunityQuerySet, text: str, page: int, near: Area | None) -> Found:
    wish = fold(text)
    if len(wish) < 3:
        return Found([], page, False, "like", near)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('pg_trgm.word_similarity_threshold', %s, true)", (LIKENESS,))
        likeness = RawSQL("word_similarity(%s, catalogue_opportunity.title_fold)", (wish,), FloatField())
        alike = RawSQL("select id from catalogue_opportunity where %s <%% title_fold", (wish,))
        found = rows.filter(pk__in=alike).annotate(rank=likeness).order_by("-rank", "-published_at", "id")
        return _page(found, page, "like", near)


def _page(rows: OpportunityQuerySet, page: int, how: str, near: Area | None) -> Found:
    start = (page - 1) * PAGE
    some = list(rows.select_related("provider", "area").only(*LISTED)[start : start + PAGE + 1])
    return Found(some[:PAGE], page, len(some) > PAGE and page < MAX_PAGE, how, near)


def counts() -> dict[str, int]:
    """How many are open now, by kind."""
    rows = Opportunity.objects.published().filter(still_open(clock.today())).order_by()
    return dict(rows.values_list("kind").annotate(n=Count("id")))
