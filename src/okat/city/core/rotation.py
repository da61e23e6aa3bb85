"""Wrapping the data keys again after a new city key: no sealed value is touched, and a kill loses nothing."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from okat.city.core import audit, crypto
from okat.city.core.models import DataKey


def behind() -> int:
    """How many data keys are still wrapped with an older city key."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from core_datakey where {_OLD}", [_prefix(), _prefix()])  # noqa: S608 - constant
        return int(cursor.fetchone()[0])


def rewrap(batch: int = 1000) -> Iterator[int]:
    """Wrap what is behind with the first key, one transaction for each batch; yields how many are done so far."""
    done = 0
    while count := _one_batch(batch):
        done += count
        yield done
    audit.record(by=None, verb="core.rotate_keys", reason=settings.KEYRING.first)


# Compared as bytes: the name of the key stands before the colon.
_OLD = "substring(wrapped from 1 for octet_length(%s::bytea)) <> %s::bytea"


def _prefix() -> bytes:
    return settings.KEYRING.first.encode() + b":"


@transaction.atomic
def _one_batch(size: int) -> int:
    rows: QuerySet[DataKey] = DataKey.objects.extra(where=[_OLD], params=[_prefix(), _prefix()])  # noqa: S610 - constant
    keys = list(rows.select_for_update(skip_locked=True).order_by("id")[:size])
    for key in keys:
        subject = str(key.id)
        key.wrapped = crypto.wrap(crypto.unwrap(bytes(key.wrapped), subject), subject)
    DataKey.objects.bulk_update(keys, ["wrapped"])
    return len(keys)
