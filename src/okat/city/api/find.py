"""From what a caller asks to rows: identifiers back to ours, a postcode to a place on the map."""

from collections.abc import Sequence
from statistics import fmean
from uuid import UUID

from django.db.models import Q, QuerySet

from okat.city.api.ask import Ask
from okat.city.api.ids import coded, inner, outer, twin
from okat.city.api.make import VOCABULARIES
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet
from okat.city.catalogue.queries.harvest import Spot, harvest, harvested
from okat.city.catalogue.rules import Kind
from okat.city.catalogue.rules.ranking import distance_km
from okat.city.partners import queries as partners
from okat.city.partners.models import Partner, Venue
from okat.city.places import queries as places
from okat.city.taxonomy import queries as taxonomy
from okat.city.taxonomy.models import Term
from okat.thai.areas import areas_of_postcode
from okat.thai.text import fold

NOTHING = Q(pk__in=[])
USED = ("need", "format")


def services(ask: Ask, *, placed: bool = False) -> OpportunityQuerySet:
    return harvest(
        text=ask.search, provider=_provider(ask), since=ask.modified_after, spot=_spot(ask), placed=placed,
        also=_terms(ask),
    )  # fmt: skip


def service(pk: UUID) -> Opportunity | None:
    return harvested(pk)


def placed(pk: UUID) -> Opportunity | None:
    """By the identifier of a service at a location."""
    found = harvested(twin("service_at_location", pk))
    return None if found is None or found.online else found


def organizations(ask: Ask) -> list[Partner]:
    wish = fold(ask.search)
    rows = [one for one in partners.known().values() if one.left_on is None]
    return [one for one in rows if wish in fold(f"{one.th} {one.en} {one.about_th}")] if wish else rows


def organization(pk: UUID) -> Partner | None:
    number = inner("partner", pk)
    return partners.known().get(number) if number is not None else None


def venues(partner: Partner) -> list[Venue]:
    return list(partners.venues_of(partner))


def locations(ask: Ask) -> QuerySet[Venue]:
    rows = partners.venues()
    provider, spot = _provider(ask), _spot(ask)
    if provider is not None:
        rows = rows.filter(partner=provider)
    if spot is not None:
        rows = rows.filter(_within(spot))
    if ask.search:
        rows = rows.filter(Q(th__icontains=ask.search) | Q(en__icontains=ask.search))
    return rows


def location(pk: UUID) -> Venue | Opportunity | None:
    """A venue, or the opportunity whose own place it is."""
    number = inner("venue", pk)
    if number is not None:
        return partners.venues().filter(pk=number).first()
    found = harvested(twin("location", pk))
    return None if found is None or found.venue_id else found


def vocabularies(ask: Ask) -> list[str]:
    return [name for name, words in VOCABULARIES.items() if fold(ask.search) in fold(f"{name} {words}")]


def vocabulary(pk: UUID) -> str | None:
    return {coded("taxonomy", name): name for name in VOCABULARIES}.get(pk)


def terms(ask: Ask) -> Sequence[Term | Kind]:
    rows: list[Term | Kind] = [*Kind, *(t for t in taxonomy.words().by_id.values() if _in_use(t))]
    if ask.taxonomy_id is not None:
        rows = [one for one in rows if coded("taxonomy", _vocabulary_of(one)) == ask.taxonomy_id]
    if ask.top_only:
        rows = [one for one in rows if isinstance(one, Kind) or one.parent_id is None]
    if ask.parent_id is not None:
        rows = [
            one for one in rows if isinstance(one, Term) and one.parent_id
            and outer("term", one.parent_id) == ask.parent_id
        ]  # fmt: skip
    wish = fold(ask.search)
    return [one for one in rows if wish in fold(_words_of(one))] if wish else rows


def term(pk: UUID) -> Term | Kind | None:
    number = inner("term", pk)
    if number in taxonomy.words().by_id:
        found = taxonomy.words().by_id[number]
        return found if _in_use(found) else None
    return {coded("kind", kind): kind for kind in Kind}.get(pk)


def _in_use(word: Term) -> bool:
    return word.active and word.vocabulary in USED


def _vocabulary_of(word: Term | Kind) -> str:
    return word.vocabulary if isinstance(word, Term) else "kind"


def _words_of(word: Term | Kind) -> str:
    return f"{word.th} {word.en} {word.code}" if isinstance(word, Term) else word.value


def _provider(ask: Ask) -> int | None:
    """The partner's number; -1, which nobody has, for an unknown one."""
    if ask.organization_id is None:
        return None
    number = inner("partner", ask.organization_id)
    return -1 if number is None else number


def _terms(ask: Ask) -> list[Q]:
    found = []
    if ask.taxonomy_term_id is not None:
        found.append(_carries(term(ask.taxonomy_term_id)))
    if ask.taxonomy_id is not None:
        name = vocabulary(ask.taxonomy_id)
        some = {"need": ~Q(need_codes=[]), "format": ~Q(access={}), "kind": Q()}
        found.append(some[name] if name else NOTHING)
    return found


def _carries(word: Term | Kind | None) -> Q:
    if word is None:
        return NOTHING
    if isinstance(word, Kind):
        return Q(kind=word)
    if word.vocabulary == "need":
        return Q(need_codes__contains=[word.code])
    said = Q()
    for stage in word.stages:
        said |= Q(**{f"access__{stage}__has_key": word.code})
    return said if word.stages else NOTHING


def _spot(ask: Ask) -> Spot | None:
    """The sub-districts of a postcode, and their middle where a distance is asked."""
    if not ask.postcode:
        return None
    codes = areas_of_postcode(ask.postcode)
    if ask.proximity is None:
        return Spot(codes)
    here = [
        (a.lat, a.lon) for a in places.known().values() if a.code in codes and a.lat is not None and a.lon is not None
    ]
    if not here:
        return Spot(())
    return Spot(codes, fmean(lat for lat, _ in here), fmean(lon for _, lon in here), ask.proximity / 1000)


def _within(spot: Spot) -> Q:
    """For the few hundred venues: asked one by one."""
    if spot.km is None:
        inside = NOTHING
        for code in spot.codes:
            inside |= Q(area__path__contains=f"/{code}/")
        return inside
    placed = [v for v in partners.venues() if v.lat is not None and v.lon is not None]
    return Q(pk__in=[v.pk for v in placed if distance_km(spot.lat, spot.lon, v.lat or 0, v.lon or 0) <= spot.km])
