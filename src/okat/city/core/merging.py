"""Moving one person's rows to another record and back, for every app the same way."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class Column:
    """A foreign key to a person: `model` as "app.Model", its `field`, and the other fields of a unique rule in which
    a row that the kept record has as well stays where it is. `where` narrows to the rows the unique rule is about."""

    model: str
    field: str = "person"
    unique: tuple[str, ...] = ()
    where: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Repoint:
    """The merge handler of an app whose rows point to a person (registries.MERGE)."""

    columns: tuple[Column, ...]

    def move(self, gone: UUID, keep: UUID) -> list[str]:
        """Point the rows of `gone` to `keep`; "app.Model.field:id" of each row moved."""
        return [name for column in self.columns for name in _move(column, gone, keep)]

    def back(self, gone: UUID, keep: UUID, moved: Sequence[str]) -> None:
        """Give the rows that were moved back; rows that are there no longer are passed over."""
        for column in self.columns:
            name = f"{column.model}.{column.field}"
            ids = [item.rpartition(":")[2] for item in moved if item.startswith(f"{name}:")]
            rows = _rows(column).filter(pk__in=ids, **{column.field: keep})
            rows.update(**{column.field: gone})


def _rows(column: Column) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = apps.get_model(column.model)._default_manager.all()
    return rows


def _move(column: Column, gone: UUID, keep: UUID) -> list[str]:
    mine = _rows(column).filter(**{column.field: gone})
    if column.unique:
        rule = dict(column.where)
        theirs = _rows(column).filter(**{column.field: keep}, **rule)
        for values in theirs.values(*column.unique):
            mine = mine.exclude(**values, **rule)
    ids = list(mine.values_list("pk", flat=True))
    _rows(column).filter(pk__in=ids).update(**{column.field: keep})
    return [f"{column.model}.{column.field}:{pk}" for pk in ids]
