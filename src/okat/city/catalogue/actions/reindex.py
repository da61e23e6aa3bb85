"""The search's own columns and words made anew from what stands in the catalogue."""

from typing import Any

from okat.city.catalogue import solve
from okat.city.catalogue.actions._build import index
from okat.city.catalogue.actions._save import learn_words
from okat.city.catalogue.models import IndexWord, Opportunity
from okat.city.catalogue.queries.lexicon import KEPT
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.taxonomy.models import Term, Vocabulary

CHUNK = 500


@action
def reindex(*, city: Any, by: Any) -> str:
    """After the city's words were loaded: their names stand in the index. Also what follows a new dictionary."""
    needs = {term.code: term for term in Term.objects.filter(vocabulary=Vocabulary.NEED)}
    ids = list(Opportunity.objects.order_by("id").values_list("pk", flat=True))
    telling = solve.telling_needs()
    IndexWord.objects.all().delete()
    forget("catalogue")
    forget(KEPT)
    for start in range(0, len(ids), CHUNK):
        rows = list(Opportunity.objects.filter(pk__in=ids[start : start + CHUNK]).select_related("provider", "area"))
        for row in rows:
            row.telling = solve.tells(row, telling)
            index(row, [needs[code] for code in row.need_codes if code in needs])
        Opportunity.objects.bulk_update(rows, ["search", "title_fold", "telling"])
        learn_words(row.pk for row in rows)
    audit.record(by=by, verb="catalogue.reindex")
    return f"{len(ids)} opportunities in the index of the search"
