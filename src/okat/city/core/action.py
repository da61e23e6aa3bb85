"""`@action` marks the functions that write: one transaction, keyword-only with `by`, and an audit entry or an error.

What one works on may be taken away between the page and the lock: wherever it looks for the row, it refuses in words.
A row that it was not given and that is missing all the same stays a fault.
"""

import functools
import inspect
import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from okat.city.core import audit, given
from okat.city.core.refusals import FAULT, GoneError, tells_gone

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., object])
# Set by `core.once`, whose transaction ends with the first action that it runs: a savepoint between the two guards
# nothing. Every further action, and one that runs inside another, keeps its own, since whoever calls it may catch what
# it raises and go on.
framed: ContextVar[bool] = ContextVar("okat_framed", default=False)


class UnauditedActionError(RuntimeError):
    """An action wrote nothing to the audit trail; that is a fault in the action, and its work is undone."""


def action(function: F) -> F:
    """Wrap a write. Raises TypeError at import for a wrong signature; when called, UnauditedActionError when it left no
    entry, and GoneError where a row that it was given is not there any more."""
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
        except (ObjectDoesNotExist, DatabaseError) as error:
            if not tells_gone(error, given.kinds(function, kwargs)):
                setattr(error, FAULT, True)
                raise
            log.warning("%s: a row is not there any more", function.__qualname__, exc_info=True)
            raise GoneError from error
        finally:
            framed.reset(inside)
        framed.set(False)
        return result

    wrapped.__dict__["okat_action"] = True
    return wrapped  # type: ignore[return-value]  # same signature, checked above
