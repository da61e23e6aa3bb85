"""Taking letters out: each by one sender at a time, and never lost.

A letter in hand is leased: its row is free at once, so no transaction stays open while a server thinks, and when the
sender dies the lease runs out and the letter goes again, under the same key.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from okat.city.core import clock
from okat.city.core.models import DataKey, Letter
from okat.city.core.outbox.channels import CHANNELS
from okat.city.core.outbox.channels.shape import BrokenError, DownError, LaterError, NotSentError, Receipt, RefusedError
from okat.city.core.outbox.kinds import KINDS, Words

log = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=3)  # longer than the slowest talk with a server: each of its steps ends in 10 seconds
MOST_TRIES = 10  # after 1, 2, 4 ... minutes, at most two hours apart: about seven hours in all
LONGEST_WAIT = dt.timedelta(hours=2)
OUR_FAULT = "our_fault"  # of this program, whose log says more

# A user's addresses by channel, the most wished first.
Addresses = Callable[[AbstractBaseUser, str], Mapping[str, str]]
_addresses: Addresses | None = None


def provide(source: Addresses) -> None:
    """The app that knows confirmed addresses and wishes hands in its answer when it starts (once)."""
    global _addresses  # noqa: PLW0603 - the one registry with a single value
    if _addresses is not None and _addresses is not source:
        raise RuntimeError("addresses have two sources")
    _addresses = source


def send_due() -> int:
    """Send all that may go now; how many were in hand."""
    count = 0
    while (letter := _take()) is not None:
        _deal_with(letter)
        count += 1
    return count


@transaction.atomic
def _take() -> Letter | None:
    now = clock.now()
    rows = Letter.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).select_related("user", "key")
    due = rows.filter(Q(leased_until=None) | Q(leased_until__lt=now), state=Letter.State.WAITING, go_at__lte=now)
    letter = due.order_by("go_at", "id").first()
    if letter is not None:
        letter.tries, letter.leased_until, letter.fold = letter.tries + 1, now + LEASE, ""
        letter.save(update_fields=["tries", "leased_until", "fold"])
    return letter


def _deal_with(letter: Letter) -> None:
    try:
        _carry(letter)
    except NotSentError as error:
        _not_sent(letter, error)
    except Exception:
        # A fault of ours must not stop the letters behind it; the log says which kind, never what it holds.
        log.exception("a letter of kind %s could not be made", letter.kind)
        _not_sent(letter, BrokenError(OUR_FAULT))


def _carry(letter: Letter) -> None:
    if letter.kind not in KINDS:  # its app is gone
        _end(letter, Letter.State.DROPPED)
        return
    language = letter.language or getattr(letter.user, "language", "") or "th"
    with translation.override(language):
        words = KINDS[letter.kind].words(letter)
        if words is None:
            _end(letter, Letter.State.DROPPED)
            return
        channel, address = _way(letter)
        if not channel:
            _end(letter, Letter.State.FAILED if letter.tried else Letter.State.HELD)
            return
        letter.channel = channel
        receipt = _hand_over(letter, channel, address, words, language)
    _end(letter, Letter.State.SENT, receipt)


def _hand_over(letter: Letter, channel: str, address: str, words: Words, language: str) -> Receipt:
    try:
        return CHANNELS[channel].send(key=letter.id, address=address, words=words, language=language)
    except NotSentError:
        raise
    except Exception as error:  # in what carries this channel: in the end another one may
        log.exception("a letter of kind %s could not be carried by %s", letter.kind, channel)
        raise LaterError(OUR_FAULT) from error


def _way(letter: Letter) -> tuple[str, str]:
    """The first channel that has not refused the letter, and the address there; empty for none."""
    own = letter.secret.get("address", "")
    if own:
        ways: Mapping[str, str] = {letter.channel: own}
    elif letter.user is None or not letter.user.is_active or _addresses is None:
        ways = {}
    else:
        ways = _addresses(letter.user, letter.kind)
    fit = ((name, to) for name, to in ways.items() if name not in letter.tried and CHANNELS[name].is_set_up())
    return next(fit, ("", ""))


@transaction.atomic
def _end(letter: Letter, state: Letter.State, receipt: Receipt | None = None) -> None:
    """Nothing more will happen to it, so what it held is destroyed. A held one may still go."""
    given = receipt or Receipt()
    rows = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING)
    done = rows.update(
        state=state, channel=letter.channel, cost=given.cost, receipt=given.name[:100], done_at=clock.now(),
        leased_until=None, fault=letter.fault if state == Letter.State.FAILED else "",
    )  # fmt: skip
    if not done:
        return  # whoever took it over after the lease was quicker
    if state == Letter.State.HELD:  # an older one that is held would tell the same
        older = Letter.objects.filter(user=letter.user, kind=letter.kind, state=Letter.State.HELD)
        older.exclude(pk=letter.pk).exclude(user=None).update(state=Letter.State.DROPPED, params={})
    else:
        Letter.objects.filter(pk=letter.pk).update(params={}, sealed=None, key=None)
        if letter.key_id is not None:
            DataKey.objects.filter(pk=letter.key_id).delete()
    if letter.kind in KINDS:
        kind = KINDS[letter.kind]
        after = {Letter.State.SENT: kind.sent, Letter.State.FAILED: kind.failed}.get(state)
        if after is not None:
            _then(after, letter)


def _then(after: Callable[[Letter], None], letter: Letter) -> None:
    """What follows in the app that posted it. That it goes wrong there sends no letter twice, and keeps none going."""
    try:
        with transaction.atomic():
            after(letter)
    except Exception:
        log.exception("what follows a letter of kind %s went wrong", letter.kind)
        Letter.objects.filter(pk=letter.pk).update(fault=OUR_FAULT)


@transaction.atomic
def _not_sent(letter: Letter, error: NotSentError) -> None:
    """The same way later, the next way at once, or the end."""
    letter.fault = error.code
    over = letter.tries >= MOST_TRIES
    if over and isinstance(error, BrokenError):
        _end(letter, Letter.State.FAILED)
        return
    if isinstance(error, RefusedError) or over or (isinstance(error, DownError) and _other_way(letter)):
        letter.tried = [*letter.tried, letter.channel]
        if not _way(letter)[0]:
            _end(letter, Letter.State.FAILED)
            return
        wait, tries = dt.timedelta(0), 0
    else:
        after = error.after if isinstance(error, LaterError) else None
        wait = after or min(dt.timedelta(minutes=2 ** (letter.tries - 1)), LONGEST_WAIT)
        tries = letter.tries
    mine = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING, tries=letter.tries)
    mine.update(
        go_at=clock.now() + wait, leased_until=None, fault=error.code, channel=letter.channel, tried=letter.tried,
        tries=tries,
    )  # fmt: skip


def _other_way(letter: Letter) -> bool:
    probe = Letter(user=letter.user, kind=letter.kind, channel=letter.channel, key=letter.key, sealed=letter.sealed)
    probe.tried = [*letter.tried, letter.channel]
    return bool(_way(probe)[0])


HELD_DAYS = 14


def let_go_held() -> int:
    """Letters that had no way look for one again, for some days: the reader may have confirmed an address since."""
    now = clock.now()
    rows = Letter.objects.filter(state=Letter.State.HELD)
    fresh = rows.filter(made_at__gte=now - dt.timedelta(days=HELD_DAYS))
    return fresh.update(state=Letter.State.WAITING, tries=0, go_at=now, tried=[])
