"""What an opportunity that is cancelled does to the rounds that give places in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import head_of, held_round, hold_all_of, hold_rounds
from okat.city.rounds.actions._next import Change, close, gone_of, keep, last_of, move, not_kept
from okat.city.rounds.actions._stopping import whole_place
from okat.city.rounds.actions._store import tell
from okat.city.rounds.models import Application, Choice, Place, Result, Round
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
        _take_out([place], CLOSED, by)
    audit.record(by=by, verb="rounds.drop_places", subject=opportunity, fields=["places"])
    return len(places)


@action
def end_places(*, places: Iterable[Place], by: User) -> int:
    """An office leaves and nobody gives its places on: they end in every round, as when they are cancelled; how many
    people held one."""
    wanted = list(places)
    hold_all_of(*(place.round_id for place in wanted))
    released = _end(wanted, CLOSED, by)
    audit.record(by=by, verb="rounds.end_places", fields=["places"])
    return released


@action
def cancel_places(*, opportunity: Opportunity, by: User) -> int:
    """The opportunity does not take place. Before a round is decided its place falls out; afterwards whoever holds a
    place there is released, gets the best of their other wishes that is still free, and is told; how many were
    released. Asked twice nothing more happens."""
    places = queries.places_to_cancel(opportunity)
    hold_all_of(*(place.round_id for place in places))
    released = _end(places, CANCELLED, by)
    audit.record(by=by, verb="rounds.cancel_places", subject=opportunity, fields=["places"])
    return released


def _end(places: Iterable[Place], why: str, by: User) -> int:
    """Those of one round together, so that nobody is offered one that ends with it."""
    of_round: dict[UUID, list[Place]] = defaultdict(list)
    for place in places:
        of_round[place.round_id].append(place)
    released = 0
    for pk, some in sorted(of_round.items()):
        row = held_round(pk)
        if not reached(row.stage, Status.DECIDED):
            _take_out(some, why, by)
            continue
        Place.objects.filter(pk__in=[place.pk for place in some]).update(off=why)
        released += _release(row, some, by)
    return released


def _take_out(places: Sequence[Place], why: str, by: User) -> None:
    """Of one round, that is not decided. Lists stay as they were sent; what is out of the round counts for nobody."""
    row = Round.objects.select_related("partner").get(pk=places[0].round_id)
    rows = Place.objects.filter(pk__in=[place.pk for place in places])
    if row.stage is Status.DRAFT:
        rows.delete()
        return
    rows.update(off=why)
    for place in places:  # once all are out: whoever listed several of them has nothing left of any
        _tell_out(row, place, by)


def _tell_out(row: Round, place: Place, by: User) -> None:
    """Whoever listed it, by whether something else is left on their list."""
    offer, still = place.opportunity, row.stage is Status.OPEN  # they may list something else, until the last day
    listed = Application.objects.filter(round=row, withdrawn_at=None, choices__place=place)
    sent = list(listed.select_related("person__user", "entered_by").order_by("pk"))
    rest = Choice.objects.filter(application__in=sent, place__off="").order_by()
    has = set(rest.values_list("application", flat=True))
    with override("th"):
        staff = {"place": queries.place_name(offer, deep=False)}
    for left, end in ((True, ""), (False, "_last")):
        those = [each for each in sent if (each.pk in has) is left]
        tell(
            those, f"rounds.place_{'out' if still else 'gone'}{end}", row, reverse("rounds:mine"), by, about=offer.pk,
            more={"place": offer.title_th}, staff=staff, until=row.counts_on if still else None,
        )  # fmt: skip


def _release(row: Round, places: Sequence[Place], by: User) -> int:
    """In one version, in which nobody is offered what is about to go: who gave a place there back, or left early, waits
    for what was promised then; whose record is closed leaves; the others are released."""
    last, audit_bundle = last_of(row)
    rows = Application.objects.filter(round=row, result__place__in=places).order_by("pk")
    sat = list(rows.select_related("person__user", "entered_by", "result__place__opportunity"))
    back = {each.pseudonym: answer for each in sat if (answer := _given_back(each.result)) is not None}
    over = queries.closed_in(row).filter(result__place__in=places).values_list("pseudonym", flat=True)
    closed = frozenset(over) - set(back)
    gone = gone_of(row, back, closed)
    codes = {place.code for place in places}
    try:
        decided = solve.cancelled(audit_bundle, codes, gone, head_of(row), last.version + 1)
    except OutcomeError as error:
        raise not_kept() from error
    _decision, change = keep(row, decided, last.version + 1, by)
    holders = [each for each in sat if each.pseudonym not in closed | set(back)]
    returning = [each for each in sat if back.get(each.pseudonym) is Answer.DECLINED]
    change.lost = {each.pseudonym: whole_place(each.result) for each in (*holders, *returning)}
    held = {place: [each for each in holders if each.result.place_id == place.pk] for place in places}
    waits = {pk for place, those in held.items() for pk in queries.still_waiting(place, those)}
    ends = {
        each.pseudonym: Answer.WAITING if each.pk in waits else Answer.CANCELLED
        for each in holders
        if decided.seats[each.pseudonym] is None
    }
    change.why = {**ends, **dict.fromkeys(closed, Answer.LEFT), **back}
    offered = {each.pk for each in move(change, by)}
    close(row, closed)
    if row.stage is Status.FINISHED and offered:
        row.status = Status.PUBLISHED  # there is something to answer again
        row.save(update_fields=["status"])
    if reached(row.stage, Status.PUBLISHED):
        _tell(change, holders, offered, by)
        _tell_of("cancelled_back", change, returning, by)
    return len(holders)


def _given_back(result: Result) -> Answer | None:
    """What becomes of a place that was given back and is still held, or that was left early; nothing of another."""
    answers = {Answer.RETURNING: Answer.DECLINED, Answer.STOPPED: Answer.STOPPED}
    return answers.get(result.stands)


def _tell(change: Change, holders: Iterable[Application], offered: set[UUID], by: User) -> None:
    kinds: dict[str, list[Application]] = {"cancelled_instead": [], "cancelled_waits": [], "cancelled_ends": []}
    for each in holders:
        if each.pk in offered:
            kinds["cancelled_instead"].append(each)
        elif change.why[each.pseudonym] is Answer.WAITING:
            kinds["cancelled_waits"].append(each)
        else:
            kinds["cancelled_ends"].append(each)
    for kind, some in kinds.items():
        _tell_of(kind, change, some, by)


def _tell_of(kind: str, change: Change, some: Iterable[Application], by: User) -> None:
    of_place: dict[Place, list[Application]] = defaultdict(list)
    for each in some:
        of_place[change.lost[each.pseudonym]].append(each)
    for place, those in of_place.items():
        offer = place.opportunity
        about = {"place": offer.title_th, "reason": offer.end_reason}
        with override("th"):  # a notice outlives what its reader may see of the person
            staff = {"place": queries.place_name(offer, deep=False)}
        if queries.hidden(offer, deep=False):
            staff["reason"] = "–"  # it stands beside the name in the catalogue
        tell(those, f"rounds.{kind}", change.row, reverse("rounds:mine"), by, more=about, staff=staff)
