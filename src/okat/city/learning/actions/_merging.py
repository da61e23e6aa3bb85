"""What a merge does in courses: one human has one place and one turn, and attendance of both records adds up.

The second place is not given away at once: it stands beside, as joined, and is counted until the merge is settled, so
that undoing the merge gives both places back. Then it goes to whoever waits.
"""

import datetime as dt
from collections import defaultdict
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import hold_courses
from okat.city.catalogue.actions.seats import count_seats
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.merging import Changes, Column, Journal, Repoint, Sealed, put_back
from okat.city.core.templatetags.okat import be
from okat.city.learning.actions._line import lock, move, release
from okat.city.learning.models import Answered, Assessment, Attendance, Enrolment, PassportLink, Turn
from okat.city.learning.queries import line
from okat.city.learning.rules import Standing
from okat.city.learning.rules.line import State
from okat.city.people.models import Merge
from okat.city.people.queries.plain import name_told
from okat.city.people.rules import LIVING, SETTLE_DAYS

COLUMNS = (
    Column("learning.Enrolment", unique=("opportunity",), where=(("standing", Standing.ACTIVE),)),
    Column("learning.Turn", unique=("opportunity",), where=(("ended_at", None),)),
    Column("learning.Credential"),
    Column("learning.PassportLink"),
    Column("learning.Recognition"),
)
SEALED = (
    Sealed("learning.Assessment", "sealed", "enrolment__person"),
    Sealed("learning.Credential", "sealed"),
    Sealed("learning.Recognition", "sealed"),
    Sealed("learning.RecognitionSignature", "sealed", "recognition__person"),
)
_COUNTING = (Standing.ACTIVE, Standing.COMPLETED)
Row = TypeVar("Row", Enrolment, Turn)


class LearningMerge(Repoint):
    def join(self, journal: Journal, gone: UUID, keep: UUID) -> None:
        _hold_lines(gone, keep)
        super().join(journal, gone, keep)
        for first, *others in _places(gone, keep).values():
            for other in others:
                if other.standing == Standing.ACTIVE:
                    _one_place(journal, first, other, gone)
            journal.set(Enrolment.objects.filter(pk=first.pk), person=keep)
        for turns in _turns(gone, keep).values():
            _one_turn(journal, turns, gone, keep)

    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        """What was set beside stands again where it still can: the person lives, has not come by another meanwhile,
        and somebody gives the course. Else it goes on to whoever waits."""
        beside = [change for change in moved if _is_beside(change)]
        places = Enrolment.objects.filter(pk__in=_pks(beside, "learning.Enrolment"))
        hold_courses(*(rows.values_list("opportunity", flat=True) for rows in (places, _turns_of(gone, keep))))
        super().back(gone, keep, [_whose(change) if change in beside else change for change in moved])
        for label, pk, fields in reversed(beside):
            (_place_again if label == "learning.Enrolment" else _turn_again)(pk, [label, pk, _how(fields)])
        _end_links(gone, keep)

    def holds(self, gone: UUID, moved: Changes) -> bool:
        rows = _joined_places(moved)
        return rows.filter(seated=True).exists() or _held_turns(moved).exists()

    def settle(self, gone: UUID, keep: UUID, moved: Changes, by: Any) -> None:
        joined = _joined_places(moved)
        seats, turns = joined.filter(seated=True), _held_turns(moved)
        hold_courses(seats.values_list("opportunity", flat=True), turns.values_list("opportunity", flat=True))
        rows = list(joined.select_for_update(no_key=True))
        Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(standing=Standing.LEFT)
        release(rows, by=by)
        for turn in turns.select_related("opportunity"):
            _pass_on(turn, lock(turn.opportunity), by)

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]:
        until = be(clock.today() + dt.timedelta(days=SETTLE_DAYS))
        found = []
        for first, *others in _places(gone, keep).values():
            if any(row.standing == Standing.ACTIVE for row in others):
                title = name_told(first.opportunity, deep=deep)
                text = _("“%(title)s”: two places become one, and attendance of both is added up.") % {"title": title}
                if any(row.seated for row in others):
                    text += " " + _("The second place is kept until %(day)s, then it goes on.") % {"day": until}
                found.append(text)
        for turns in _turns(gone, keep).values():
            if len(turns) > 1:
                text = _("“%(title)s”: stands in the waiting list twice; the better turn counts.")
                found.append(text % {"title": name_told(turns[0].opportunity, deep=deep)})
        return found


def _hold_lines(gone: UUID, keep: UUID) -> None:
    """A line changes under its course alone."""
    hold_courses(_turns_of(gone, keep).values_list("opportunity", flat=True))


def _turns_of(gone: UUID, keep: UUID) -> QuerySet[Turn]:
    return Turn.objects.filter(person__in=(gone, keep))


def _end_links(gone: UUID, keep: UUID) -> None:
    """Of a link that was made while the two were one nobody can say whose passport it was to show; and an account
    shows the record alone that it opens."""
    since = Merge.objects.filter(gone=gone, kept=keep, undone_at=None).values("at")
    links = PassportLink.objects.filter(person__in=(gone, keep), withdrawn_at=None)
    strange = Q(by=None) | Q(person__user=None) | ~Q(by=F("person__user"))
    ended = links.filter(strange | Q(person=keep, made_at__gte=Subquery(since)))
    PassportLink.objects.filter(pk__in=ended.order_by().values("pk")).update(withdrawn_at=clock.now())


