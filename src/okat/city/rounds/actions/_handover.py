"""Rounds of a partner that leaves: whoever takes over runs them on by the rules that were published."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core.kept import forget
from okat.city.core.registries import HANDLERS, HANDOVER, Holding
from okat.city.partners.actions import LeavingError
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.models import Round
from okat.city.rounds.rules import Status

ROUNDS = "70 rounds.round"


def register() -> None:
    HANDLERS.register("partner.settling/20 rounds", hold_settled)
    HANDOVER.register(
        ROUNDS,
        Holding(
            ("rounds.Round.partner",),
            lambda n: ngettext("%(n)s round that is not finished", "%(n)s rounds that are not finished", n) % {"n": n},
            lambda partner: _going(partner).count(),
            taken=_("its city team runs them on, by the rules that were published"), hand=_hand, names=_going,
        ),
    )  # fmt: skip


def hold_settled(*, partner: Partner, keys: Sequence[str]) -> None:
    """Its rounds, before the first course that goes along: whoever takes a place holds the round, then the course."""
    if ROUNDS in keys:
        hold_rounds(_going(partner).values_list("pk", flat=True))


def _going(partner: Partner) -> QuerySet[Round]:
    return Round.objects.filter(partner=partner).exclude(status=Status.FINISHED).order_by("pk")


def _hand(*, partner: Partner, to: Partner, by: User) -> None:
    if _going(partner).exists() and not to.memberships.filter(role=Role.COORDINATOR, ended_on=None).exists():
        raise LeavingError("team")
    remembered = Round.ran_before.through
    # People agreed that this office uses their record in them; nobody has applied in a draft.
    told = _going(partner).exclude(status=Status.DRAFT).values_list("pk", flat=True)
    rows = [remembered(round_id=pk, partner_id=partner.pk) for pk in told]
    remembered._default_manager.bulk_create(rows, ignore_conflicts=True)
    _going(partner).update(partner=to)
    forget("rounds")
