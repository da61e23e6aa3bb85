"""How often somebody may do something. Counts live in PostgreSQL, so that all workers share them.

A kept library would need a shared cache; the city has none, and Django's database cache cannot count safely
when two workers add at once. One upsert can.

A count belongs to whoever fills it: an account, or a connection. One that strangers fill together (by what they typed:
a login, somebody's address) may slow strangers down, and must leave a way that stays open to the owner.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from okat.city.core import clock, crypto, refusals
from okat.city.core.models import RateCount

DAY = 24 * 60 * 60
View = Callable[..., HttpResponse]

_ADD = """
insert into core_ratecount (key, until, count) values (%s, to_timestamp(%s), 1)
on conflict (key) do update set count = core_ratecount.count + 1 returning count
"""


def wait_for(*, name: str, who: str, limit: int, seconds: int) -> int:
    """Count one try; 0 when it is within `limit` per `seconds`, else the seconds until the next is allowed."""
    stamp, end = _window(seconds)
    return 0 if _add(name, who, end) <= limit else end - stamp


def tally(*, name: str, who: str, seconds: int) -> int:
    """Count one; how many there are now in the window of `seconds`. With the window's end they are forgotten."""
    return _add(name, who, _window(seconds)[1])


def tallied(*, name: str, who: str, seconds: int) -> int:
    """How many `tally` has counted in the present window."""
    key = _key(name, who, _window(seconds)[1])
    return RateCount.objects.filter(key=key).values_list("count", flat=True).first() or 0


def _window(seconds: int) -> tuple[int, int]:
    """Now, and when the window ends that holds it."""
    stamp = int(clock.now().timestamp())
    return stamp, (stamp // seconds + 1) * seconds


def _key(name: str, who: str, end: int) -> str:
    return crypto.keyed_hash(f"{who}:{end}", f"limit:{name}")


def _add(name: str, who: str, end: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [_key(name, who, end), end])
        count = int(cursor.fetchone()[0])
    if count == 1:
        RateCount.objects.filter(until__lt=clock.now()).delete()
    return count


def client_address(request: HttpRequest, *_rest: object) -> str:
    """Where the request came from; behind a proxy of ours, the address that the proxy itself saw (the last one)."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def asker(request: HttpRequest) -> str:
    """Whose tries are counted together: an account's at one connection, and of one connection those without an account.
    So nobody who shares a connection (a village's, an office's) fills the count of who is signed in."""
    user = getattr(request, "user", None)
    own = f"{user.pk}@" if user is not None and user.is_authenticated else ""
    return f"{own}{client_address(request)}"


def limited(name: str, *, limit: int, seconds: int, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Answer 429 with a plain page when one asks more than `limit` times in `seconds`."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return view(request, *args, **kwargs)
            wait = wait_for(name=name, who=asker(request), limit=limit, seconds=seconds)
            return too_many(request, wait) if wait else view(request, *args, **kwargs)

        counted.__dict__["okat_limit"] = name
        return counted

    return mark


def too_many(request: HttpRequest, wait: int, said: str = "") -> HttpResponse:
    """The page that asks to wait, in minutes rounded up; `said`: what there was too much of, if not requests."""
    return refusals.refused(request, refusals.TOO_MANY, {"minutes": -(-wait // 60), "said": said}, wait=wait)
