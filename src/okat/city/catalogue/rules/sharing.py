"""How a pledge stands, and what may be done with it."""

from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from okat.city.catalogue.rules import CatalogueError, Fault

MOST = Decimal(10_000_000_000)


class PledgeStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


PLEDGE_LABELS: dict[PledgeStatus, Promise] = {
    PledgeStatus.OFFERED: _("Waits for the provider's answer"),
    PledgeStatus.ACCEPTED: pgettext_lazy("pledge", "Accepted"),
    PledgeStatus.DECLINED: pgettext_lazy("pledge", "Declined"),
    PledgeStatus.TAKEN_BACK: _("Taken back"),
}


def check_answer(now: PledgeStatus, to: PledgeStatus, reason: str) -> bool:
    """Whether the answer is still to be written (False: it stands so already). Raises CatalogueError for an answer
    that stands otherwise, and for declining without a reason."""
    if now is to:
        return False
    if now is not PledgeStatus.OFFERED:
        raise CatalogueError(Fault("status", _("This was answered or taken back meanwhile. Look at it again.")))
    if to is PledgeStatus.DECLINED and not reason.strip():
        raise CatalogueError(Fault("reason", _("Say why, so that the partner can offer something that fits.")))
    return True


def check_used(status: PledgeStatus, used: Decimal) -> None:
    """Raises CatalogueError for what was never accepted, and for an amount out of bounds."""
    if status is not PledgeStatus.ACCEPTED:
        raise CatalogueError(Fault("status", _("Only what was accepted can be used.")))
    if not 0 <= used < MOST:
        raise CatalogueError(Fault("used", _("This amount is out of bounds.")))
