"""Saving filled opportunities with all that hangs on them, a constant number of statements per 1,000."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import Known
from okat.city.catalogue.actions._sessions import sync_sessions
from okat.city.catalogue.models import IndexWord, Opportunity, Pledge
from okat.city.catalogue.queries.lexicon import KEPT, fresh_words
from okat.city.catalogue.rules import CatalogueError, Fault
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.core.kept import forget
from okat.city.partners.queries import all_stay
from okat.city.taxonomy.models import Vocabulary
from okat.thai.sound import codes

CHUNK = 1000
_WRITTEN = [
    f.name
    for f in Opportunity._meta.concrete_fields
    if f.name not in {"id", "created_at", "status", "seats_taken", "published_at", "ended_at", "end_reason"}
]


def known_by_key(rows: Sequence[OpportunityRow]) -> QuerySet[Opportunity]:
    """Those there that the rows are about."""
    keys: dict[str, set[str]] = {}
    for row in rows:
        if row.key:
            keys.setdefault(row.provider, set()).add(row.key)
    wanted = Q(pk__in=[])
    for provider, some in keys.items():
        wanted |= Q(provider__code=provider, row_key__in=some)
    return Opportunity.objects.filter(wanted)


def save_rows(
    fresh: list[Opportunity],
    changed: list[Opportunity],
    pairs: list[tuple[Opportunity, OpportunityRow]],
    known: Known,
    by: User,
) -> None:
    """Write filled opportunities with their terms, and the sessions and pledges of rows that name some. Raises
    CatalogueError where a provider of new ones has left the network."""
    if not all_stay(opportunity.provider_id for opportunity in fresh):
        raise CatalogueError(Fault("provider", _("This office has left the network. Choose another one.")))
    forget("catalogue")
    Opportunity.objects.bulk_create(fresh, batch_size=CHUNK)
    for opportunity in changed:
        opportunity.version += 1
        opportunity.updated_at = clock.now()
    if changed:
        Opportunity.objects.bulk_update(changed, _WRITTEN, batch_size=200)
        _clear(changed, pairs)
    learn_words(o.pk for o in (*fresh, *changed))
    needs: Any = Opportunity.needs.through
    _bulk(needs, [_link(needs, o, known, Vocabulary.NEED, code) for o, row in pairs for code in row.needs])
    sync_sessions({o: row.sessions for o, row in pairs if row.sessions}, by=by)
    _bulk(
        Pledge,
        [
            Pledge(
                opportunity=o, partner=known.partners[p.partner], resource=known.term(Vocabulary.RESOURCE, p.resource),
                unit=p.unit, planned=p.planned, used=p.used, note=p.note,
            )
            for o, row in pairs
            for p in row.pledges
        ],
    )  # fmt: skip


def learn_words(ids: Iterable[UUID]) -> None:
    """Keep the words of these opportunities that the index did not know."""
    if found := fresh_words(ids):
        forget(KEPT)
        rows = [IndexWord(word=word, lk82=lk82, udom83=udom83) for word in found for lk82, udom83 in [codes(word)]]
        IndexWord.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def _clear(changed: list[Opportunity], pairs: list[tuple[Opportunity, OpportunityRow]]) -> None:
    Opportunity.needs.through._default_manager.filter(opportunity__in=changed).delete()
    Pledge.objects.filter(opportunity__in=[o.pk for o, row in pairs if row.pledges]).delete()


def _link(through: Any, opportunity: Opportunity, known: Known, vocabulary: str, code: str) -> Any:
    return through(opportunity_id=opportunity.pk, term_id=known.term(vocabulary, code).pk)


def _bulk(model: type[Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=CHUNK)
