"""Which key file this database belongs to: a mark of each key stands in it from its first use on.

Every fresh file calls its first key k1. Without a mark another city's file would be taken for this one's, and what was
sealed under it could not be read again.
"""

import hmac
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from okat.city.core import crypto
from okat.city.core.models import AuditEntry, DataKey, KeyMark
from okat.city.core.numbers import whole

ROOT = "root"  # of the keyed hashes and signatures; no key that seals bears this name


class OtherKeysError(Exception):
    """The key file at hand is not the one that this database was sealed with."""


class NameTakenError(Exception):
    """Another copy of the key file gave the name to a key of its own."""


def marks() -> dict[str, str]:
    """The marks of the keys at hand, by name. A mark tells nothing of its key."""
    ring = settings.KEYRING
    return {name: _mark(key) for name, key in {**ring.sealing, ROOT: ring.root}.items()}


def differ(noted: dict[str, str]) -> bool:
    """Whether one of the keys at hand bears the name of another key that is noted."""
    return any(noted.get(name, mark) != mark for name, mark in marks().items())


def strange() -> bool:
    """Whether the keys at hand are another city's. A database of before the marks is asked whether they open it."""
    noted = dict(KeyMark.objects.values_list("name", "mark"))
    if not noted:
        samples = DataKey.objects.order_by("-made_at").values_list("id", "wrapped")[:20]
        return bool(samples) and not any(_opens(wrapped, str(key)) for key, wrapped in samples)
    return differ(noted) and _used()


@transaction.atomic
def note() -> None:
    """Write down the marks of keys that are new here. Raises OtherKeysError."""
    if strange():
        raise OtherKeysError
    if differ(dict(KeyMark.objects.values_list("name", "mark"))):
        KeyMark.objects.all().delete()  # nothing was done with the keys that were noted
    KeyMark.objects.bulk_create(
        [KeyMark(name=name, mark=mark) for name, mark in marks().items()], ignore_conflicts=True
    )


def names() -> set[str]:
    """Names that a key bears or has borne, in any copy of the key file."""
    return set(KeyMark.objects.values_list("name", flat=True))


def newer_elsewhere(name: str) -> bool:
    """Whether a key of this name was made after the first one at hand, by a command that had another copy of the file:
    the file at hand is then no longer the city's, or that key is lost. One that was lost long ago is older."""
    ring = settings.KEYRING
    return name not in ring.sealing and name in names() and number(name) > number(ring.first)


def number(name: str) -> int:
    """k10 is newer than k9."""
    return whole(name[1:]) or 0


def reserve(name: str, key: bytes) -> None:
    """Write down a key before any file has it: two copies of the file, on two machines, give no name to two keys.
    Raises NameTakenError."""
    try:
        with transaction.atomic():
            KeyMark.objects.create(name=name, mark=_mark(key))
    except IntegrityError as error:
        raise NameTakenError(name) from error


def there() -> bool:
    """Whether the database has the table at all yet."""
    return KeyMark._meta.db_table in connection.introspection.table_names()


def unopened(rows: Iterable[tuple[Any, Any]] | None = None) -> Counter[str]:
    """How many wrapped keys nothing in the file opens, by the name of the key that wrapped them. Reads all of them."""
    every = DataKey.objects.values_list("id", "wrapped").iterator() if rows is None else rows
    return Counter(name_of(wrapped) for key, wrapped in every if not _opens(wrapped, str(key)))


def name_of(wrapped: Any) -> str:
    return bytes(wrapped).partition(b":")[0].decode("ascii", "replace")[:40]


def _used() -> bool:
    return DataKey.objects.exists() or AuditEntry.objects.exists()


def _opens(wrapped: Any, subject: str) -> bool:
    try:
        crypto.unwrap(bytes(wrapped), subject)
    except crypto.SealError:
        return False
    return True


def _mark(key: bytes) -> str:
    return hmac.digest(key, b"okat:mark", "sha256").hex()
