"""What matching reads: everything that is open, in one statement, and what the apps know of a person."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, OpportunityQuerySet
from okat.city.catalogue.queries.search import LISTED, still_open
from okat.city.core import clock, registries
from okat.city.people.models import Need, Person
from okat.city.people.queries import may_see_sensitive
from okat.city.people.rules import NeedStatus
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words

# Facts that a reader without the person's explicit consent may be shown the consequences of (PDPA s.26).
PLAIN_FACTS = frozenset({
    "birth_date", "sex", "area_codes", "home", "papers", "education", "occupation", "income_month", "household_size",
})  # fmt: skip


class Open(NamedTuple):
    """One open opportunity, as far as matching goes."""

    id: UUID
    digest: str
    needs: list[str]
    usable: list[str]
    barred: list[str]
    slots: list[str]
    lat: float | None
    lon: float | None
    online: bool
    capacity: int | None
    taken: int
    closes: dt.date | None


def _open(kinds: Iterable[str] = ()) -> OpportunityQuerySet:
    rows = Opportunity.objects.published().filter(still_open(clock.today())).order_by()
    return rows.filter(kind__in=list(kinds)) if kinds else rows


def all_open(kinds: Iterable[str] = ()) -> list[Open]:
    """Everything that takes people today."""
    rows = _open(kinds).values_list(
        "id", "rule_digest", "need_codes", "usable", "barred", "slots", "lat", "lon", "online", "capacity",
        "seats_taken", "closes_on",
    )  # fmt: skip
    return [Open(*row) for row in rows.iterator(chunk_size=10_000)]


def rules_of(digests: Iterable[str]) -> Mapping[str, dict[str, Any]]:
    """The rules of these digests, one row for each."""
    rows = Opportunity.objects.filter(rule_digest__in=list(digests)).order_by("rule_digest").distinct("rule_digest")
    return {digest: rule for digest, rule in rows.values_list("rule_digest", "rule") if rule is not None}


def listed(ids: Iterable[UUID]) -> dict[UUID, Opportunity]:
    """The opportunities of these ids, as far as cards show them."""
    rows = Opportunity.objects.filter(pk__in=list(ids)).select_related("provider", "area").only(*LISTED)
    return {o.pk: o for o in rows}


def facts_of(person: Person, reader: User, sensitive: Collection[str]) -> dict[str, Any]:
    """What every app knows of the person, as far as the reader may see it; `sensitive`: what the city says is so."""
    found: dict[str, Any] = {}
    for _app, source in registries.FACTS:
        found |= source([person.pk]).get(person.pk, {})
    if may_see_sensitive(reader, person):
        return found
    return {name: value for name, value in found.items() if name in PLAIN_FACTS and name not in sensitive}


def needs_of(person: Person, reader: User) -> frozenset[str]:
    """The codes of the person's open needs, as far as the reader may read them: also the order of a list would tell."""
    rows = Need.objects.filter(person=person, status=NeedStatus.OPEN).order_by()
    rows = rows if may_see_sensitive(reader, person) else rows.filter(term__sensitive=False)
    return frozenset(rows.values_list("term__code", flat=True))


def needs_above() -> dict[str, frozenset[str]]:
    """Each need with the need above it: who needs education is helped by learning to read."""
    known = words().by_id
    needs = [term for term in known.values() if term.vocabulary == Vocabulary.NEED]
    above = {term.pk: known[term.parent_id].code for term in needs if term.parent_id is not None}
    return {term.code: frozenset(filter(None, (term.code, above.get(term.pk)))) for term in needs}
