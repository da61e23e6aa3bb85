"""Identifiers for the outside: HSDS wants UUIDs, and some of our rows have numbers.

A number goes into the low 62 bits of a version 8 UUID (RFC 9562, section 5.8) whose other bits name the site and the
kind; so it is found again without a table, and two cities never use the same one.
"""

import hashlib
from functools import lru_cache
from uuid import UUID

from django.conf import settings

_LOW = (1 << 62) - 1


def outer(kind: str, number: int) -> UUID:
    """The identifier of row `number` (0 to 2^62 - 1) of a kind."""
    return UUID(int=_frame(settings.SITE_URL, kind) | number)


def inner(kind: str, identifier: UUID) -> int | None:
    """The number in it; None if it is not of this site and kind."""
    number = identifier.int & _LOW
    return number if outer(kind, number) == identifier else None


def coded(kind: str, code: str) -> UUID:
    """The identifier of something that has a code in place of a number."""
    return outer(kind, int.from_bytes(hashlib.sha256(code.encode()).digest()[:7], "big"))


def twin(kind: str, identifier: UUID) -> UUID:
    """The identifier of the one thing of a kind that belongs to a row; the twin of the twin is the row's own."""
    mask = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:6], "big")
    return UUID(int=identifier.int ^ mask)


@lru_cache(maxsize=64)
def _frame(site: str, kind: str) -> int:
    name = int.from_bytes(hashlib.sha256(f"{site}/{kind}".encode()).digest()[:8], "big")
    high, middle = name >> 16, name & 0xFFF
    return high << 80 | 8 << 76 | middle << 64 | 2 << 62
