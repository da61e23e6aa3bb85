"""What an opportunity that is cancelled does to the rounds that give places in it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import head_of, held_round, hold_all_of, hold_rounds
from okat.city.rounds.actions._next import Change, gone_of, keep, last_of, move, not_kept, release
from okat.city.rounds.actions._store import tell
from okat.city.rounds.models import Application, Place, Round
from okat.city.rounds.rules import Answer, Status, reached
from okat.engine.errors import OutcomeError

CANCELLED, CLOSED = "cancelled", "closed"


@action
def drop_places(*, opportunity: Opportunity, by: User) -> int:
    """The opportunity takes nobody any more: it is out of the rounds that have not closed, at once, and whoever listed
    it is told; out of how many. A round that has closed goes on with it."""
    hold_rounds(place.round_id for place in queries.places_to_drop(opportunity))
    places = queries.places_to_drop(opportunity)
    for place in places:
        _take_out(place, CLOSED, by)
    audit.record(by=by, verb="rounds.drop_places", subject=opportunity, fields=["places"])
    return len(places)


@action
def end_places(*, places: Iterable[Place], by: User) -> int:
    """An office leaves and nobody gives its places on: they end in every round, as when they are cancelled; how many
    people held one."""
    wanted = list(places)
    hold_all_of(*(place.round_id for place in wanted))
    released = sum(_end(place, CLOSED, by) for place in wanted)
    audit.record(by=by, verb="rounds.end_places", fields=["places"])
    return released


@action
def cancel_places(*, opportunity: Opportunity, by: User) -> int:
    """The opportunity does not take place. Before a round is decided its place falls out; afterwards whoever holds a
    place there is released, gets the best of their other wishes that is still free, and is told; how many were
    released. Asked twice nothing more happens."""
    released = 0
    places = queries.places_to_cancel(opportunity)
    hold_all_of(*(place.round_id for place in places))
    for place in places:
        released += _end(place, CANCELLED, by)
    audit.record(by=by, verb="rounds.cancel_places", subject=opportunity, fields=["places"])
    return released


def _end(place: Place, why: str, by: User) -> int:
    row = held_round(place.round_id)
    if not reached(row.stage, Status.DECIDED):
        _take_out(place, why, by)
        return 0
    released = _release(row, place, by)
    Place.objects.filter(pk=place.pk).update(off=why)
    return released


def _take_out(place: Place, why: str, by: User) -> None:
    """Of a round that is not decided. Lists stay as they were sent; what is out of the round counts for nobody."""
    row = Round.objects.select_related("partner").get(pk=place.round_id)
    rows = Place.objects.filter(pk=place.pk)
    if row.stage is Status.DRAFT:
        rows.delete()
        return
    rows.update(off=why)
    listed = Application.objects.filter(round=row, withdrawn_at=None, choices__place=place)
    offer = place.opportunity
    with override("th"):
        staff = {"place": queries.place_name(offer, deep=False)}
    still = row.stage is Status.OPEN  # who listed it may list something else, until the last day
    tell(
        listed.select_related("person__user", "entered_by"), "rounds.place_out" if still else "rounds.place_gone", row,
        reverse("rounds:mine"), by, about=offer.pk, more={"place": offer.title_th}, staff=staff,
        until=row.counts_on if still else None,
    )  # fmt: skip


def _release(row: Round, place: Place, by: User) -> int:
    stopped = Application.objects.filter(
        round=row, withdrawn_at=None, result__place=place, result__answer=Answer.STOPPED
    )
    if leaving := frozenset(stopped.values_list("pseudonym", flat=True)):
        release(row, {}, by, leaving=leaving)
    if solve.says_more(last_of(row)[1], gone_of(row, {})):
        release(row, {}, by)  # first whoever settled or died, so that they are not offered what is not theirs
    last, audit_bundle = last_of(row)
    try:
        decided = solve.cancelled(audit_bundle, place.code, head_of(row), last.version + 1)
    except OutcomeError as error:
        raise not_kept() from error
    holders = list(
        Application.objects.filter(round=row, result__place=place).select_related("person__user", "entered_by")
    )
    waits = queries.still_waiting(place, holders)
    _decision, change = keep(row, decided, last.version + 1, by)
    change.lost = place
    change.why = {
        each.pseudonym: Answer.WAITING if each.pk in waits else Answer.CANCELLED
        for each in holders
        if decided.seats[each.pseudonym] is None
    }
    offered = {each.pk for each in move(change, by)}
    if row.stage is Status.FINISHED and offered:
        row.status = Status.PUBLISHED  # there is something to answer again
        row.save(update_fields=["status"])
    if reached(row.stage, Status.PUBLISHED):
        _tell(change, holders, offered, by)
    return len(holders)


def _tell(change: Change, holders: Iterable[Application], offered: set[UUID], by: User) -> None:
    assert change.lost is not None
    offer, url = change.lost.opportunity, reverse("rounds:mine")
    about = {"place": offer.title_th, "reason": offer.end_reason}
    with override("th"):  # a notice outlives what its reader may see of the person
        staff = {"place": queries.place_name(offer, deep=False)}
    if queries.hidden(offer, deep=False):
        staff["reason"] = "–"  # it stands beside the name in the catalogue
    kinds: dict[str, list[Application]] = {"cancelled_instead": [], "cancelled_waits": [], "cancelled_ends": []}
    for each in holders:
        if each.pk in offered:
            kinds["cancelled_instead"].append(each)
        elif change.why[each.pseudonym] is Answer.WAITING:
            kinds["cancelled_waits"].append(each)
        else:
            kinds["cancelled_ends"].append(each)
    for kind, some in kinds.items():
        tell(some, f"rounds.{kind}", change.row, url, by, more=about, staff=staff)
