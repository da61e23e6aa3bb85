"""Attendance, completion and the code that is shown in the room. No ORM here."""

import datetime as dt
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core import crypto

SHARE = 80  # percent of the sessions, where the provider says nothing else
EARLY = dt.timedelta(minutes=30)  # before a session begins, signing in is open
ROOM = dt.timedelta(minutes=5)  # so long a code that was shown in the room is good: time to sign in to the site
_PURPOSE = "learning.room"


class Standing(TextChoices):
    """Of one person in one course."""

    ACTIVE = "active", _("Takes part")
    COMPLETED = "completed", _("Completed")
    LEFT = "left", _("Left early")
    CANCELLED = "cancelled", _("The course was cancelled")


class How(TextChoices):
    """How attendance was noted."""

    LIST = "list", _("By the teacher's list")
    CODE = "code", _("By the code in the room")


class LearningError(Exception):
    """A wish that the rules refuse; `code` names it, the text says what and how to mend it."""

    def __init__(self, code: str, words: "str | Promise") -> None:
        self.code = code
        super().__init__(str(words))


@dataclass(frozen=True)
class Progress:
    """Of one learner: sessions attended, held so far, and in all (without those that were cancelled)."""

    attended: int
    held: int
    planned: int

    @property
    def share(self) -> int:
        """Percent of the sessions held, rounded down; 0 before the first."""
        return 100 * self.attended // self.held if self.held else 0

    def reached(self, share: int) -> bool:
        """Whether all sessions were held and enough of them attended."""
        return self.held > 0 and self.held == self.planned and self.attended * 100 >= share * self.held


def room_code(session: int, at: dt.datetime) -> str:
    """What the picture in the room carries: the session, the time, and the city's keyed mark over both."""
    text = f"{session}-{int(at.timestamp())}"
    return f"{text}-{_mark(text)}"


def open_code(code: str, at: dt.datetime) -> int:
    """The session of a code. Raises LearningError for one that was forged (`code`) or is old (`late`)."""
    text, _dash, mark = code.rpartition("-")
    session, _dash, stamp = text.partition("-")
    digits = session.isascii() and session.isdigit() and stamp.isascii() and stamp.isdigit()
    if not digits or len(text) > 40 or not hmac.compare_digest(mark.encode(), _mark(text).encode()):
        raise LearningError("code", _("This code is not one of ours. Scan the picture in the room again."))
    shown = dt.datetime.fromtimestamp(int(stamp), dt.UTC)
    if not dt.timedelta(0) <= at - shown <= ROOM:
        raise LearningError("late", _("This code is too old. Scan the picture in the room again."))
    return int(session)


def _mark(text: str) -> str:
    return crypto.keyed_hash(text, _PURPOSE)[:32]


# Why a certificate is taken back.
REASONS: Mapping[str, Promise] = {
    "mistake": _("It was issued by mistake"),
    "wrong_name": _("The name is wrong; a new one follows"),
    "fraud": _("The attendance was not true"),
}
# What `okat.files.credentials` finds, in words for whoever holds the certificate.
VERDICTS: Mapping[str, Promise] = {
    "": _("This certificate holds."),
    "unreadable": _("This is not a certificate of this city, or something was added to the file."),
    "issuer": _("This certificate was not signed by this city."),
    "key_revoked": _("The key that signed this certificate was called back. Ask for a new certificate."),
    "signature": _("This certificate was changed after it was signed. It does not hold."),
    "not_yet": _("This certificate is not valid yet."),
    "expired": _("This certificate was genuine, but its time is over."),
    "revoked": _("This certificate was genuine, but it was taken back."),
    "status": _("Whether this certificate was taken back cannot be found out."),
    "unknown": _("No certificate with this number is known here. Check the number, or send the file itself."),
}
TOLD: Mapping[str, Promise] = {
    "learning.enrol": _("Enrolled somebody in a course"),
    "learning.end": _("Ended somebody's place in a course"),
    "learning.rule": _("Set when a course counts as completed"),
    "learning.attend": _("Noted who attended a session"),
    "learning.correct": _("Corrected who attended a session"),
    "learning.move": _("Moved attendance to the right session"),
    "learning.sign_in": _("Signed in to a session in the room"),
    "learning.cancel_session": _("Cancelled a session"),
    "learning.issue": _("Issued a certificate"),
    "learning.revoke": _("Took a certificate back"),
    "learning.call_back_key": _("Called a signing key back"),
    "learning.download": _("Downloaded a certificate"),
    "learning.erase": _("Erased learning with a person's record"),
}
