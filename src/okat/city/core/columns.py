"""What a row's field writes into its column: the short way where Django's long one would change nothing."""

import functools
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import AutoField, CharField, Field, ForeignKey, Model, TextField

# Columns whose values the database takes as they stand on the row.
_AS_IT_IS = frozenset({
    "UUIDField", "DateField", "FloatField", "BooleanField", "BigIntegerField", "IntegerField", "BinaryField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "BigAutoField",
})  # fmt: skip


@functools.cache
def given(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    """The columns that a new row gives; the database makes the others."""
    return tuple(f for f in model._meta.local_concrete_fields if not isinstance(f, AutoField) and not f.generated)


@functools.cache
def value_of(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """How a new row's value for a column is had."""
    stands = attrgetter(field.attname)
    kind = _target(field).get_internal_type()
    if kind in _AS_IT_IS or (kind == "DateTimeField" and not (field.auto_now or field.auto_now_add)):  # type: ignore[attr-defined]
        return stands
    if isinstance(field, (CharField, TextField)):
        return lambda row: _text(stands(row))
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _text(value: Any) -> Any:
    """A member of an enumeration is written as its value."""
    return value if value is None or type(value) is str else str(value)


def _target(field: "Field[Any, Any]") -> "Field[Any, Any]":
    """The column that a reference repeats, or the column itself."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field
