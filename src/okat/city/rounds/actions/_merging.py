"""What a merge does in rounds: one human stands in a round once.

Before a round is decided the earlier application counts. Afterwards the better result counts; the other keeps its place
until the merge is settled, so that undoing gives it back, and then goes to the waiting list in the round's own way.
"""

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.merging import Changes, Column, Journal, Repoint, Sealed, put_back
from okat.city.core.templatetags.okat import be, words
from okat.city.people.rules import LIVING, SETTLE_DAYS
from okat.city.rounds.actions._basis import take_out_unfounded
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.actions.answering import release_closed
from okat.city.rounds.actions.giving_back import leave_places
from okat.city.rounds.models import Application, Round
from okat.city.rounds.rules import UNDECIDED, Answer, Status, reached

COLUMNS = (Column("rounds.Application", unique=("round",), where=(("withdrawn_at", None),)),)
SEALED = (
    Sealed("rounds.Application", "sealed"),
    Sealed("rounds.Choice", "parts_sealed", "application__person"),
    Sealed("rounds.Appeal", "reason_sealed", "application__person"),
    Sealed("rounds.Appeal", "answer_sealed", "application__person"),
)
JOINED = "joined"
_BEST = (Answer.ACCEPTED, Answer.OFFERED, Answer.WAITING)
_HELD = (Answer.ACCEPTED, Answer.OFFERED)


class RoundsMerge(Repoint):
    def join(self, journal: Journal, gone: UUID, keep: UUID) -> None:
        hold_rounds(Application.objects.filter(person__in=(gone, keep)).values_list("round", flat=True))
        for first, other in _twice(gone, keep):
            row = Application.objects.filter(pk=other.pk)
            if not _decided(other):
                journal.set(row, withdrawn_at=clock.now(), withdrawn_why=JOINED)
            elif other.person_id == keep:  # the one that counts changes places with it
                journal.set(Application.objects.filter(pk=first.pk), person=None)
                journal.set(row, person=gone)
                journal.set(Application.objects.filter(pk=first.pk), person=keep)
        super().join(journal, gone, keep)

    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        """An application that a decision has passed by stays out of the round; so does one for which the person has
        not agreed any more, or has applied anew meanwhile."""
        both = Application.objects.filter(person__in=(gone, keep))
        hold_rounds(both.values_list("round", flat=True))
        parked = [change for change in moved if _is_parked(change)]
        super().back(gone, keep, [change for change in moved if change not in parked])
        for change in parked:
            if not _passed_by(change):
                put_back([change])
        over = both.filter(withdrawn_at=None, result__place__isnull=False).exclude(person__status__in=LIVING)
        if left := list(over.values_list("pk", "result__place__opportunity")):
            leave_places(left=left, by=system_user())
        waits = both.filter(withdrawn_at=None, round__status__in=UNDECIDED).values("round")
        for row in Round.objects.filter(pk__in=waits).order_by("pk"):
            take_out_unfounded(row, (gone, keep))

    def holds(self, gone: UUID, moved: Changes) -> bool:
        return bool(_parked(gone).exists())

    def settle(self, gone: UUID, keep: UUID, moved: Changes, by: Any) -> None:
        """Unsettled, the parked application was not released; now it is one of a closed record."""
        rounds = Round.objects.filter(pk__in=_parked(gone).values("round"), status=Status.PUBLISHED)
        for row in rounds.order_by("pk"):
            release_closed(round=row, by=by)

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]:
        until = be(clock.today() + dt.timedelta(days=SETTLE_DAYS))
        found = []
        for first, other in _twice(gone, keep):
            values = {"title": words(first.round), "receipt": first.receipt, "day": until}
            if not _decided(other):
                text = _("Round “%(title)s”: two applications become one; the earlier, %(receipt)s, counts.")
            else:
                text = _("Round “%(title)s”: two results become one; %(receipt)s counts.")
                if other.result.answer in _HELD:
                    text += " " + _("The other place is kept until %(day)s, then it goes on.")
            found.append(text % values)
        return found


def _twice(gone: UUID, keep: UUID) -> list[tuple[Application, Application]]:
    """For each round in which both stand: the application that counts, and the other."""
    rows = Application.objects.filter(person__in=(gone, keep), withdrawn_at=None)
    by_round: dict[UUID, list[Application]] = defaultdict(list)
    for row in rows.select_related("round", "result").order_by("at", "pk"):
        by_round[row.round_id].append(row)
    pairs = [sorted(both, key=_weight) for both in by_round.values() if len(both) == 2]
    return [(first, other) for first, other in pairs]


def _decided(row: Application) -> bool:
    return reached(row.round.stage, Status.DECIDED)


def _weight(row: Application) -> int:
    answer = row.result.answer if _decided(row) and hasattr(row, "result") else ""
    return _BEST.index(Answer(answer)) if answer in _BEST else len(_BEST)


def _is_parked(change: list[Any]) -> bool:
    label, _pk, fields = change
    return bool(label == "rounds.Application" and (fields or {}).get("withdrawn_why", [""])[-1] == JOINED)


def _passed_by(change: list[Any]) -> bool:
    row = Application.objects.filter(pk=change[1]).select_related("round").first()
    if row is None or _decided(row):
        return True
    return Application.objects.filter(round=row.round, person=row.person_id, withdrawn_at=None).exists()


def _parked(gone: UUID) -> Any:
    return Application.objects.filter(person=gone, withdrawn_at=None, result__answer__in=_HELD)
