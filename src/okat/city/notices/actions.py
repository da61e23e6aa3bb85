"""Sending notices and reading them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from okat.city.accounts.models import User
from okat.city.core import audit, clock, outbox, planned
from okat.city.core.action import action
from okat.city.core.models import Letter
from okat.city.notices.models import Notice
from okat.city.notices.queries import Ways, preference_of, to_mail, ways_of
from okat.city.notices.rules import KINDS, NEW, MailWish, check_address, letter_at


@action
def notify(
    *,
    users: Iterable[User],
    kind: str,
    params: Mapping[str, object] | None = None,
    url: str = "",
    records: Mapping[int, UUID] | None = None,
    by: User | None = None,
) -> int:
    """Tell users something; how many were told. Call it inside the action that it tells of, never on its commit:
    what was done and that it was told are one transaction.

    `kind` is registered in `rules.KINDS`; `params` are codes and titles (JSON), never a resident's data; `url` is a
    path of this site. `records`: by account the record of which it is told as its own.
    Letters follow each user's wish, and several notices share one.
    Raises KeyError for an unknown kind and ValueError for an address elsewhere.
    """
    wanted, known = sorted({u.pk: u for u in users if u.is_active}.values(), key=lambda u: u.pk), KINDS[kind]
    check_address(url)
    now, own = clock.now(), records or {}
    planned.insert_all([
        Notice(user=u, kind=kind, params=dict(params or {}), url=url, made_at=now, record=own.get(u.pk)) for u in wanted
    ])  # fmt: skip
    if known.mail:
        ways = ways_of(wanted)
        letters = [_letter(user, ways[user.pk], kind, now) for user in wanted]
        outbox.post_all([letter for letter in letters if letter is not None])
    audit.record(by=by, verb="notices.notify", reason=kind)
    return len(wanted)


@action
def tell_of_change(*, user: User, what: str, by: User | None) -> None:
    """What opens an account was changed (accounts publish `account.changed`): its owner reads it here, too."""
    notify(users=[user], kind=f"account.{what}", url=reverse("accounts:account"), by=by)


@action
def send_unread(*, user: User, by: User | None) -> None:
    """A letter about what was not read yet, as if it were told now; none where nothing is."""
    rows = to_mail(user) if user.is_active else []
    ways, now = ways_of([user])[user.pk], clock.now()
    letter = next(filter(None, (_letter(user, ways, row.kind, now) for row in rows)), None)
    outbox.post_all([letter] if letter is not None else [])
    audit.record(by=by, verb="notices.notify", subject=user, reason="unread")


@action
def mark_read(*, notice: Notice, by: User) -> None:
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    audit.record(by=by, verb="notices.read", subject=notice)


@action
def mark_all_read(*, by: User) -> None:
    Notice.objects.filter(user=by, read_at=None).update(read_at=clock.now())
    audit.record(by=by, verb="notices.read_all", subject=by)


@action
def set_preference(
    *, mail: MailWish, quiet_from: dt.time | None, quiet_until: dt.time | None, first: str = "",
    off: Iterable[str] = (), muted: Iterable[str] = (), by: User,
) -> None:  # fmt: skip
    wish = preference_of(by)
    wish.mail, wish.quiet_from, wish.quiet_until = mail, quiet_from, quiet_until
    wish.first, wish.off, wish.muted = first, sorted(off), sorted(muted)
    wish.save()
    chosen = ["mail", "quiet_from", "quiet_until", "first", "off", "muted"]
    audit.record(by=by, verb="notices.preference", subject=by, fields=chosen)


@action
def mark_mailed(*, notices: list[Notice], by: User | None = None) -> None:
    audit.record_many(by=by, verb="notices.mailed", subjects=notices)
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=clock.now())


@action
def end_notices(*, notices: Iterable[Notice], by: User | None) -> None:
    """They do not hold any more: no letter speaks of them, and nobody brings them on paper."""
    rows = list(notices)
    audit.record_many(by=by, verb="notices.over", subjects=rows)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(over_at=clock.now())


@action
def take_notices(*, notices: Iterable[Notice], by: User | None) -> None:
    """They told an account of a record that is not its own any more: nobody reads them there, and no letter counts
    them."""
    rows = list(notices)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).delete()
    audit.record(by=by, verb="notices.taken")


def _letter(user: User, ways: Ways, kind: str, now: dt.datetime) -> Letter | None:
    """One that waits already will count this notice too. Somebody without a confirmed address gets one that is held, so
    that the city sees it; somebody who wants none gets none."""
    left_out = kind.partition(".")[0] in ways.wish.muted and not KINDS[kind].binding
    if left_out or (ways.confirmed and not ways.open):
        return None
    when = letter_at(MailWish(ways.wish.mail), timezone.localtime(now), *ways.quiet())
    return Letter(user=user, kind=NEW, fold=f"{NEW}:{user.pk}", go_at=when, made_at=now) if when else None
