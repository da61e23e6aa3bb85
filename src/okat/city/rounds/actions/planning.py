"""Planning a round: its dates, its rules, its places; freezing them; looking at policies."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.catalogue.rules import Status as OpportunityStatus
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.models import DataKey
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import lock_round
from okat.city.rounds.models import Place, PolicyLook, Round
from okat.city.rounds.rules import RoundError, Status, check_step, reached
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.rules.variant import Variant


@action
def create_round(  # noqa: PLR0913 - the fields of the form
    *, partner: Partner, family: Family, title_th: str, by: User, title_en: str = "",
    opens_at: dt.datetime | None = None, closes_at: dt.datetime | None = None, draw_th: str = "", draw_en: str = "",
    draw_on: dt.date | None = None, auditors: Sequence[User] = (),
) -> Round:  # fmt: skip
    """A round in planning, run by `partner`. Raises RoundError for somebody who may not, or dates in a wrong order."""
    _check_dates(opens_at, closes_at, draw_on)
    key = DataKey.fresh()
    key.save(force_insert=True)
    made = Round(
        key=key, partner=partner, family=family, title_th=title_th, title_en=title_en, opens_at=opens_at,
        closes_at=closes_at, draw_th=draw_th, draw_en=draw_en, draw_on=draw_on, rules=Policy().as_dict(),
        created_by=by,
    )  # fmt: skip
    if not queries.may_steer(by, made, Permission.PLAN_ROUNDS):
        raise RoundError("not_allowed", _("You cannot do this in a round of another office."))
    check_stay(partner.pk)
    made.save(force_insert=True)
    made.auditors.set(auditors)
    audit.record(by=by, verb="rounds.create", subject=made, partner=partner.code)
    return made


def _check_dates(opens: dt.datetime | None, closes: dt.datetime | None, draw: dt.date | None) -> None:
    if opens and closes and closes <= opens:
        raise RoundError("dates", _("The round closes before it opens."))
    if draw and closes and draw < timezone.localdate(closes):
        raise RoundError("dates", _("The public draw must come after applications close."))


@action
def change_round(
    *, round: Round, title_th: str, by: User, title_en: str = "", opens_at: dt.datetime | None = None,  # noqa: A002
    closes_at: dt.datetime | None = None, draw_th: str = "", draw_on: dt.date | None = None,
    auditors: Sequence[User] = (),
) -> Round:  # fmt: skip
    """Title, dates, draw and auditors, while the round is planned. Raises RoundError."""
    row = lock_round(round, by, Permission.PLAN_ROUNDS)
    check_step("freeze", row.stage)
    _check_dates(opens_at, closes_at, draw_on)
    row.title_th, row.title_en, row.opens_at, row.closes_at = title_th, title_en, opens_at, closes_at
    row.draw_th, row.draw_on = draw_th, draw_on
    row.save()
    row.auditors.set(auditors)
    audit.record(by=by, verb="rounds.change", subject=row, fields=["title", "dates", "draw", "auditors"])
    return row


@action
def take_out(*, round: Round, places: Iterable[int], by: User) -> int:  # noqa: A002
    """Take places out again, while the round is planned; how many were there. Raises RoundError."""
    row = lock_round(round, by, Permission.PLAN_ROUNDS)
    check_step("freeze", row.stage)
    gone, _each = Place.objects.filter(round=row, pk__in=list(places)).delete()
    audit.record(by=by, verb="rounds.take_out", subject=row, fields=["places"])
    return gone


@action
def set_rules(*, round: Round, policy: Policy, by: User) -> Round:  # noqa: A002 - the noun of the city
    """Change the policy while the round is planned; the version grows with each change. Raises RoundError."""
    row = lock_round(round, by, Permission.PLAN_ROUNDS)
    check_step("freeze", row.stage)
    policy.check()
    old = row.rules
    if {**policy.as_dict(), "version": 0} != {**old, "version": 0}:
        row.rules = {**policy.as_dict(), "version": old["version"] + 1}
        row.save(update_fields=["rules"])
    audit.record(by=by, verb="rounds.set_rules", subject=row, fields=["rules"])
    return row


@action
def add_places(*, round: Round, opportunities: Iterable[Opportunity], by: User) -> int:  # noqa: A002
    """Put opportunities into the round; how many were new. Raises RoundError for one that is not published, of
    another family or without a number of places."""
    row = lock_round(round, by, Permission.PLAN_ROUNDS)
    check_step("freeze", row.stage)
    kinds = FAMILIES[Family(row.family)]
    there = set(Place.objects.filter(round=row).values_list("opportunity_id", flat=True))
    fresh = []
    for offer in opportunities:
        if offer.status != OpportunityStatus.PUBLISHED or offer.kind not in kinds or not offer.capacity:
            words = _(
                "“%(title)s” cannot be in this round: it must be published, of this kind, with a number of places."
            )
            raise RoundError("place", words % {"title": offer.title_th})
        if offer.pk not in there:
            fresh.append(_copy(Place(round=row, opportunity=offer)))
            there.add(offer.pk)
    Place.objects.bulk_create(fresh, batch_size=1000)
    audit.record(by=by, verb="rounds.add_places", subject=row, fields=["places"])
    return len(fresh)


def _copy(place: Place) -> Place:
    offer = place.opportunity
    place.capacity = offer.capacity or 0
    place.reserves, place.priority = list(offer.reserves), list(offer.priority)
    return place


@action
def freeze_round(*, round: Round, by: User) -> Round:  # noqa: A002
    """Publish the rules and the commitment of a fresh secret; take the places' last frozen copy.

    Raises RoundError without places, dates or the named draw."""
    row = lock_round(round, by, Permission.RUN_ROUNDS)
    check_step("freeze", row.stage)
    places = queries.places_of(row)
    _ready(row, places)
    Place.objects.bulk_update([_copy(place) for place in places], ["capacity", "reserves", "priority"], batch_size=500)
    secret = solve.new_secret()
    row.secret_sealed = row.key.seal({"secret": secret, "salt": solve.new_secret()})
    row.commitment = solve.commitment(secret)
    row.rules_digest = hashlib.sha256(json.dumps(row.rules, sort_keys=True).encode()).hexdigest()
    row.status, row.frozen_at = Status.FROZEN, clock.now()
    row.save()
    audit.record(by=by, verb="rounds.freeze", subject=row, fields=["rules", "places", "commitment"])
    return row


def _ready(row: Round, places: list[Place]) -> None:
    if not places:
        raise RoundError("no_places", _("The round has no places yet. Add opportunities first."))
    if any(place.opportunity.status != OpportunityStatus.PUBLISHED for place in places):
        raise RoundError("place_gone", _("One of the opportunities is no longer published. Take it out first."))
    if not (row.opens_at and row.closes_at and row.draw_on and row.draw_th):
        raise RoundError("dates", _("Give the dates on which the round opens and closes, and name the public draw."))


@action
def note_look(*, round: Round, policy: Policy | Variant, by: User) -> PolicyLook | None:  # noqa: A002
    """Record that somebody tries a policy on the round's own data; None before it opened (there are none yet)."""
    row = lock_round(round, by, Permission.PLAN_ROUNDS)
    audit.record(by=by, verb="rounds.look", subject=row)
    if not reached(row.stage, Status.OPEN):
        return None
    return PolicyLook.objects.create(round=row, policy=policy.as_dict(), by=by, at=clock.now())
