"""The next version of an outcome: seats given back go to the waiting lists, and everyone's result follows."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.seats import count_seats
from okat.city.core import clock
from okat.city.core.registries import publish
from okat.city.people.actions import drop_slips
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import head_of
from okat.city.rounds.actions._stopping import whole_place
from okat.city.rounds.actions._store import offers_of, store, tell
from okat.city.rounds.models import Application, Decision, Place, Result, Round
from okat.city.rounds.rules import Answer, RoundError, Status, reached
from okat.city.rounds.solve import Decided, Gone
from okat.engine.errors import OutcomeError

# Who may have stopped waiting (`stop_waiting`) while they sat nowhere; whose place was cancelled waits for nothing.
_SEATLESS = Q(result__place=None) & ~Q(result__answer=Answer.CANCELLED)


def last_of(row: Round) -> tuple[Decision, bytes]:
    """The present version and its audit bundle."""
    last = Decision.objects.filter(round=row).order_by("-version").first()
    assert last is not None
    return last, bytes.fromhex(row.key.unseal(last.audit_sealed))


def gone_of(row: Round, gone: Collection[str], leaving: frozenset[str], kept: frozenset[str] = frozenset()) -> Gone:
    """`gone` give their seats back and wait on for what they wanted more, or leave the lists where they wait for
    nothing; `leaving` leave the round, of whom `kept` leave no seat to anybody; who waits for nothing dearer has
    settled on their seat, and has left where they sit nowhere."""
    waits_no_more = Application.objects.filter(round=row, result__keeps_waiting=False)
    ended = _names(waits_no_more.filter(pseudonym__in=gone) | waits_no_more.filter(_SEATLESS, withdrawn_at=None))
    settled = _names(waits_no_more.filter(result__place__isnull=False)) | kept
    left = (leaving - kept - set(gone)) | ended
    return Gone(frozenset(gone) - ended, left, settled - set(gone) - left)


def kept_by(row: Round, leaving: Collection[str]) -> frozenset[str]:
    """Of these, whose place goes to nobody any more, also when they leave the round: what it led to was left early, or
    is over."""
    had = Application.objects.filter(round=row, pseudonym__in=leaving, result__place__isnull=False)
    had = had.filter(result__answer__in=(Answer.STOPPED, Answer.ACCEPTED))
    rows = had.select_related("result__place__opportunity__provider")
    return frozenset(
        each.pseudonym
        for each in rows
        if each.result.answer == Answer.STOPPED or not queries.passes_on(row, whole_place(each.result))
    )


def _names(rows: QuerySet[Application]) -> frozenset[str]:
    return frozenset(rows.values_list("pseudonym", flat=True))


def release(row: Round, gone: Mapping[str, Answer], by: User, leaving: frozenset[str] = frozenset()) -> Decision:
    """The next version of the outcome: `gone` (pseudonym -> why) give their seats back, and whoever is `leaving`, or
    whose record is closed, leaves with them, so that no place is offered to nobody. The round is locked."""
    last, audit_bundle = last_of(row)
    closed = (leaving | _names(queries.closed_in(row))) - set(gone)
    released = gone_of(row, gone, closed, kept_by(row, closed))
    try:
        decided = solve.refill(audit_bundle, released, head_of(row), last.version + 1)
    except OutcomeError as error:
        raise not_kept() from error
    decision = last
    if decided is not None:
        decision, change = keep(row, decided, last.version + 1, by)
        change.why = {**dict.fromkeys(closed & released.left, Answer.LEFT), **gone}
        told = move(change, by)
        if reached(row.stage, Status.PUBLISHED):  # before, publishing tells everybody once
            tell(told, "rounds.moved_up", row, reverse("rounds:mine"), by)
    close(row, closed)
    return decision


def close(row: Round, closed: Collection[str]) -> None:
    """They stand in the round no more."""
    rows = Application.objects.filter(round=row, withdrawn_at=None, pseudonym__in=closed)
    rows.update(withdrawn_at=clock.now(), withdrawn_why="closed")


def not_kept() -> RoundError:
    return RoundError("certificate", _("The outcome failed its own check and was not kept."))


@dataclass
class Change:
    """From one version to the next: whose seat differs, where everyone sits, why somebody has none (pseudonym ->
    answer; waiting for whoever is not named), and the place that somebody lost because it is cancelled."""

    row: Round
    version: int
    moved: frozenset[str]
    seats: Mapping[str, tuple[str, str] | None]
    places: Mapping[str, Place]
    why: Mapping[str, Answer] = field(default_factory=dict)
    lost: Mapping[str, Place] = field(default_factory=dict)


def keep(row: Round, decided: Decided, version: int, by: User) -> tuple[Decision, Change]:
    places = queries.places_of(row)
    decision = store(row, version, decided, places, by)
    return decision, Change(row, version, decided.moved, decided.seats, {place.code: place for place in places})


def move(change: Change, by: User) -> list[Application]:
    """Everyone's result after the moves; those who are offered another place."""
    rows = Application.objects.filter(round=change.row, pseudonym__in=change.moved | set(change.why)).select_related(
        "person__user", "entered_by", "result__place__opportunity", "result__lost", "result__had"
    )
    told, changed, people, released = [], [], [], []
    given_back: Counter[UUID] = Counter()
    for each in rows:
        result = each.result
        seat = change.seats[each.pseudonym]
        changed.append(result)
        result.version = change.version
        if seat and result.place_id == change.places[seat[0]].pk:
            result.seat_class = seat[1]  # the same place under another name: nothing to answer anew
            continue
        if result.taken and result.place is not None:
            given_back[result.place.opportunity_id] -= 1
            released.append((each, result.place))
        _seat(change, each.pseudonym, result)
        people += [each.person_id] if each.person_id else []
        if seat:
            told.append(each)
    fields = [
        "place",
        "lost",
        "had",
        "seat_class",
        "answer",
        "answer_by",
        "answered_at",
        "held_until",
        "was",
        "version",
    ]
    Result.objects.bulk_update(changed, fields, batch_size=500)
    if given_back:
        count_seats(changes=given_back, by=by)
    for each, place in released:  # what it led to ends, after the last course that changes
        _released(each, place, by)
    if people:
        drop_slips(people=people, app="rounds", about=change.row.pk, by=by)
    return told


def _released(each: Application, place: Place, by: User) -> None:
    offer: Any = place.opportunity
    publish("place.released", application=each, person=each.person, opportunity=offer, round=each.round, by=by)


def _seat(change: Change, who: str, result: Result) -> None:
    seat = change.seats[who]
    result.answered_at = clock.now() if who in change.why else None
    result.held_until, result.was = None, ""
    result.lost, result.had = change.lost.get(who, result.lost), result.place or result.had
    if seat is None:
        result.place, result.seat_class, result.answer_by = None, "", None
        result.answer = change.why.get(who, Answer.WAITING)
    else:
        result.place, result.seat_class = change.places[seat[0]], seat[1]
        result.answer, result.answer_by = Answer.OFFERED, offers_of(change.row)
