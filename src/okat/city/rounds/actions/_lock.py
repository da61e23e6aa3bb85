"""Locks, rights, and the round's secret, shared by the actions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import connections
from okat.city.core.permissions import Permission
from okat.city.people.actions import hold_all, hold_people
from okat.city.rounds import queries, solve
from okat.city.rounds.models import Application, Decision, Place, Round
from okat.city.rounds.rules import RoundError
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.solve import Before, PlaceRow, RoundHead


def held_round(pk: UUID) -> Round:
    """The round's row with its office and its key, held until the transaction ends; whoever asks looks first whether
    somebody may."""
    return Round.objects.select_for_update(of=("self",), no_key=True).select_related("partner", "key").get(pk=pk)


def lock_round(round_: Round, by: User, permission: Permission) -> Round:
    """The round's row, held until the transaction ends. Raises RoundError for somebody who may not."""
    row = held_round(round_.pk)
    if not queries.may_steer(by, row, permission):
        raise RoundError("not_allowed", _("You cannot do this in a round of another office."))
    connections.take_time(settings.LONG_SECONDS)
    return row


def hold_rounds(rounds: Iterable[UUID]) -> None:
    """Rounds held until the transaction ends, in the order of their ids: none of them is decided meanwhile. What is
    read of them and of their applications before this says nothing of now."""
    connections.hold_rows(Round.objects.filter(pk__in=rounds))


def hold(rounds: Iterable[UUID], people: Iterable[UUID | None]) -> None:
    """One order (CONTRIBUTING): these persons, then the rounds, each by its id and until the transaction ends."""
    hold_people(people)
    hold_rounds(rounds)


def hold_all_of(*rounds: UUID, person: UUID | None = None) -> None:
    """These rounds, and before them everybody who stands in them (and `person`): where a place goes on, whoever moves
    up leaves another, and the case that it led to ends."""
    standing = Application.objects.filter(round__in=rounds, withdrawn_at=None, person__isnull=False)
    hold_all(lambda: {person, *standing.values_list("person", flat=True)}, lambda: hold_rounds(rounds))


def lock_application(application: Application, by: User, *, whole: bool = False) -> Application:
    """The person, the round, then the application: one order of locks everywhere. `whole`: with everybody who stands
    in the round, where a place may go on. Raises RoundError."""
    person = Application.objects.values_list("person", flat=True).get(pk=application.pk)
    if whole:
        hold_all_of(application.round_id, person=person)
    else:
        hold([application.round_id], [person])
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related(
        "round__partner", "round__key", "person__key", "result__place__opportunity"
    )
    row = rows.get(pk=application.pk)
    if row.person is None or row.person_id != person or not (by.is_system or queries.may_apply_for(by, row.person)):
        raise RoundError("not_allowed", _("This application is not yours to change."))
    return row


def policy_of(round_: Round) -> Policy:
    return Policy.from_dict(round_.rules)


def head_of(round_: Round) -> RoundHead:
    """What the bundle says of the round; the secret is revealed by now."""
    kept = round_.key.unseal(round_.secret_sealed)
    looks = tuple(look.as_words() for look in round_.looks.all())
    return RoundHead(
        policy_of(round_), round_.seed, round_.secret, round_.commitment, round_.draw_result, kept["salt"],
        round_.title_th, looks, _before(round_), _draws(round_),
    )  # fmt: skip


def _draws(round_: Round) -> tuple[dict[str, Any], ...]:
    """Every entry of the public draw in order; people by number, as they came."""
    entries = queries.draw_entries(round_)
    people = list(dict.fromkeys(each.by_id for each in entries))
    return tuple(
        {"digits": each.digits, "person": people.index(each.by_id) + 1, "at": each.at.isoformat()} for each in entries
    )


def _before(round_: Round) -> Before:
    """What was published so far, and who is counted by which label in the report."""
    versions = Decision.objects.filter(round=round_).order_by("version")
    roots = tuple(versions.values_list("version", "root"))
    last = versions.filter(numbers_sealed__isnull=False).last()
    labels = queries.labels_of(round_)
    if last is None:
        return Before(roots, labels=labels)
    seats = solve.seats_in(queries.audit_of(round_, last))
    return Before(roots, seats, round_.key.unseal(last.numbers_sealed), labels)


def place_rows(round_: Round, places: list[Place]) -> list[PlaceRow]:
    """The places that are still on, as they were frozen; without reserves where the policy sets none aside."""
    reserves = policy_of(round_).reserves
    return [
        PlaceRow(
            place.code, place.capacity,
            tuple((each["group"], each["seats"]) for each in place.reserves) if reserves else (),
        )
        for place in places
        if not place.off
    ]  # fmt: skip
