"""From plain rows to table rows: references looked up at once, checks, and the search columns."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue import solve
from okat.city.catalogue.actions._sessions import stored
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import words
from okat.city.catalogue.rules import KIND_LABELS, LEVEL_OF, Fault, Kind, access, check_dates, check_reserves, slot_of
from okat.city.catalogue.rules.rows import PLAIN, OpportunityRow
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words as city_words
from okat.city.taxonomy.rules import Stage

MOST_CREDITS = 1000


@dataclass(frozen=True)
class Known:
    """What rows refer to, by code; venues by id. Five queries for any number of rows, and the city's words."""

    partners: dict[str, Partner]
    areas: dict[str, Area]
    venues: dict[int, Venue]
    terms: dict[tuple[str, str], Term]
    stages: dict[str, list[str]]  # of each format in use
    telling: frozenset[str]  # needs that say something of a disability or of health
    taken: dict[tuple[str, str], int]  # places that people have already, by provider and key of the row

    @classmethod
    def of(cls, rows: Sequence[OpportunityRow]) -> "Known":
        codes = {code for row in rows for code in (row.provider, row.funder, *(p.partner for p in row.pledges))}
        venues = {v for row in rows for v in (row.venue, *(s.venue for s in row.sessions)) if v is not None}
        kinds = (Vocabulary.NEED, Vocabulary.RESOURCE, Vocabulary.EDUCATION)
        return cls(
            {p.code: p for p in Partner.objects.filter(code__in=codes - {""})},
            {a.code: a for a in Area.objects.filter(code__in={row.area for row in rows}).defer("boundary")},
            {v.pk: v for v in Venue.objects.filter(pk__in=venues)},
            {(t.vocabulary, t.code): t for t in Term.objects.filter(vocabulary__in=kinds)},
            city_words().stages(),
            solve.telling_needs(),
            _taken({(row.provider, row.key) for row in rows if row.key}),
        )

    def term(self, vocabulary: str, code: str) -> Term:
        return self.terms[vocabulary, code]


def faults_of(row: OpportunityRow, known: Known) -> list[Fault]:
    """All that stands in the way of keeping this row; nothing for a good one."""
    faults = [*_references(row, known), *check_dates(row.opens_on, row.closes_on, row.starts_on, row.ends_on)]
    faults += check_reserves(row.reserves, row.capacity, (group.code for group in solve.groups()))
    taken = known.taken.get((row.provider, row.key), 0)
    if row.capacity is not None and row.capacity < taken:
        faults.append(Fault("capacity", _("%(taken)s places are taken already.") % {"taken": taken}))
    if not row.title_th.strip():
        faults.append(Fault("title_th", _("Give it a title in Thai.")))
    if row.cost < 0:
        faults.append(Fault("cost", _("The cost must not be negative.")))
    if row.credits is not None and not 0 <= row.credits < MOST_CREDITS:
        faults.append(Fault("credits", _("Credits lie between 0 and %(most)s.") % {"most": MOST_CREDITS}))
    if any(session.end <= session.start for session in row.sessions):
        faults.append(Fault("sessions", _("A session ends before it starts.")))
    for name, rule in (("rule", row.rule), *(("priority", part.get("rule")) for part in row.priority)):
        error = solve.rule_fault(rule) if rule is not None else None
        if error is not None:
            faults.append(Fault(name, _("The rule cannot be read: %(error)s") % {"error": error}))
    return faults


