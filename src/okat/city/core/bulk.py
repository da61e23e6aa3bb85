"""Many rows at once by PostgreSQL's COPY, which spares building and parsing long INSERT statements; triggers run."""

from collections.abc import Sequence

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
    names = ", ".join(connection.ops.quote_name(f.column or f.attname) for f in fields)
    table, values = connection.ops.quote_name(model._meta.db_table), [value_of(f) for f in fields]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([value(row) for value in values])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias
