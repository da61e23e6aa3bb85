"""What a page writes beside what it shows, and can do without: with the disk full it still opens.

Never what must be written for the page to be given: a look at somebody's record is in the trail, or is not given.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

NO_ROOM_STATES = frozenset({"53100"})
SLOW_STATES = frozenset({"57014", "55P03"})  # the limits of a statement, and of waiting for others
log = logging.getLogger(__name__)


@contextmanager
def spare(*more: str) -> Iterator[list[bool]]:
    """Where the database has no room (or says one of `more`), what the block did is undone, and whoever asked goes on
    after it; what comes with the block has something in it once it is kept."""
    kept: list[bool] = []
    try:
        with transaction.atomic():
            yield kept
        kept.append(True)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) not in NO_ROOM_STATES.union(more):
            raise
        log.warning("Something that a page can do without was not stored: %s", error)
