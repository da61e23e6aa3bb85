"""Taking an offer, or letting it lapse; a freed seat goes on, moves cascade, and the new outcome is certified again."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.seats import count_seats
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import RefusedError, publish
from okat.city.people.actions import hold_all, hold_with_others
from okat.city.rounds import queries
from okat.city.rounds.actions._again import check_again
from okat.city.rounds.actions._answer import answerable, published, unpublished
from okat.city.rounds.actions._lock import held_round, hold_all_of, hold_rounds, lock_application
from okat.city.rounds.actions._next import release
from okat.city.rounds.actions._store import tell
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer, RoundError, Status, reached

WHOLE = ("place__opportunity__provider", "application__person__registered_by", "application__round")


@action
def accept_place(*, application: Application, by: User, keep_waiting: bool = False) -> Result:
    """Take the place. The person's other hopes in this round end, unless they keep waiting for dearer ones; nothing
    happens to other rounds. Listeners hear `places.accepted`. Raises RoundError without an offer or after its day."""
    row = lock_application(application, by)
    result = published(row)
    if result.answer == Answer.ACCEPTED:
        if keep_waiting != result.keeps_waiting:
            _keep(result, keep_waiting)
        audit.record(by=by, verb="rounds.accept_again", subject=row.person)
        return result
    answerable(result, (Answer.OFFERED,))
    check_again([Result.objects.select_related(*WHOLE).get(pk=result.pk)], by)
    assert result.place is not None
    _ask_others([(row, result.place.opportunity)], by)
    result.keeps_waiting &= keep_waiting  # who stopped waiting before does not come back to the lists
    result.answer, result.answered_at = Answer.ACCEPTED, clock.now()
    result.save(update_fields=["answer", "answered_at", "keeps_waiting"])
    count_seats(changes={result.place.opportunity_id: 1}, by=by)
    publish("places.accepted", taken=[(row, result.place.opportunity)], by=by)
    audit.record(by=by, verb="rounds.accept", subject=row.person, fields=["answer"])
    return result


@action
def accept_many(*, round: Round, applications: Sequence[Application], by: User) -> int:  # noqa: A002
    """Take the places of many people who said yes, as a list has them: all or none, in a constant number of
    statements. Who has accepted already is passed over; how many are new. Raises RoundError as `accept_place`."""
    if not reached(Round.objects.get(pk=round.pk).stage, Status.PUBLISHED):
        raise unpublished()
    standing = Application.objects.filter(pk__in=[row.pk for row in applications], person__isnull=False)
    hold_all(lambda: standing.values_list("person", flat=True), lambda: hold_rounds([round.pk]))
    rows = Result.objects.select_for_update(of=("self",), no_key=True).filter(
        application__in=applications, application__round=round
    )
    known = rows.select_related(*WHOLE).order_by("pk")
    fresh = [result for result in known if result.answer != Answer.ACCEPTED]
    if not fresh:
        audit.record(by=by, verb="rounds.accept_again", subject=round)
        return 0
    for result in fresh:
        answerable(result, (Answer.OFFERED,))
    check_again(fresh, by)
    taken = [(result.application, result.place.opportunity) for result in fresh if result.place is not None]
    _ask_others(taken, by)
    Result.objects.filter(pk__in=[result.pk for result in fresh]).update(
        answer=Answer.ACCEPTED, answered_at=clock.now(), keeps_waiting=False
    )
    count_seats(changes=Counter(opportunity.pk for _row, opportunity in taken), by=by)
    publish("places.accepted", taken=taken, by=by)
    people = [row.person for row, _opportunity in taken if row.person is not None]
    audit.record_many(by=by, verb="rounds.accept", subjects=people, fields=["answer"])
    return len(fresh)


def _ask_others(taken: Sequence[tuple[Application, Opportunity]], by: User) -> None:
    """Whether another part of the city knows why somebody cannot take a place, as far as `by` may know of it: hours
    that overlap, for one."""
    try:
        taking = [(row.person, opportunity) for row, opportunity in taken if row.person]
        publish("place.accepting", taking=taking, by=by)
    except RefusedError as refused:
        raise RoundError("refused", str(refused)) from refused


def _keep(result: Result, keep_waiting: bool) -> None:
    """Who left the lists cannot come back to them; who waited may stop."""
    if keep_waiting:
        raise RoundError("left", _("You have left the waiting lists of this round."))
    result.keeps_waiting = False
    result.save(update_fields=["keeps_waiting"])


@action
def expire_answers(*, round: Round, by: User) -> int:  # noqa: A002
    """Free the places that nobody answered for in time, all in one new version; how many."""
    hold_all_of(round.pk)
    row = held_round(round.pk)
    late = Application.objects.filter(
        round=row, result__answer=Answer.OFFERED, result__answer_by__lt=clock.today()
    ).select_related("person__user", "entered_by")
    gone = list(late)
    if gone and row.stage is Status.PUBLISHED:
        release(row, {each.pseudonym: Answer.EXPIRED for each in gone}, by)
        again = set(Application.objects.filter(round=row, result__answer=Answer.OFFERED).values_list("pk", flat=True))
        ended = [each for each in gone if each.pk not in again]  # who moved up by this has heard of the better place
        tell(ended, "rounds.expired", row, reverse("rounds:mine"), by)
    audit.record(by=by, verb="rounds.expire", subject=row)
    return len(gone)


@action
def release_erased(*, person: UUID, by: User) -> int:
    """A person's record is erased: the rows lead to nobody any more, applications that are not decided are withdrawn,
    and the person leaves the rounds that are decided; how many rows."""
    mine = Application.objects.filter(person=person)
    hold_with_others(person, then=lambda: hold_rounds(mine.values_list("round", flat=True)))
    rows = list(mine.select_related("round"))
    open_ones = [each.pk for each in rows if not reached(each.round.stage, Status.DECIDED)]
    Application.objects.filter(pk__in=open_ones, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_why="erased"
    )
    Application.objects.filter(pk__in=[each.pk for each in rows]).update(person=None, sealed=None)
    for each in rows:
        if each.round.stage in {Status.DECIDED, Status.PUBLISHED}:
            release_closed(round=each.round, by=by)
    audit.record(by=by, verb="rounds.erase")
    return len(rows)


@action
def release_closed(*, round: Round, by: User) -> int:  # noqa: A002
    """Who died, moved away for good or was erased since the decision leaves the round; how many."""
    row = held_round(round.pk)
    gone = queries.closed_in(row).count()
    if gone:
        release(row, {}, by)
    audit.record(by=by, verb="rounds.release_closed", subject=row)
    return gone
