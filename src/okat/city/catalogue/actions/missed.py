"""Counting what was looked for in vain."""

import datetime as dt

from django.db import connection

from okat.city.accounts.models import User
from okat.city.catalogue.models import MissedSearch
from okat.city.catalogue.rules.missed import SMALLEST, WITHIN, keepable
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.limits import tallied, tally

# One statement, so that two searches at once are counted as two.
_ADD = """
insert into catalogue_missedsearch (text, day, narrowed, count) values (%s, %s, %s, %s)
on conflict (text, day, narrowed) do update set count = catalogue_missedsearch.count + excluded.count returning count
"""


@action
def count_missed(*, text: str, narrowed: bool, asker: str, by: User) -> int:
    """How many looked for these words in vain in the present stretch of thirty days, this one included; 0 for a text
    that must not be kept and for whoever was counted already. `asker`: the account or connection.

    The words themselves are kept from the fifth asker on, who brings them along: until then there are only counts under
    keyed hashes of words and askers, which end with the stretch: its first day is the same for all words, and counts of
    two stretches are not added up, for that would keep them longer. The day's first forgets what is older than the
    model keeps. The audit entry says that, not what, was counted.
    """
    audit.record(by=by, verb="catalogue.missed", fields=["count"])
    if not (plain := keepable(text)) or tally(name="missed-asker", who=f"{plain}\n{asker}", seconds=WITHIN) > 1:
        return 0
    if narrowed:
        tally(name="missed-narrowed", who=plain, seconds=WITHIN)
    count = tally(name="missed-words", who=plain, seconds=WITHIN)
    if count == SMALLEST:
        of_these = tallied(name="missed-narrowed", who=plain, seconds=WITHIN)
        _add(plain, narrowed=True, more=of_these)
        _add(plain, narrowed=False, more=SMALLEST - of_these)
    elif count > SMALLEST:
        _add(plain, narrowed=narrowed, more=1)
    return count


def _add(plain: str, *, narrowed: bool, more: int) -> None:
    if not more:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [plain, clock.today(), narrowed, more])
        first = int(cursor.fetchone()[0]) == more
    if first:
        MissedSearch.objects.filter(day__lt=clock.today() - dt.timedelta(days=MissedSearch.KEEP_DAYS)).delete()
