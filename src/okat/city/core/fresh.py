"""Whether whoever asks has just shown that it is them: what opens an account is not changed by a session alone.

A session may be stolen, or left open on a desk. So actions that change a password, a second factor, an address or a
role are `guarded`: within a request they are done only after a proof (the password, a code, a link from a letter), and
a view that forgot to ask for one fails instead of doing them. Views ask by accounts.views.again.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

from django.http import HttpRequest

from okat.city.core import audit, clock

F = TypeVar("F", bound=Callable[..., object])
SECONDS = 300
KEY = "shown_at"  # in the session
_shown: ContextVar[bool] = ContextVar("okat_shown", default=False)


class NotShownError(RuntimeError):
    """A view changes what opens an account without having asked for a proof; that is a fault in the view."""


def note(request: HttpRequest) -> None:
    """The password or a code was right in this moment."""
    request.session[KEY] = clock.now().timestamp()


def recently(request: HttpRequest) -> bool:
    """Whether that was within the last five minutes, in this session."""
    shown = request.session.get(KEY)
    return isinstance(shown, float) and 0 <= clock.now().timestamp() - shown < SECONDS


@contextlib.contextmanager
def trusted() -> Iterator[None]:
    """For views that have seen a proof."""
    token = _shown.set(True)
    try:
        yield
    finally:
        _shown.reset(token)


def guarded(function: F) -> F:
    """Mark an action that changes what opens an account (below `@action`). Commands and jobs are their own proof."""

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> object:
        if audit.request_key.get() and not _shown.get():
            raise NotShownError(function.__qualname__)
        return function(*args, **kwargs)

    wrapped.__dict__["okat_guarded"] = True
    return wrapped  # type: ignore[return-value]  # same signature
