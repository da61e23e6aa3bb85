"""What kinds of notice there are, and when a letter about them may be sent."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.rules import Channel
from okat.city.core.registries import Registry

NEW = "notices.new"  # the letter that says that there is something to read
MORNING = dt.time(7, 30)
# Where nobody has chosen other hours, nothing that rings goes out at night.
NIGHT = (dt.time(20), dt.time(8))
RINGS = frozenset({Channel.SMS, Channel.LINE})
# What people read first, and what costs the city most last.
ORDER = (Channel.LINE, Channel.EMAIL, Channel.SMS)
CHANNELS: Mapping[Channel, Promise] = {
    Channel.LINE: _("LINE"),
    Channel.EMAIL: _("E-mail"),
    Channel.SMS: _("SMS"),
}


class MailWish(StrEnum):
    NOW = "now"
    DAILY = "daily"
    NEVER = "never"


NEWS = _("There is news about something that concerns you.")
PLACE_OFFERED = _("A place is offered to you.")


@dataclass(frozen=True)
class Kind:
    """`text` is a lazy translation with `%(name)s` places; it is put into words in the reader's language.

    `plain` says the same without anything of its own, for an SMS and for a slip of paper. `binding`: there is a day by
    which to answer, which is told with it (`until`), or a way that would be gone in vain; nobody can leave it out.
    `asked`: whoever has no account is asked by an office on whose Today that stands, and needs no paper.
    """

    text: Promise
    mail: bool = True
    plain: Promise = NEWS
    binding: bool = False
    asked: bool = False


# Filled by the apps that send, when they start. Key: `app.kind`, as in `cases.offered`. Reader: `notify`.
KINDS: Registry[Kind] = Registry("notices")
# What letters about an app's matters are called where one may leave them out. Key: the app.
GROUPS: Registry[Promise] = Registry("notice groups")


def check_address(url: str) -> None:
    """Raises ValueError for an address that is not a path of this site."""
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError(f"a notice leads to a page of this site, not to {url!r}")


def say(kind: str, params: Mapping[str, object]) -> str:
    """The notice in the active language; a kind whose app is gone says only its name."""
    return str(KINDS[kind].text) % params if kind in KINDS else kind


def letter_at(
    wish: MailWish, now: dt.datetime, quiet_from: dt.time | None, quiet_until: dt.time | None
) -> dt.datetime | None:
    """When to send a letter about something that happened `now` (aware, local); None for never.

    Quiet hours may pass midnight; a letter that falls into them waits for their end.
    """
    if wish is MailWish.NEVER:
        return None
    return awake(_next(now, MORNING) if wish is MailWish.DAILY else now, quiet_from, quiet_until)


def awake(when: dt.datetime, quiet_from: dt.time | None, quiet_until: dt.time | None) -> dt.datetime:
    """`when`, or the end of the quiet hours into which it falls."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return when
    return _next(when, quiet_until) if _within(when.time(), quiet_from, quiet_until) else when


def _within(moment: dt.time, start: dt.time, end: dt.time) -> bool:
    return start <= moment < end if start < end else moment >= start or moment < end


def _next(now: dt.datetime, at: dt.time) -> dt.datetime:
    """The first moment after `now` at which the clock shows `at`."""
    found = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found > now else found + dt.timedelta(days=1)


# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "notices.mailed": _("Sent notices by e-mail"),
    "notices.notify": _("Sent a notice"),
    "notices.over": _("A notice did not hold any more"),
    "notices.preference": _("Chose how to be told"),
    "notices.taken": _("Took away notices of a record that is not the account's any more"),
    "notices.read": _("Read a notice"),
    "notices.read_all": _("Marked all notices as read"),
}
