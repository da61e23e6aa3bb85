"""Counting what was looked for in vain."""

import datetime as dt

from django.db import connection

from okat.city.accounts.models import User
from okat.city.catalogue.models import MissedSearch
from okat.city.catalogue.rules.missed import keepable
from okat.city.core import audit, clock
from okat.city.core.action import action

# One statement, so that two searches at once are counted as two.
_ADD = """
insert into catalogue_missedsearch (text, day, narrowed, count) values (%s, %s, %s, 1)
on conflict (text, day, narrowed) do update set count = catalogue_missedsearch.count + 1 returning count
"""


@action
def count_missed(*, text: str, narrowed: bool, by: User) -> int:
    """How often these words found nothing today, this time included; 0 for a text that must not be kept.

    The day's first forgets what is older than the model keeps. The audit entry says that, not what, was counted.
    """
    audit.record(by=by, verb="catalogue.missed", fields=["count"])
    if not (plain := keepable(text)):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [plain, clock.today(), narrowed])
        count = int(cursor.fetchone()[0])
    if count == 1:
        MissedSearch.objects.filter(day__lt=clock.today() - dt.timedelta(days=MissedSearch.KEEP_DAYS)).delete()
    return count
