"""Reading notices, always one's own."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from okat.city.accounts.models import User
from okat.city.accounts.queries import reachable
from okat.city.accounts.rules import Channel
from okat.city.core.together import Together
from okat.city.notices.models import Notice, Preference


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(user=user)


def notice_of(user: User, pk: int) -> Notice | None:
    return notices_of(user).filter(pk=pk).first()


def unread_of(user: Any) -> Coalesce:
    """How many a user (an id, or a reference to one) has not read, as a column."""
    rows = Notice.objects.filter(user=user, read_at=None).order_by().values("user").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0)


def unread(user: User) -> int:
    """How many are unread."""
    return notices_of(user).filter(read_at=None).count()


def to_mail(user: User) -> list[Notice]:
    """Unread and not yet announced by a letter."""
    return list(notices_of(user).filter(read_at=None, mailed_at=None))


def counted(user: User, ids: list[int]) -> list[Notice]:
    """Those that a letter to the user spoke of."""
    return list(notices_of(user).filter(pk__in=ids))


def preference_of(user: User) -> Preference:
    """The user's own, or an unsaved one with the usual values."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


_WISH = Together(int, rows=lambda user: Preference.objects.filter(user=user))


def preferences_of(users: list[User]) -> dict[int, Preference]:
    alone = len(users) == 1  # as most notices go
    rows = _WISH.of(users[0].pk)["rows"] if alone else Preference.objects.filter(user__in=users)
    return {p.user_id: p for p in rows}


def addresses(user: Any, kind: str) -> dict[str, str]:
    """Where letters to a user may go, by channel, the most wished first."""
    found = reachable([user])[user.pk]
    return {channel.value: found[channel] for channel in (Channel.EMAIL,) if channel in found}


def unread_context(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices` for every template; it came with the user, or is asked for where a page shows it."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {"unread_notices": 0}
    return {"unread_notices": getattr(user, "unread", SimpleLazyObject(lambda: unread(request.user)))}  # type: ignore[arg-type]
