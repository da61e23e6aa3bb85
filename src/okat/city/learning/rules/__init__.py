"""Who takes part, attendance and completion. No ORM here."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from okat.city.core.refusals import UndoneError

PURPOSE = "learning to completion, and its proof"
BASIS = "PDPA s.24(4) public task"
SHARE = 80  # percent of the sessions, where the provider says nothing else


class Standing(TextChoices):
    """Of one person in one course."""

    ACTIVE = "active", _("Takes part")
    COMPLETED = "completed", _("Completed")
    LEFT = "left", _("Left early")
    CANCELLED = "cancelled", _("The course was cancelled")
    JOINED = "joined", _("Counted with another record of the same person")


HELD = (Standing.ACTIVE, Standing.JOINED)  # the place is taken; the second of one human until the merge is settled


class How(TextChoices):
    """How attendance was noted."""

    LIST = "list", _("By the teacher's list")
    CODE = "code", _("By the code in the room")


class LearningError(UndoneError):
    """A wish that the rules refuse; `code` names it, the text says what and how to mend it."""


@dataclass(frozen=True)
class Progress:
    """Of one learner: sessions attended, held so far, and in all (without those that were cancelled); minutes spent in
    them, which they were, and the instruments by which the learner was assessed afterwards."""

    attended: int
    held: int
    planned: int
    minutes: int = 0
    present: frozenset[int] = frozenset()
    assessed: frozenset[str] = frozenset()

    @property
    def share(self) -> int:
        """Percent of the sessions held, rounded down; 0 before the first."""
        return 100 * self.attended // self.held if self.held else 0
