"""Moving one person's rows to another record and back, for every app the same way.

What a merge changes is noted row by row and field by field, so that undoing it gives back what was. A row that somebody
changed since keeps that change: it is newer than the merge.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

# [["app.Model", "pk", {"field": [before, after]}], ...] as JSON; None in place of the fields: the row was made.
Changes = list[list[Any]]


@dataclass(frozen=True)
class Column:
    """A foreign key to a person: `model` as "app.Model", its `field`, and the other fields of a unique rule in which
    a row that the kept record has as well stays where it is. `where` narrows to the rows the unique rule is about."""

    model: str
    field: str = "person"
    unique: tuple[str, ...] = ()
    where: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Sealed:
    """A field sealed with the key of the person to whom `path` leads from its row."""

    model: str
    field: str
    path: str = "person"


class Journal:
    """What one merge changes in one app."""

    def __init__(self) -> None:
        self.changes: Changes = []

    def set(self, rows: models.QuerySet[Any], **values: Any) -> None:
        """Set fields of each of the rows, and note what stood there."""
        values = {name: value.pk if isinstance(value, models.Model) else value for name, value in values.items()}
        found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
        for row in found:
            self.note(row, **values)
        rows.model._base_manager.filter(pk__in=[row.pk for row in found]).update(**values)

    def note(self, row: models.Model, **values: Any) -> None:
        """Note what the caller itself is about to write; `values` by column name. The row takes them on."""
        fields = {name: _field(type(row), name) for name in values}
        before = {name: _text(row, field) for name, field in fields.items()}
        for name, field in fields.items():
            setattr(row, field.attname, values[name])
        after = {name: _text(row, field) for name, field in fields.items()}
        changed = {name: [before[name], after[name]] for name in fields if before[name] != after[name]}
        if changed:
            self.changes.append([row._meta.label, str(row.pk), changed])

    def made(self, rows: Iterable[models.Model]) -> None:
        """Rows that are there by the merge alone, and go with it."""
        self.changes += [[row._meta.label, str(row.pk), None] for row in rows]


def put_back(changes: Changes) -> None:
    """Give each row what stood there before, last change first; what is there no longer is passed over."""
    for label, pk, fields in reversed(changes):
        model = apps.get_model(label)
        row = model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            continue
        if fields is None:
            row.delete()
            continue
        known = {name: _field(model, name) for name in fields}
        same = [name for name, field in known.items() if _text(row, field) == fields[name][1]]
        if same:
            values = {known[name].attname: _value(known[name], fields[name][0]) for name in same}
            model._base_manager.filter(pk=pk).update(**values)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _text(row: models.Model, field: Any) -> str | None:
    value = getattr(row, field.attname)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()  # as the database gives it back, whatever zone it was written in
    return None if value is None else str(field.value_to_string(row))


def _value(field: Any, text: str | None) -> Any:
    return None if text is None else field.to_python(text)


@dataclass(frozen=True)
class Repoint:
    """The merge handler of an app whose rows point to a person (registries.MERGE). `stays` names the foreign keys to a
    person that a merge leaves alone, with the reason; `sealed` the fields under a person's key."""

    columns: tuple[Column, ...]
    sealed: tuple[Sealed, ...] = ()
    stays: tuple[tuple[str, str], ...] = ()

    def move(self, gone: UUID, keep: UUID) -> Changes:
        """Point the rows of `gone` to `keep`; what was changed."""
        journal = Journal()
        self.join(journal, gone, keep)
        return journal.changes

    def join(self, journal: Journal, gone: UUID, keep: UUID) -> None:
        for column in self.columns:
            journal.set(_moving(column, gone, keep), **{column.field: keep})

    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        """Give back what `move` changed."""
        put_back(moved)

    def settle(self, gone: UUID, keep: UUID, moved: Changes, by: Any) -> None:
        """The time in which the merge is undone as a whole is over: pass on what was kept for that."""

    def holds(self, gone: UUID, moved: Changes) -> bool:
        """Whether something is kept until the merge is settled."""
        return False

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]:
        """What joining would do beyond moving rows, in sentences for whoever decides; `deep`: they may see what is
        sensitive of both."""
        return []


def _moving(column: Column, gone: UUID, keep: UUID) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = apps.get_model(column.model)._base_manager.all()
    mine = rows.filter(**{column.field: gone})
    if column.unique:
        rule = dict(column.where)
        for values in rows.filter(**{column.field: keep}, **rule).values(*column.unique):
            mine = mine.exclude(**values, **rule)
    return mine


def sealed_values(columns: Sequence[Sealed], person: UUID) -> Iterable[tuple[models.QuerySet[Any], str, bytes]]:
    """Each sealed value of a person: its row as a query set, the field, and what stands there."""
    for column in columns:
        rows = apps.get_model(column.model)._base_manager.all()
        mine = rows.filter(**{column.path: person, f"{column.field}__isnull": False})
        for pk, value in mine.values_list("pk", column.field):
            yield rows.filter(pk=pk), column.field, bytes(value)
