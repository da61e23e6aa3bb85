"""Statements whose text is made once in a process and planned once in a connection.

Writing, planning and taking apart a statement of one row costs more than the row. What a page does at every request
goes through here; what it does seldom is better left to query sets (ADR 14).
"""

import functools
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import IntegrityError, connection
from django.db.models import Field, Model

from okat.city.core.columns import given, value_of


class _Prepared(psycopg.Cursor[Any]):
    """Lets the database plan the statement once for each connection: that costs more than to run it."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        return super().execute(query, params, **{**more, "prepare": True})


def cursor() -> Any:
    connection.close_if_health_check_failed()  # as Django's own cursors do: the database may have died since
    connection.ensure_connection()
    made: Any = _Prepared(connection.connection)
    # Counted and logged like every statement of Django's own.
    return connection._prepare_cursor(made)  # type: ignore[attr-defined]  # the stubs leave it out


def insert(row: Model) -> None:
    """As `row.save(force_insert=True)`, without signals. Raises IntegrityError for what a constraint refuses."""
    if not _insert(row, ""):
        raise IntegrityError(f"{row._meta.label} was not inserted")


def insert_all(rows: Sequence[Model]) -> None:
    """Several rows of one model; most often it is one."""
    if len(rows) == 1:
        insert(rows[0])
    elif rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=2000)


def insert_new(row: Model) -> bool:
    """Insert it unless a unique constraint has it already; whether it was new. Waits for whoever inserts the same."""
    return _insert(row, " ON CONFLICT DO NOTHING")


def update(row: Model, *names: str) -> None:
    """As `row.save(update_fields=names)`, without signals. `names` are columns of the model, all without any."""
    fields = given(type(row)) if not names else tuple(row._meta.get_field(name) for name in names)
    # The key and the day of making never change.
    written = tuple(f for f in fields if not (f.primary_key or getattr(f, "auto_now_add", False)))  # type: ignore[union-attr]
    key = row._meta.pk
    with cursor() as one:
        one.execute(
            _update_text(type(row), written),
            [value_of(f)(row) for f in (*written, key)],
        )
        if one.rowcount != 1:
            raise IntegrityError(f"{row._meta.label} is not there any more")


def _insert(row: Model, otherwise: str) -> bool:
    with cursor() as one:
        one.execute(_insert_text(type(row), otherwise), [value_of(f)(row) for f in given(type(row))])
        found = one.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


@functools.cache
def _insert_text(model: type[Model], otherwise: str) -> str:
    names = [_quoted(f) for f in given(model)]
    holes = ", ".join(["%s"] * len(names))
    table, key = connection.ops.quote_name(model._meta.db_table), _quoted(model._meta.pk)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes}){otherwise} RETURNING {key}"  # noqa: S608 - names of our own


@functools.cache
def _update_text(model: type[Model], fields: "tuple[Field[Any, Any], ...]") -> str:
    table, key = connection.ops.quote_name(model._meta.db_table), _quoted(model._meta.pk)
    return f"UPDATE {table} SET {', '.join(f'{_quoted(f)} = %s' for f in fields)} WHERE {key} = %s"  # noqa: S608 - names of our own


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)
