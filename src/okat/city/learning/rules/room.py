"""The code that is shown in the room."""

import datetime as dt
import hmac

from django.utils.translation import gettext_lazy as _

from okat.city.core import crypto
from okat.city.core.numbers import whole
from okat.city.learning.rules import LearningError

EARLY = dt.timedelta(minutes=30)  # before a session begins, signing in is open
ROOM = dt.timedelta(minutes=5)  # so long a code that was shown in the room is good: time to sign in to the site
_PURPOSE = "learning.room"


def room_code(session: int, at: dt.datetime) -> str:
    """What the picture in the room carries: the session, the time, and the city's keyed mark over both."""
    text = f"{session}-{int(at.timestamp())}"
    return f"{text}-{_mark(text)}"


def open_code(code: str, at: dt.datetime) -> int:
    """The session of a code. Raises LearningError for one that was forged (`code`) or is old (`late`)."""
    text, _dash, mark = code.rpartition("-")
    session, _dash, stamp = text.partition("-")
    number, second = whole(session), whole(stamp)
    if number is None or second is None or not hmac.compare_digest(mark.encode(), _mark(text).encode()):
        raise LearningError("code", _("This code is not one of ours. Scan the picture in the room again."))
    shown = dt.datetime.fromtimestamp(second, dt.UTC)
    if not dt.timedelta(0) <= at - shown <= ROOM:
        raise LearningError("late", _("This code is too old. Scan the picture in the room again."))
    return number


def _mark(text: str) -> str:
    return crypto.keyed_hash(text, _PURPOSE)[:32]
