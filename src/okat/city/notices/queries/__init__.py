"""Reading notices, always one's own."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from okat.city.accounts.models import Address, User
from okat.city.accounts.queries import reachable
from okat.city.accounts.rules import Channel
from okat.city.core.outbox import channels
from okat.city.core.together import Together
from okat.city.notices.models import Notice, Preference
from okat.city.notices.rules import NEW, NIGHT, ORDER, RINGS, MailWish


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user)


def notice_of(user: User, pk: int) -> Notice | None:
    return notices_of(user).filter(pk=pk).first()


def unread_of(user: Any) -> Coalesce:
    """How many a user (an id, or a reference to one) has not read and are not over, as a column."""
    rows = (
        Notice.objects.filter(user=user, read_at=None, over_at=None).order_by().values("user").annotate(n=Count("pk"))
    )
    return Coalesce(Subquery(rows.values("n")), 0)


def unread(user: User) -> int:
    """How many are unread, and not over."""
    return notices_of(user).filter(read_at=None, over_at=None).count()


def to_mail(user: User) -> list[Notice]:
    """Unread, not yet announced by a letter, and not over."""
    return list(notices_of(user).filter(read_at=None, mailed_at=None, over_at=None))


def unread_about(users: Any, app: str, abouts: list[str]) -> QuerySet[Notice]:
    """What these (a query of ids) have not read of an app's news of these things, and is not over."""
    rows = Notice.objects.filter(user__in=users, read_at=None, over_at=None)
    return rows.filter(kind__startswith=f"{app}.", params__about__in=abouts).select_related("user")


def told_of(records: Iterable[UUID], *, since: dt.datetime | None = None) -> QuerySet[Notice]:
    """What accounts were told of these records as their own."""
    rows = Notice.objects.filter(record__in=list(records))
    return rows.filter(made_at__gte=since) if since is not None else rows


def counted(user: User, ids: list[int]) -> list[Notice]:
    """Those that a letter to the user spoke of."""
    return list(notices_of(user).filter(pk__in=ids))


def preference_of(user: User) -> Preference:
    """The user's own, or an unsaved one with the usual values."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


@dataclass(frozen=True)
class Ways:
    """How one user wants to be told, and where: confirmed addresses by channel, the most wished first."""

    wish: Preference
    confirmed: Mapping[Channel, str]

    @property
    def open(self) -> dict[Channel, str]:
        """Those that the user left open."""
        if self.wish.mail == MailWish.NEVER:
            return {}
        return {channel: value for channel, value in self.confirmed.items() if channel not in self.wish.off}

    def quiet(self) -> tuple[dt.time | None, dt.time | None]:
        """The user's own quiet hours; the night for what rings, where nothing was chosen."""
        if self.wish._state.adding and next(iter(self.confirmed), None) in RINGS:
            return NIGHT
        return self.wish.quiet_from, self.wish.quiet_until


_WAYS = Together(
    int,
    wishes=lambda user: Preference.objects.filter(user=user),
    addresses=lambda user: Address.objects.filter(user=user, confirmed_at__isnull=False),
)


def ways_of(users: Iterable[User]) -> dict[int, Ways]:
    """By the user's id; channels that the city has not set up are left out."""
    asked = list(users)
    if len(asked) == 1:  # as most notices go
        found = _WAYS.of(asked[0].pk)
        wishes = found["wishes"]
        addresses = {asked[0].pk: {Channel(row.channel): row.value for row in found["addresses"]}}
    else:
        wishes, addresses = list(Preference.objects.filter(user__in=asked)), reachable(asked)
    chosen, there = {wish.user_id: wish for wish in wishes}, channels.set_up()
    return {user.pk: _ways(chosen.get(user.pk) or Preference(user=user), addresses[user.pk], there) for user in asked}


def _ways(wish: Preference, addresses: Mapping[Channel, str], there: Iterable[str]) -> Ways:
    order = sorted(ORDER, key=lambda channel: channel != wish.first)
    return Ways(wish, {channel: addresses[channel] for channel in order if channel in addresses and channel in there})


def out_of_reach(users: Iterable[User], *, binding: bool) -> set[int]:
    """The ids of those whom nothing reaches outside the application. Who wants no letters is reached well enough,
    unless the matter is binding."""
    return {pk for pk, ways in ways_of(users).items() if not (ways.open if binding else ways.confirmed)}


def addresses(user: Any, kind: str) -> dict[str, str]:
    """Where letters to a user may go, by channel, the most wished first. What concerns the account's safety goes to
    every confirmed address, wished or not."""
    ways = ways_of([user])[user.pk]
    return {channel.value: value for channel, value in (ways.open if kind == NEW else ways.confirmed).items()}


def unread_context(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices` for every template; it came with the user, or is asked for where a page shows it."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {"unread_notices": 0}
    return {"unread_notices": getattr(user, "unread", SimpleLazyObject(lambda: unread(request.user)))}  # type: ignore[arg-type]
