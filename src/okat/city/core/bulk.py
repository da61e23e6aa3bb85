"""Many rows at once by PostgreSQL's COPY, which spares building and parsing long INSERT statements; triggers run.

A connection takes nothing else while a COPY is open on it: a query asked then would wait for ever for its own
connection. So all values are there before it opens, and `core.connections` refuses whatever asks in between.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from okat.city.core.columns import given, value_of


def copy_in(rows: Sequence[Model]) -> None:
    """Insert new rows of one model inside the caller's transaction.

    Unlike `bulk_create` it takes no answer from the database: keys that the database counts stay unknown here.
    Constraints hold and triggers run as for an INSERT; a row that breaks one raises IntegrityError.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = given(model)
    values = [value_of(f) for f in fields]
    copy_values(model, [f.column or f.attname for f in fields], ([value(row) for value in values] for row in rows))
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def copy_values(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert bare values; making them may ask the database, since all are made first."""
    made = list(rows)
    if not made:
        return
    quoted = connection.ops.quote_name
    statement = f"COPY {quoted(model._meta.db_table)} ({', '.join(map(quoted, columns))}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for values in made:
            copy.write_row(values)
