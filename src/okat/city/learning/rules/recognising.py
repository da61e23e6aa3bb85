"""Recognition of what was learned elsewhere: credits of another school, or what life and work taught. No ORM here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SIGNERS = 2  # different persons of the partner, who come to the same outcome
MOST_CREDITS = 60
MOST_PICTURES = 5


class Kind(TextChoices):
    TRANSFER = "transfer", _("Credits of another school or course")
    PRIOR = "prior", _("What I learned by work and life")


class State(TextChoices):
    ASKED = "asked", _("Being looked at")
    GRANTED = "granted", _("Recognised")
    REFUSED = "refused", _("Not recognised")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DECIDED = (State.GRANTED, State.REFUSED)


@dataclass(frozen=True)
class Signed:
    """`credits` 0: not recognised."""

    by: int
    credits: int


def outcome(signatures: Sequence[Signed]) -> int | None:
    """The credits to which two different persons put their names; None while there are no two."""
    for one in signatures:
        if len({other.by for other in signatures if other.credits == one.credits}) >= SIGNERS:
            return one.credits
    return None
