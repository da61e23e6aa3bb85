"""Putting letters into the outbox."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from okat.city.core import clock, jobs, planned
from okat.city.core.limits import DAY, wait_for
from okat.city.core.models import DataKey, Letter
from okat.city.core.outbox.kinds import KINDS
from okat.city.core.refusals import TooOftenError


def post(
    *, kind: str, user: AbstractBaseUser | None = None, channel: str = "", address: str = "",
    params: Mapping[str, Any] | None = None, secret: Mapping[str, Any] | None = None,
    go_at: dt.datetime | None = None, fold: str = "", language: str = "",
) -> Letter | None:  # fmt: skip
    """A letter to a user's confirmed addresses, or to a bare `address` of one `channel`. Call it in the transaction of
    what it tells.

    `params` are codes and titles (JSON), never a resident's data; codes and the like belong in `secret`, which is
    sealed with the address. None where a letter of the same `fold` waits already. Raises KeyError for an unknown kind,
    TooOftenError where no more of this kind go to this address today.
    """
    if bool(address) != bool(channel) or not (address or user):
        raise ValueError("a letter goes to a user, or to an address of a channel")
    row = _letter(kind, channel, address, params, secret, go_at)
    most = KINDS[kind].a_day
    if address and most is not None and (wait := wait_for(name=f"letter:{kind}", who=address, limit=most, seconds=DAY)):
        raise TooOftenError(wait)
    row.user_id, row.fold, row.language = user.pk if user else None, fold, language
    if row.key is not None:
        row.key.save(force_insert=True)
    if not planned.insert_new(row):
        return None
    if row.go_at <= row.made_at:
        jobs.defer("core.send_letters")
    return row


def post_each(
    *, kind: str, channel: str, to: Sequence[tuple[str, Mapping[str, Any]]], go_at: dt.datetime | None = None
) -> None:
    """As `post`, to many bare addresses of one channel, each with its `params`: in a constant number of statements."""
    rows = [_letter(kind, channel, address, params, None, go_at) for address, params in to]
    planned.insert_all([row.key for row in rows if row.key is not None])
    post_all(rows)


def _letter(
    kind: str, channel: str, address: str, params: Mapping[str, Any] | None, secret: Mapping[str, Any] | None,
    go_at: dt.datetime | None,
) -> Letter:  # fmt: skip
    """Not stored yet, and no more is its key."""
    if kind not in KINDS:
        raise KeyError(kind)
    now = clock.now()
    row = Letter(kind=kind, params=dict(params or {}), channel=channel, go_at=go_at or now, made_at=now)
    if address or secret:
        row.key = DataKey.fresh()
        row.sealed = row.key.seal({**(secret or {}), **({"address": address} if address else {})})
    return row


def take_back(wanted: Q) -> int:
    """Letters that still wait and do not hold any more are not sent, and what they held is destroyed; how many. One
    that a sender has in hand at this moment goes out."""
    rows = Letter.objects.filter(wanted, state__in=(Letter.State.WAITING, Letter.State.HELD))
    found = list(rows.values_list("pk", "key"))
    if found:
        mine = Letter.objects.filter(pk__in=[pk for pk, _key in found])
        mine.exclude(state=Letter.State.SENT).update(
            state=Letter.State.DROPPED, params={}, sealed=None, key=None, fold="", done_at=clock.now()
        )
        DataKey.objects.filter(pk__in=[key for _pk, key in found if key is not None]).delete()
    return len(found)


def post_all(rows: Sequence[Letter]) -> None:
    """Many at once; of those that fold into a waiting letter none is made. The keys of what is sealed are stored."""
    if len(rows) == 1 and planned.insert_new(rows[0]):
        made = True
    else:
        Letter.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        made = len(rows) > 1
    if made and any(row.go_at <= row.made_at for row in rows):
        jobs.defer("core.send_letters")
