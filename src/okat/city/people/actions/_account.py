"""What an account was told of a record goes when the record is not its own any more."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.notices.actions import take_notices
from okat.city.notices.models import Notice
from okat.city.notices.queries import told_of, unread_about
from okat.city.notices.rules import KINDS, PLACE_OFFERED
from okat.city.people.models import LinkRequest
from okat.city.people.rules.told import BINDING, PLAINLY

_PLAIN = {f"people.{name}" for name in PLAINLY}


def take_told(records: Iterable[UUID], *, since: dt.datetime | None = None, by: User | None) -> list[Notice]:
    """Take away what accounts were told of these records (`since` a moment), and give back what is still to be
    answered: somebody else is to hear of it. What says nothing of the person's own stays."""
    told = list(told_of(records, since=since))
    rows = [row for row in told if row.kind not in _PLAIN]
    if rows:
        take_notices(notices=rows, by=by)
    return [row for row in told if _waits(row)]


def asking(questions: Iterable[LinkRequest]) -> QuerySet[Notice]:
    """What accounts have not read of these questions, whether a record is theirs."""
    rows = list(questions)
    return unread_about({row.user_id for row in rows if row.user_id}, "people", [str(row.pk) for row in rows])


def until(notice: Notice) -> dt.date | None:
    said = str(notice.params.get("until", ""))
    return dt.date.fromisoformat(said) if said else None


def parted(notice: Notice) -> str:
    """What it was: an offer (`parted_place`), another question (`parted_asked`), or a change of what one sets out for
    (`parted_way`)."""
    kind = notice.kind.removeprefix("people.")
    if kind in BINDING:
        return kind
    if KINDS[notice.kind].plain is PLACE_OFFERED:
        return "parted_place"
    return "parted_way" if until(notice) is None else "parted_asked"


def _waits(notice: Notice) -> bool:
    """Whether there is an answer to give; without a day for it, as long as it was not read."""
    if notice.over_at is not None or notice.kind not in KINDS or not KINDS[notice.kind].binding:
        return False
    day = until(notice)
    return day >= clock.today() if day is not None else notice.read_at is None
