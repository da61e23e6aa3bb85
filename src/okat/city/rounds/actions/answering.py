"""Answering an offer; a freed seat goes to the waiting list, moves cascade, and the new outcome is certified again."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.seats import count_seats
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import head_of, lock_application
from okat.city.rounds.actions._store import offers_of, store, tell
from okat.city.rounds.models import Application, Decision, Result, Round
from okat.city.rounds.queries.read import LIVING
from okat.city.rounds.rules import Answer, RoundError, Status, reached
from okat.city.rounds.solve import Gone
from okat.engine.errors import OutcomeError

HELD = (Answer.OFFERED, Answer.ACCEPTED)


@action
def accept_place(*, application: Application, by: User, keep_waiting: bool = False) -> Result:
    """Take the place. The person's other hopes in this round end, unless they keep waiting for dearer ones; nothing
    happens to other rounds. Listeners hear `place.accepted`. Raises RoundError without an offer or after its day."""
    row = lock_application(application, by)
    result = _published(row)
    if result.answer == Answer.ACCEPTED:
        if keep_waiting != result.keeps_waiting:
            _keep(result, keep_waiting)
        audit.record(by=by, verb="rounds.accept_again", subject=row.person)
        return result
    _answerable(result, (Answer.OFFERED,))
    result.answer, result.answered_at, result.keeps_waiting = Answer.ACCEPTED, clock.now(), keep_waiting
    result.save(update_fields=["answer", "answered_at", "keeps_waiting"])
    assert result.place is not None
    count_seats(changes={result.place.opportunity_id: 1}, by=by)
    publish(
        "place.accepted", application=row, person=row.person, opportunity=result.place.opportunity, round=row.round,
        by=by,
    )  # fmt: skip
    audit.record(by=by, verb="rounds.accept", subject=row.person, fields=["answer"])
    return result


def _keep(result: Result, keep_waiting: bool) -> None:
    """Who left the lists cannot come back to them; who waited may stop."""
    if keep_waiting:
        raise RoundError("left", _("You have left the waiting lists of this round."))
    result.keeps_waiting = False
    result.save(update_fields=["keeps_waiting"])


@action
def decline_place(*, application: Application, by: User) -> Result:
    """Give the place back; it goes to the waiting list at once. Twice is once. Raises RoundError without a place."""
    row = lock_application(application, by)
    result = _published(row)
    if result.answer == Answer.DECLINED:
        audit.record(by=by, verb="rounds.decline_again", subject=row.person)
        return result
    _answerable(result, HELD)
    _release(row.round, {row.pseudonym: Answer.DECLINED}, by)
    audit.record(by=by, verb="rounds.decline", subject=row.person, fields=["answer"])
    return Result.objects.get(pk=result.pk)


@action
def expire_answers(*, round: Round, by: User) -> int:  # noqa: A002
    """Free the places that nobody answered for in time, all in one new version; how many."""
    row = Round.objects.select_for_update(of=("self",)).select_related("key", "partner").get(pk=round.pk)
    late = Application.objects.filter(
        round=row, result__answer=Answer.OFFERED, result__answer_by__lt=clock.today()
    ).select_related("person__user", "entered_by")
    gone = list(late)
    if gone and row.stage is Status.PUBLISHED:
        _release(row, {each.pseudonym: Answer.EXPIRED for each in gone}, by)
        transaction.on_commit(lambda: tell(gone, "rounds.expired", row, reverse("rounds:mine"), by))
    audit.record(by=by, verb="rounds.expire", subject=row)
    return len(gone)


@action
def release_erased(*, person: UUID, by: User) -> int:
    """A person's record is erased: the rows lead to nobody any more, applications that are not decided are withdrawn,
    and the person leaves the rounds whose results are out; how many rows."""
    rows = list(Application.objects.filter(person=person).select_related("round"))
    open_ones = [each.pk for each in rows if not reached(each.round.stage, Status.DECIDED)]
    Application.objects.filter(pk__in=open_ones, withdrawn_at=None).update(
        withdrawn_at=clock.now(), withdrawn_why="erased"
    )
    Application.objects.filter(pk__in=[each.pk for each in rows]).update(person=None, sealed=None)
    for each in rows:
        if each.round.stage is Status.PUBLISHED:
            release_closed(round=each.round, by=by)
    audit.record(by=by, verb="rounds.erase")
    return len(rows)


@action
def release_closed(*, round: Round, by: User) -> int:  # noqa: A002
    """Who died, moved away for good or was erased since the decision leaves the round; how many."""
    row = Round.objects.select_for_update(of=("self",)).select_related("key", "partner").get(pk=round.pk)
    gone = _closed(row).count()
    if gone:
        _release(row, {}, by)
    audit.record(by=by, verb="rounds.release_closed", subject=row)
    return gone


def _closed(row: Round) -> QuerySet[Application]:
    """Decided applications whose record is closed, and which have not left yet."""
    rows = Application.objects.filter(round=row, withdrawn_at=None, result__isnull=False)
    return rows.filter(Q(person=None) | ~Q(person__status__in=LIVING))


def _published(row: Application) -> Result:
    result = Result.objects.select_for_update(of=("self",)).filter(application=row).first()
    if result is None or not reached(row.round.stage, Status.PUBLISHED):
        raise RoundError("not_published", _("The results of this round are not published yet."))
    return result


def _answerable(result: Result, wanted: tuple[Answer, ...]) -> None:
    if result.answer not in wanted:
        raise RoundError("no_offer", _("There is no place to answer for."))
    late = result.answer == Answer.OFFERED and result.answer_by is not None and clock.today() > result.answer_by
    if late:
        raise RoundError("late", _("The last day to answer has passed."))


def _release(row: Round, gone: Mapping[str, Answer], by: User) -> Decision:
    """The next version of the outcome: `gone` (pseudonym -> why) give their seats back, and whoever's record is closed
    leaves with them, so that no place is offered to nobody. The round is locked."""
    last = Decision.objects.filter(round=row).order_by("-version").first()
    assert last is not None
    settled = Application.objects.filter(
        round=row, result__answer=Answer.ACCEPTED, result__keeps_waiting=False
    ).values_list("pseudonym", flat=True)
    closed = _closed(row)
    left = frozenset(closed.values_list("pseudonym", flat=True)) - set(gone)
    released = Gone(frozenset(gone), left, frozenset(settled) - set(gone) - left)
    audit_bundle = bytes.fromhex(row.key.unseal(last.audit_sealed))
    try:
        decided = solve.refill(audit_bundle, released, head_of(row), last.version + 1)
    except OutcomeError as error:
        raise RoundError("certificate", _("The outcome failed its own check and was not kept.")) from error
    places = queries.places_of(row)
    decision = store(row, last.version + 1, decided, places, by)
    why = {**dict.fromkeys(left, Answer.LEFT), **gone}
    _move(row, decision, decided.seats, decided.moved, why, {place.code: place for place in places}, by)
    closed.update(withdrawn_at=clock.now(), withdrawn_why="closed")
    return decision


def _move(  # noqa: PLR0917 - one version's facts, used once
    row: Round, decision: Decision, seats: Mapping[str, tuple[str, str] | None], moved: frozenset[str],
    gone: Mapping[str, Answer], places: Mapping[str, Any], by: User,
) -> None:  # fmt: skip
    """Everyone's result after the moves; who moved up is offered the new place and told."""
    rows = Application.objects.filter(round=row, pseudonym__in=moved | set(gone)).select_related(
        "person__user", "entered_by", "result__place__opportunity"
    )
    told, changed, answer_by = [], [], offers_of(row)
    given_back: Counter[UUID] = Counter()
    for each in rows:
        result, seat = each.result, seats[each.pseudonym]
        if result.answer == Answer.ACCEPTED and result.place is not None:
            given_back[result.place.opportunity_id] -= 1
            publish(
                "place.released", application=each, person=each.person, opportunity=result.place.opportunity,
                round=row, by=by,
            )  # fmt: skip
        result.version, result.answered_at = decision.version, clock.now() if each.pseudonym in gone else None
        if seat is None:
            result.place, result.seat_class, result.answer_by = None, "", None
            result.answer = gone.get(each.pseudonym, Answer.WAITING)
        else:
            result.place, result.seat_class = places[seat[0]], seat[1]
            result.answer, result.answer_by = Answer.OFFERED, answer_by
            told.append(each)
        changed.append(result)
    fields = ["place", "seat_class", "answer", "answer_by", "answered_at", "version"]
    Result.objects.bulk_update(changed, fields, batch_size=500)
    if given_back:
        count_seats(changes=given_back, by=by)
    transaction.on_commit(lambda: tell(told, "rounds.moved_up", row, reverse("rounds:mine"), by))
