"""What is the same for everybody, made once and kept for a moment: parts of pages, and the city's own words.

Whatever changes what is kept calls `forget`: the next reader of this server process sees the change at once, those
of its sister processes within SECONDS. Nothing personal is ever kept.
"""

import hashlib
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SECONDS = 20
LONGEST = 300  # characters of an address; longer ones are not kept
MOST = 2000  # values before those whose time is over are thrown away

T = TypeVar("T")
# By name: until when it holds (monotonic seconds), and the thing itself, which nobody may change.
_values: dict[str, tuple[float, Any]] = {}


def part(name: str, address: str, draw: Callable[[], SafeString]) -> SafeString:
    """What `draw` gives for this address in the reader's language. `draw` must not depend on who reads."""
    if len(address) > LONGEST:
        return draw()
    generation = cache.get_or_set(f"kept:{name}", lambda: uuid.uuid4().hex, None)
    digest = hashlib.sha256(address.encode()).hexdigest()
    key = f"kept:{name}:{generation}:{get_language()}:{digest}"
    found: SafeString | None = cache.get(key)
    if found is None:
        found = draw()
        cache.set(key, found, SECONDS)
    return found


def value(name: str, make: Callable[[], T], seconds: int = SECONDS) -> T:
    """What `make` gives, shared by all threads: a reader must not change it.

    What is made inside a transaction is not kept: it may hold what others may not see yet.
    """
    until, kept = _values.get(name, (0.0, None))
    if time.monotonic() < until:
        return kept  # type: ignore[no-any-return]  # put there under this name by the same `make`
    made = make()
    if not connection.in_atomic_block:
        _tidy()
        _values[name] = (time.monotonic() + seconds, made)
    return made


def _tidy() -> None:
    """Names that nobody asks for any more must not pile up."""
    if len(_values) >= MOST:
        now = time.monotonic()
        for name in [name for name, (until, _kept) in list(_values.items()) if until <= now]:
            _values.pop(name, None)


def forget(name: str) -> None:
    """Make anew what is kept under this name (and `name:...`) once the present transaction holds."""
    _drop(name)  # whoever made the change reads it at once

    def committed() -> None:
        cache.delete(f"kept:{name}")
        _drop(name)

    transaction.on_commit(committed)


def forget_all() -> None:
    """As a server does when it starts."""
    cache.clear()
    _values.clear()


def _drop(name: str) -> None:
    for one in [key for key in list(_values) if key == name or key.startswith(f"{name}:")]:
        _values.pop(one, None)
