"""Parts of pages that are the same for everybody, drawn once and kept for a moment.

Whatever changes what such a part shows calls `forget`: the next reader of this server process sees the change at
once, those of its sister processes within SECONDS.
"""

import hashlib
import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SECONDS = 20
LONGEST = 300  # characters of an address; longer ones are not kept


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


def forget(name: str) -> None:
    """Draw the parts of this name anew once the present transaction holds."""
    transaction.on_commit(lambda: cache.delete(f"kept:{name}"))
