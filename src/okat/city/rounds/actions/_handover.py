"""Rounds of a partner that leaves: whoever takes over runs them on by the rules that were published."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core.kept import forget
from okat.city.core.registries import HANDOVER, Holding
from okat.city.partners.actions import LeavingError
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.rounds.models import Round
from okat.city.rounds.rules import Status


def register() -> None:
    HANDOVER.register(
        "70 rounds.round",
        Holding(
            ("rounds.Round.partner",),
            lambda n: ngettext("%(n)s round that is not finished", "%(n)s rounds that are not finished", n) % {"n": n},
            lambda partner: _going(partner).count(),
            taken=_("its city team runs them on, by the rules that were published"), hand=_hand,
        ),
    )  # fmt: skip


def _going(partner: Partner) -> QuerySet[Round]:
    return Round.objects.filter(partner=partner).exclude(status=Status.FINISHED)


def _hand(*, partner: Partner, to: Partner, by: User) -> None:
    if _going(partner).exists() and not to.memberships.filter(role=Role.COORDINATOR, ended_on=None).exists():
        raise LeavingError("team")
    _going(partner).update(partner=to)
    forget("rounds")