def _taken(keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    if not keys:
        return {}
    providers, names = {provider for provider, _key in keys}, {key for _provider, key in keys}
    held = Opportunity.objects.filter(provider__code__in=providers, row_key__in=names, seats_taken__gt=0).order_by()
    return {(code, key): taken for code, key, taken in held.values_list("provider__code", "row_key", "seats_taken")}


def _references(row: OpportunityRow, known: Known) -> list[Fault]:
    wanted = [
        ("provider", row.provider, row.provider in known.partners),
        ("area", row.area, row.area in known.areas),
        ("kind", row.kind, row.kind in set(Kind)),
        ("funder", row.funder, not row.funder or row.funder in known.partners),
        ("venue", str(row.venue), row.venue is None or row.venue in known.venues),
        *(("needs", code, (Vocabulary.NEED, code) in known.terms) for code in row.needs),
        ("level", row.level, not row.level or (Vocabulary.EDUCATION, row.level) in known.terms),
        *(("access", each, False) for each in access.wrong(row.access, known.stages)),
        *(("pledges", p.resource, (Vocabulary.RESOURCE, p.resource) in known.terms) for p in row.pledges),
        *(("pledges", p.partner, p.partner in known.partners) for p in row.pledges),
        *(("sessions", str(s.venue), s.venue is None or s.venue in known.venues) for s in row.sessions),
    ]
    return [Fault(name, _("“%(code)s” is not known.") % {"code": code}) for name, code, fine in wanted if not fine]


def fill(opportunity: Opportunity, row: OpportunityRow, known: Known) -> Opportunity:
    """Copy a checked row into an opportunity, with everything that follows from it; nothing is saved."""
    for name in PLAIN:
        setattr(opportunity, name, getattr(row, name))
    opportunity.rule = solve.checked(row.rule)
    opportunity.rule_digest = solve.digest(opportunity.rule)
    opportunity.provider, opportunity.area = known.partners[row.provider], known.areas[row.area]
    opportunity.funder = known.partners.get(row.funder)
    opportunity.venue = known.venues[row.venue] if row.venue is not None else None
    opportunity.reserves, opportunity.priority = list(row.reserves), list(row.priority)
    opportunity.documents = list(row.documents)
    opportunity.slots = sorted({slot_of(s.start) for s in row.sessions} | set(row.slots))
    opportunity.row_key, opportunity.row_digest = row.key, digest_of(row)
    if any(session.uid for session in row.sessions):
        opportunity.timetable = stored(row.sessions)
    opportunity.lat, opportunity.lon = _point(row, opportunity)
    opportunity.level = row.level or LEVEL_OF.get(Kind(row.kind), "")
    opportunity.need_codes = sorted(row.needs)
    said = access.answered("session:online") if row.online else {}
    opportunity.access = access.merged(row.access, said)
    derive(opportunity, known.stages)
    opportunity.telling = solve.tells(opportunity, known.telling)
    index(opportunity, [known.term(Vocabulary.NEED, code) for code in row.needs])
    return opportunity


def derive(opportunity: Opportunity, stages: access.Stages) -> None:
    """Set what follows from the answers; where the opportunity says nothing of the place, its venue does."""
    place = opportunity.venue.accessibility if opportunity.venue is not None else {}
    found = access.sides(access.merged({Stage.VENUE: place}, opportunity.access), stages)
    opportunity.usable, opportunity.barred = sorted(found.usable), sorted(found.barred)
    opportunity.online = access.token(Stage.SESSION, "online") in found.usable


def digest_of(row: OpportunityRow) -> str:
    """SHA-256 of everything the row says: equal rows need no writing."""
    left = {"key", "id"} if row.beside else {"key", "id", "beside"}
    said = [(f.name, getattr(row, f.name)) for f in fields(row) if f.name not in left]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _point(row: OpportunityRow, opportunity: Opportunity) -> tuple[float | None, float | None]:
    if row.lat is not None and row.lon is not None:
        return row.lat, row.lon
    if opportunity.venue is not None and opportunity.venue.lat is not None:
        return opportunity.venue.lat, opportunity.venue.lon
    return opportunity.area.lat, opportunity.area.lon


def index(opportunity: Opportunity, needs: Iterable[Term]) -> None:
    """Set the search columns; provider and area must be loaded."""
    # Synonyms are asked for with a search and not kept here, so that the city may change them at any time.
    about: list[Any] = [word for term in needs for word in (term.th, term.en)]
    label = KIND_LABELS[Kind(opportunity.kind)]
    o = opportunity
    opportunity.search = words.vector(
        (o.title_th, o.title_en),
        (*about, *_both(label)),
        (o.summary_th, o.summary_en, o.provider.th, o.provider.en, o.area.th, o.area.en, o.place_note),
        (o.about_th, o.about_en),
    )
    opportunity.title_fold = words.fold_title(o.title_th, o.title_en)


def _both(label: Any) -> list[str]:
    found = []
    for language in ("th", "en"):
        with translation.override(language):
            found.append(str(label))
    return found
