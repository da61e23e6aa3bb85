"""`@action` marks the functions that write: one transaction, keyword-only with `by`, and an audit entry or an error."""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.db import transaction

from okat.city.core import audit

F = TypeVar("F", bound=Callable[..., object])
# Set by `core.once`, whose transaction ends with the action that it runs: a savepoint between the two guards nothing.
# An action that runs inside another keeps its own, since the outer may catch what it raises and go on.
framed: ContextVar[bool] = ContextVar("okat_framed", default=False)


class UnauditedActionError(RuntimeError):
    """An action wrote nothing to the audit trail; that is a fault in the action, and its work is undone."""


def action(function: F) -> F:
    """Wrap a write. Raises TypeError at import for a wrong signature, UnauditedActionError when it left no entry."""
    kinds = {p.name: p.kind for p in inspect.signature(function).parameters.values()}
    if kinds.get("by") is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{function.__qualname__} must take `by` as a keyword")
    if any(kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds.values()):
        raise TypeError(f"{function.__qualname__} must take keywords only")

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> object:
        before, frame = audit.written.get(), framed.get()
        inside = framed.set(False)
        try:
            with transaction.atomic(savepoint=not frame):
                result = function(*args, **kwargs)
                if audit.written.get() == before:
                    raise UnauditedActionError(function.__qualname__)
        finally:
            framed.reset(inside)
        return result

    wrapped.__dict__["okat_action"] = True
    return wrapped  # type: ignore[return-value]  # same signature, checked above
