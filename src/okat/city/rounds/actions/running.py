"""The steps of a round from opening to publishing; each may be asked for twice and is done once."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.core.permissions import Permission
from okat.city.core.registries import publish
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._basis import take_out_unfounded
from okat.city.rounds.actions._entries import Writer
from okat.city.rounds.actions._lock import head_of, hold_all_of, lock_round, place_rows
from okat.city.rounds.actions._store import offers_of, store, tell
from okat.city.rounds.actions.answering import release_closed
from okat.city.rounds.actions.cancelling import CLOSED
from okat.city.rounds.models import Application, Choice, Decision, Place, Result, Round
from okat.city.rounds.rules import Answer, RoundError, Status, check_step, reached, step
from okat.city.rounds.solve import Entry
from okat.engine.errors import OutcomeError
from okat.files.allocation.errors import BadInputError


def _begin(round_: Round, verb: str, by: User) -> tuple[Round, bool]:
    """The locked round, and whether the step is still to be made (False: it was made before)."""
    row = lock_round(round_, by, Permission.RUN_ROUNDS)
    if reached(row.stage, step(verb).to):
        audit.record(by=by, verb=f"rounds.{verb}_again", subject=row)
        return row, False
    check_step(verb, row.stage)
    return row, True


@action
def open_round(*, round: Round, by: User) -> Round:  # noqa: A002
    """Take applications from the published time on. Raises RoundError before it."""
    row, fresh = _begin(round, "open", by)
    if fresh:
        if row.opens_at is None or clock.now() < row.opens_at:
            raise RoundError("too_early", _("The published opening time has not come yet."))
        row.status = Status.OPEN
        forget("rounds")
        row.save(update_fields=["status"])
        audit.record(by=by, verb="rounds.open", subject=row)
    return row


@action
def close_round(*, round: Round, by: User) -> Round:  # noqa: A002
    """Stop at the published time: what is not given any more falls out; so does who is gone or has not agreed any more;
    scores are counted a last time and frozen. Raises RoundError before it."""
    row, fresh = _begin(round, "close", by)
    if not fresh:
        return row
    if row.closes_at is None or clock.now() < row.closes_at:
        raise RoundError("too_early", _("The published closing time has not come yet."))
    places = queries.places_of(row)
    gone = [place for place in places if not place.off and not queries.is_given(place)]
    Place.objects.filter(pk__in=[place.pk for place in gone]).update(off=CLOSED)
    take_out_unfounded(row)
    _freeze_scores(row, places, by)
    row.status = Status.CLOSED
    forget("rounds")
    row.save(update_fields=["status"])
    audit.record(by=by, verb="rounds.close", subject=row, fields=["scores"])
    return row


def _freeze_scores(row: Round, places: list[Place], by: User) -> None:
    """Places and people are loaded once each, however many wishes there are."""
    standing = queries.standing_applications(row).select_related("person__key", "person__area")
    people = {each.pk: each.person for each in standing if each.person}
    by_place = {place.pk: place for place in places}
    writer = Writer(row, by, None, list(people.values()))
    rows = Choice.objects.filter(application__in=queries.standing_applications(row)).defer("parts_sealed")
    changed = [
        choice
        for choice in rows.order_by("id")
        if choice.application_id in people
        and writer.rescore(choice, people[choice.application_id], by_place[choice.place_id])
    ]
    Choice.objects.bulk_update(changed, ["priority", "parts_sealed"], batch_size=1000)


@action
def run_round(*, round: Round, by: User) -> Decision:  # noqa: A002
    """Decide, check and keep the outcome with its bundles. Run twice it gives the same decision.

    Raises RoundError when nobody applied, or when the outcome fails its own check: then nothing is kept."""
    row, fresh = _begin(round, "run", by)
    if not fresh:
        return Decision.objects.get(round=row, version=1)
    take_out_unfounded(row)
    places = queries.places_of(row)
    applications = list(queries.standing_applications(row).select_related("person__key").order_by("pseudonym"))
    if not applications:
        raise RoundError("nobody", _("Nobody applied, so there is nothing to decide."))
    try:
        decided = solve.first(place_rows(row, places), _entries(applications, places), head_of(row))
    except OutcomeError as error:
        raise RoundError("certificate", _("The outcome failed its own check and was not kept.")) from error
    except BadInputError as error:
        raise RoundError("inputs", _("The places or lists contradict themselves: %(why)s") % {"why": error}) from error
    decision = store(row, 1, decided, places, by)
    by_code = {place.code: place for place in places}
    Result.objects.bulk_create(
        [_result(application, decided.seats[application.pseudonym], by_code) for application in applications],
        batch_size=1000,
    )
    row.status, row.run_by = Status.DECIDED, by
    row.save(update_fields=["status", "run_by"])
    audit.record(by=by, verb="rounds.run", subject=row, fields=["outcome"])
    return decision


def _entries(applications: list[Application], places: list[Place]) -> list[Entry]:
    code = {place.pk: place.code for place in places if not place.off}
    wishes: dict[Any, list[tuple[str, int, int]]] = {each.pk: [] for each in applications}
    rows = Choice.objects.filter(application__in=wishes, place__in=code)
    for application, place, rank, priority in rows.values_list("application", "place", "rank", "priority"):
        wishes[application].append((code[place], rank, priority))
    return [Entry(each.pseudonym, _groups(each), tuple(sorted(wishes[each.pk], key=_rank))) for each in applications]


def _rank(wish: tuple[str, int, int]) -> int:
    return wish[1]


def _groups(application: Application) -> frozenset[str]:
    kept = application.person.unseal(application.sealed) if application.person else None
    return frozenset(kept["groups"] if kept else ())


def _result(application: Application, seat: tuple[str, str] | None, places: dict[str, Place]) -> Result:
    if seat is None:
        return Result(application=application, answer=Answer.WAITING, version=1)
    return Result(application=application, place=places[seat[0]], seat_class=seat[1], answer=Answer.OFFERED, version=1)


@action
def publish_round(*, round: Round, by: User) -> Round:  # noqa: A002
    """Let everyone see their answer: offers get their last day, people are told, listeners hear `round.published`
    with `offers`, the applications that hold a place."""
    hold_all_of(round.pk)
    row, fresh = _begin(round, "publish", by)
    if not fresh:
        return row
    release_closed(round=row, by=by)  # first, so that nobody hears of a place twice
    row.status, row.published_at, row.answer_by = Status.PUBLISHED, clock.now(), offers_of(row)
    row.save(update_fields=["status", "published_at", "answer_by"])
    results = Result.objects.filter(application__round=row)
    results.filter(answer=Answer.OFFERED).update(answer_by=row.answer_by)
    offers = list(
        Application.objects.filter(round=row, result__answer=Answer.OFFERED).select_related(
            "person__user", "result", "entered_by"
        )
    )
    waiting = list(
        Application.objects.filter(round=row, result__answer=Answer.WAITING).select_related(
            "person__user", "entered_by"
        )
    )
    publish("round.published", round=row, offers=offers, by=by)
    url = reverse("rounds:mine")
    tell(offers, "rounds.offered", row, url, by)
    tell(waiting, "rounds.waiting", row, url, by)
    audit.record(by=by, verb="rounds.publish", subject=row)
    return row


@action
def finish_round(*, round: Round, by: User) -> Round:  # noqa: A002
    """End the round: nobody may be left with an offer to answer, no place may be held or on its way to the next. Raises
    RoundError."""
    row, fresh = _begin(round, "finish", by)
    if fresh:
        if Result.objects.filter(application__round=row, answer=Answer.OFFERED).exists():
            raise RoundError("unanswered", _("Some offers are not answered yet."))
        if queries.given_back(row, clock.now()).exists():
            words = _(
                "Some places that were given back or left early go to the next ones now. Look again in some minutes."
            )
            raise RoundError("passing", words)
        if Result.objects.filter(application__round=row, answer=Answer.RETURNING).exists():
            raise RoundError("returning", _("Some places that were given back are still held for those who had them."))
        row.status = Status.FINISHED
        row.save(update_fields=["status"])
        audit.record(by=by, verb="rounds.finish", subject=row)
    return row