def _places(gone: UUID, keep: UUID) -> dict[UUID, list[Enrolment]]:
    """By course what both hold or held to the end, the one that counts first."""
    rows = Enrolment.objects.filter(person__in=(gone, keep), standing__in=_COUNTING).select_related("opportunity")
    return _by_course(sorted(rows, key=lambda row: _weight(row, keep)))


def _weight(row: Enrolment, keep: UUID) -> tuple[bool, bool, bool, Any, Any]:
    return row.standing != Standing.COMPLETED, not row.seated, row.person_id != keep, row.began_at, row.pk


def _turns(gone: UUID, keep: UUID) -> dict[UUID, list[Turn]]:
    """By course the open turns of both, the better one first."""
    rows = Turn.objects.filter(person__in=(gone, keep), ended_at=None).select_related("opportunity")
    return _by_course(sorted(rows, key=lambda row: (row.state != State.OFFERED, row.pk)))


def _by_course(rows: list[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.opportunity_id].append(row)
    return found


def _one_place(journal: Journal, first: Enrolment, other: Enrolment, gone: UUID) -> None:
    journal.set(Enrolment.objects.filter(pk=other.pk), standing=Standing.JOINED, ended_at=clock.now(), person=gone)
    there = {row.session_id: row for row in Attendance.objects.filter(enrolment=first, session__isnull=False)}
    for mark in Attendance.objects.filter(enrolment=other):
        known = there.get(mark.session_id)
        if known is None:
            journal.set(Attendance.objects.filter(pk=mark.pk), enrolment=first)
        elif mark.present and not known.present:
            as_there = {"present": True, "how": mark.how, "by": mark.by_id, "at": mark.at}
            journal.set(Attendance.objects.filter(pk=known.pk), **as_there)
    taken = Assessment.objects.filter(enrolment=first).values_list("instrument", "moment")
    for said in Assessment.objects.filter(enrolment=other):
        if (said.instrument_id, said.moment) not in taken:
            journal.set(Assessment.objects.filter(pk=said.pk), enrolment=first)
    if Answered.objects.filter(enrolment=other).exists() and not Answered.objects.filter(enrolment=first).exists():
        journal.made([Answered.objects.create(enrolment=first)])


def _one_turn(journal: Journal, turns: list[Turn], gone: UUID, keep: UUID) -> None:
    """The best one counts; whoever has a place in the course waits for none."""
    first, *others = turns
    active = Enrolment.objects.filter(opportunity=first.opportunity_id, standing=Standing.ACTIVE)
    seated = active.filter(person=keep).exists()
    ended = {"state": State.JOINED, "ended_at": clock.now(), "person": gone}
    for other in turns if seated else others:
        journal.set(Turn.objects.filter(pk=other.pk), **ended)
    if not seated:
        journal.set(Turn.objects.filter(pk=first.pk), person=keep)


def _is_beside(change: list[Any]) -> bool:
    label, _pk, fields = change
    ended = {"learning.Enrolment": ("standing", Standing.JOINED), "learning.Turn": ("state", State.JOINED)}.get(label)
    return ended is not None and (fields or {}).get(ended[0], [""])[-1] == ended[1]


def _pks(changes: Changes, label: str) -> list[str]:
    return [pk for name, pk, _fields in changes if name == label]


def _whose(change: list[Any]) -> list[Any]:
    label, pk, fields = change
    return [label, pk, {name: fields[name] for name in fields if name == "person"}]


def _how(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in fields if name != "person"}


def _place_again(pk: str, how: list[Any]) -> None:
    row = Enrolment.objects.select_related("person", "opportunity__provider").get(pk=pk)
    if row.standing != Standing.JOINED or row.person is None:  # passed on, or called off, meanwhile
        return
    another = line.place_of_now(row.person, row.opportunity)
    if row.person.status in LIVING and not another and row.opportunity.provider.left_on is None:
        put_back([how])
        return
    Enrolment.objects.filter(pk=row.pk).update(standing=Standing.LEFT)
    release([row], by=system_user())


def _turn_again(pk: str, how: list[Any]) -> None:
    row = Turn.objects.select_related("person").get(pk=pk)
    if row.state != State.JOINED or row.person is None:
        return
    course, by = lock(row.opportunity), system_user()
    another = line.turn_of(row.person, course) or line.place_of_now(row.person, course)
    if row.person.status in LIVING and not another and line.moves_on(course):
        put_back([how])
        move(course, by)
    else:
        _pass_on(row, course, by)


def _pass_on(turn: Turn, course: Opportunity, by: User) -> None:
    """It ends for good, and so does the place that was offered to it, which was counted until now."""
    Turn.objects.filter(pk=turn.pk).update(state=State.LEFT)
    if turn.answer_by is not None:
        count_seats(changes={course.pk: -1}, by=by)
    move(course, by)


def _set_beside(moved: Changes, label: str) -> list[str]:
    """The rows that this merge set beside another of the same human."""
    return _pks([change for change in moved if _is_beside(change)], label)


def _joined_places(moved: Changes) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk__in=_set_beside(moved, "learning.Enrolment"), standing=Standing.JOINED)


def _held_turns(moved: Changes) -> Any:
    """Those to which a place was offered: it is counted until the merge is settled."""
    rows = Turn.objects.filter(pk__in=_set_beside(moved, "learning.Turn"), state=State.JOINED)
    return rows.filter(answer_by__isnull=False)
