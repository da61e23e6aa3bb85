"""Wrapping the data keys again after a new city key: no sealed value is touched, and a kill loses nothing."""

import datetime as dt
import time
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from okat.city.core import audit, crypto
from okat.city.core.models import DataKey


def behind() -> int:
    """How many data keys are still wrapped with an older city key, or with another city's."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from core_datakey where {_OLD}", [_prefix(), _prefix()])  # noqa: S608 - constant
        return int(cursor.fetchone()[0])


def rewrap(batch: int = 1000, *, unopened: set[UUID] | None = None) -> Iterator[int]:
    """Wrap what is behind with the first key, one transaction for each batch; yields how many are done so far. What no
    key in the file opens is put into `unopened`, stays as it is, and keeps the rest from nothing."""
    done, shut = 0, set() if unopened is None else unopened
    while True:
        seen = len(shut)
        count = _one_batch(batch, shut)
        if not count and len(shut) == seen:
            break
        done += count
        if count:
            yield done
    audit.record(by=None, verb="core.rotate_keys", fields=[settings.KEYRING.first])


def moment() -> dt.datetime:
    """Now, by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        found: dt.datetime = cursor.fetchone()[0]
    return found


def older_than(moment: dt.datetime) -> list[str]:
    """Transactions in this database that began before `moment` and may still write what the older key wraps.

    One line each: the process and since when. Whatever begins later reads the key file as it is now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OLDER, [READER, moment])
        return [f"{pid} ({at:%H:%M:%S})" for pid, at in cursor.fetchall()]


def finish(moment: dt.datetime, *, wait: float, unopened: set[UUID] | None = None) -> list[str]:
    """Wrap also what was being written while the key changed; the transactions from before `moment` that are still
    there after `wait` seconds (empty: nothing is sealed by an older key, and nothing will be)."""
    end, shut = time.monotonic() + wait, set() if unopened is None else unopened
    while (older := older_than(moment)) and time.monotonic() < end:
        time.sleep(0.2)
    while behind() > len(shut) and time.monotonic() < end + wait:
        if not _one_batch(1000, shut):
            time.sleep(0.2)  # somebody holds the rows for a moment
    return older


READER = "okat backup"  # copies the database for as long as it takes, and writes nothing
_OLDER = """
select pid, xact_start from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
and backend_type = 'client backend' and application_name not in (%s, 'pg_dump') and xact_start < %s order by xact_start
"""
# Compared as bytes: the name of the key stands before the colon.
_OLD = "substring(wrapped from 1 for octet_length(%s::bytea)) <> %s::bytea"


def _prefix() -> bytes:
    return settings.KEYRING.first.encode() + b":"


@transaction.atomic
def _one_batch(size: int, shut: set[UUID]) -> int:
    """How many were wrapped again; those that nothing opens are added to `shut`."""
    rows: QuerySet[DataKey] = DataKey.objects.exclude(id__in=shut).extra(where=[_OLD], params=[_prefix(), _prefix()])  # noqa: S610 - constant
    keys = list(rows.select_for_update(skip_locked=True, no_key=True).order_by("id")[:size])
    done = []
    for key in keys:
        subject = str(key.id)
        try:
            key.wrapped = crypto.wrap(crypto.unwrap(bytes(key.wrapped), subject), subject)
        except crypto.SealError:
            shut.add(key.id)
        else:
            done.append(key)
    DataKey.objects.bulk_update(done, ["wrapped"])
    return len(done)
