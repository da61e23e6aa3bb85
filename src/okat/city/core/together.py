"""The rows of several tables that hang on one record, read in one statement whose text is made once.

A page that shows ten lists of one person would ask ten times, and writing the ten questions costs more than their
answers. Here each part is a query set over one id; PostgreSQL answers all of them as one JSON text.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from okat.city.core import planned

Key = UUID | int | dt.date | str
Part = Callable[..., models.QuerySet[Any, Any]]

# Stand for what is asked while the text is made; no record has them.
_MARKS: Mapping[type, Key] = {
    UUID: UUID("ffffffff-0000-4000-8000-0000feedface"),
    int: 7_777_777_777_777_777,
    dt.date: dt.date(9876, 5, 4),
    str: "\ue0007777\ue001",  # letters of Unicode's private use
}
_SHAPES: Mapping[str, Callable[[Any], Any]] = {
    "UUIDField": UUID,
    "DateTimeField": dt.datetime.fromisoformat,
    "DateField": dt.date.fromisoformat,
    "TimeField": dt.time.fromisoformat,
    "DecimalField": lambda value: Decimal(str(value)),
    "BinaryField": lambda value: bytes.fromhex(value[2:]),
}


# Columns that JSON gives back as they are. Any other kind is refused when the text is made.
_PLAIN = frozenset({
    "AutoField", "BigAutoField", "SmallIntegerField", "IntegerField", "BigIntegerField", "PositiveSmallIntegerField",
    "PositiveIntegerField", "BooleanField", "FloatField", "CharField", "TextField", "SlugField", "EmailField",
    "URLField", "JSONField", "ArrayField", "SearchVectorField",
})  # fmt: skip


class Together:
    """`parts` by name: each takes what is asked (ids and days, of the given kinds) and gives a query set of a model's
    own rows, or of `values()`.

    The text is made once for as long as the process lives: whatever else changes, the hour too, the reader decides.
    """

    def __init__(self, *kinds: type[UUID] | type[int] | type[dt.date] | type[str], **parts: Part) -> None:
        self._kinds = kinds
        self._marks = tuple(_MARKS[kind] for kind in kinds)
        self.parts = parts
        self._made: tuple[str, tuple[Any, ...], dict[str, _Rows]] | None = None
        self._lock = threading.Lock()

    def of(self, *asked: Key) -> dict[str, list[Any]]:
        """The rows of each part as instances of its model, or as dictionaries. One query."""
        text, given, rows = self._made or self._make()
        with planned.cursor() as cursor:
            cursor.execute(text, [self._in_place(value, asked) for value in given])
            found = json.loads(cursor.fetchone()[0])
        return {name: rows[name].of(found[name]) for name in rows}

    def on(self, row: models.Model) -> dict[str, list[Any]]:
        """As `of(row.pk)`; no query where the answer came along with the row (`with_others`)."""
        along: dict[Together, dict[str, list[Any]]] = row.__dict__.get("_along", {})
        return along.pop(self, None) or self.of(row.pk)

    def with_others(self, others: "Mapping[str, Together]") -> "Together":
        """This statement and others over the same key as one; `hand_out` gives each its part of the answer."""
        (kind,) = self._kinds
        more = {f"{name}:{part}": rows for name, other in others.items() for part, rows in other.parts.items()}
        return Together(kind, **self.parts, **more)

    def _in_place(self, value: Any, asked: tuple[Key, ...]) -> Any:
        return next((one for mark, one in zip(self._marks, asked, strict=True) if mark == value), value)

    def _make(self) -> tuple[str, tuple[Any, ...], dict[str, "_Rows"]]:
        with self._lock:
            texts, given, rows = [], [], {}
            for name, part in self.parts.items():
                compiler = part(*self._marks).query.get_compiler(connection.alias)
                sql, params = compiler.as_sql()
                texts.append(f"'{name}', (select coalesce(json_agg(r), '[]') from ({sql}) r)")  # noqa: S608 - names and text of our own
                given += params
                rows[name] = _Rows(compiler)
            self._made = f"select json_build_object({', '.join(texts)})::text", tuple(given), rows
            return self._made


def hand_out(found: Mapping[str, list[Any]], others: Mapping[str, Together], row: models.Model) -> None:
    """Leave with `row` what each of `others` asked of it, for its `on`."""
    row.__dict__["_along"] = {
        other: {part: found[f"{name}:{part}"] for part in other.parts} for name, other in others.items()
    }


class _Rows:
    """How the JSON rows of one query set become instances."""

    def __init__(self, compiler: Any) -> None:
        self._model = compiler.query.model
        fields = [column.target for column, _text, alias in compiler.select if alias is None]
        self._names = [field.attname for field in fields]
        self._columns = [(field.column, _shape(field)) for field in fields]
        # A reference or sum over a column is of that column's kind.
        self._added = [(name, _shape(what.output_field)) for name, what in compiler.query.annotations.items()]
        self._plain = compiler.query.group_by is not None

    def of(self, found: list[dict[str, Any]]) -> list[Any]:
        return found if self._plain else [self._one(row) for row in found]

    def _one(self, row: dict[str, Any]) -> Any:
        values = [
            shape(row[column]) if shape and row[column] is not None else row[column] for column, shape in self._columns
        ]
        made = self._model.from_db(connection.alias, self._names, values)
        for name, shape in self._added:
            setattr(made, name, shape(row[name]) if shape and row[name] is not None else row[name])
        return made


def _shape(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How the value is made of what JSON gives; None where it is the value. Raises TypeError for an unknown kind."""
    kind = _kind(field)
    if kind in _SHAPES:
        return _SHAPES[kind]
    if kind not in _PLAIN:
        raise TypeError(f"core.together does not know how JSON gives back a {kind}")
    return None


def _kind(field: "models.Field[Any, Any]") -> str:
    """The type of what the column holds: for a reference that of the other side's key."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]  # foreign keys have one
    return field.get_internal_type()
