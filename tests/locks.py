"""Tests watch which rows the program locks, one after another, and refuses what could wait in a ring.

Two transactions wait for each other where each holds what the other wants. So one order is declared for the kinds of
rows that are waited for (ORDER), each kind by its id, in one statement too, and for the others whose row is held before
any of them (OWNED): whoever wants such a row holds its owner by then, and so waits for nobody. What is read here are
the statements themselves, of everything that a test does in one transaction of the program; a test's own transaction
around it is none. Whoever goes back to a savepoint has let go of what was locked since.

What is not seen: the KEY SHARE lock that a row takes on all that its foreign keys name when it is made or turned to
another (so a ring through one is not found here); a statement whose words are not in capitals, as Django writes them,
or that begins otherwise (WITH, a remark, a new line); and what reaches the database past Django's wrappers (triggers,
COPY, the worker's library).
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from types import FrameType
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.transaction import Atomic

# Held only by whoever holds the row that stands there, by its path.
OWNED: Mapping[str, str] = {
    "cases.Case": "person", "cases.Referral": "case__person", "cases.Goal": "case__person",
    "cases.FollowUp": "case__person", "catalogue.Session": "opportunity", "learning.Turn": "opportunity",
    "learning.Enrolment": "person", "learning.Credential": "person", "learning.PassportLink": "person",
    "partners.Venue": "partner", "people.Grant": "person", "people.Consent": "person",
    "people.LifeEvent": "person", "people.LinkRequest": "person", "people.Need": "person",
    "people.PersonKey": "person", "people.Visit": "person", "rounds.Application": "round", "rounds.Place": "round",
    "rounds.Choice": "application__round", "rounds.Result": "application__round",
}  # fmt: skip
# From the first to the last; a kind that stands neither here nor above is locked last, and nothing of these after it.
ORDER = (
    "partners.Partner", "people.ImportBatch", "people.Person", "people.MergeProposal", "people.Merge",
    "rounds.Round", "catalogue.Opportunity",
)  # fmt: skip

_LOCKS = re.compile(
    r" FOR (?:NO KEY UPDATE|UPDATE|SHARE|KEY SHARE)(?: OF (?P<of>.+?))?(?P<skips> SKIP LOCKED| NOWAIT)?\s*$"
)
_PART = re.compile(r"from \((SELECT .*?)\) r\)")
_TABLE = re.compile(r'(?:FROM|JOIN) "?(\w+)"?')
_WRITES = re.compile(r'(?:UPDATE|DELETE FROM) "?(\w+)"?')
_MAKES = re.compile(r'INSERT INTO "?(\w+)"? \(([^)]*)\)')


@dataclass
class Held:
    """The rows of each kind that one transaction of the program has locked, or made itself."""

    outermost: Atomic
    locked: dict[str, set[str]] = field(default_factory=dict)
    made: dict[str, set[str]] = field(default_factory=dict)
    saved: dict[str, tuple[dict[str, set[str]], dict[str, set[str]]]] = field(default_factory=dict)

    def save(self, sql: str) -> None:
        """Whoever goes back to a savepoint lets go of what was locked since."""
        name = sql.rpartition(" ")[2]
        if sql.startswith("SAVEPOINT "):
            self.saved[name] = deepcopy((self.locked, self.made))
        elif sql.startswith("ROLLBACK TO SAVEPOINT ") and name in self.saved:
            self.locked, self.made = deepcopy(self.saved[name])

    def has(self, kind: str, row: str) -> bool:
        return row in self.locked.get(kind, ()) or row in self.made.get(kind, ())


@cache
def _models() -> dict[str, type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if not hasattr(model, "pgh_tracked_model")}


class Watch:
    """A wrapper of every statement. `wrong`: what was locked against the declaration, with where."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        held: Held | None = getattr(context["connection"], "okat_held", None)
        if held is None or not isinstance(sql, str):
            return execute(sql, params, many, context)
        if (written := _WRITES.match(sql)) and (model := _models().get(written[1])):
            self._take(held, model, self._meant(context["connection"], model, sql, list(params or ())))
        answer = execute(sql, params, many, context)
        held.save(sql)
        if made := _MAKES.match(sql):
            self._made(held, made, list(params or ()), context["cursor"])
        elif sql.startswith(("SELECT ", "select ")) and " FOR " in sql:
            self._locked(held, context["connection"], sql, list(params or ()))
        return answer

    def _locked(self, held: Held, connection: Any, sql: str, params: list[Any]) -> None:
        """Of a plain statement, and of each part of one that asks several at once (core.together)."""
        parts = [(match[1], match.start(1)) for match in _PART.finditer(sql)] or [(sql, 0)]
        for part, at in parts:
            found = _LOCKS.search(part)
            tables = list(dict.fromkeys(_TABLE.findall(part, _outside(part, " FROM ")))) if found else []
            given = params[sql[:at].count("%s") :][: part.count("%s")]
            for table in tables[:1] if found and (found["of"] or "left_on" in part) else tables:
                if found and (model := _models().get(table)):
                    asked = _LOCKS.sub("", part)
                    start = _outside(asked, " FROM ")
                    rows = _ask(connection, model, asked[start:], given[asked[:start].count("%s") :])
                    by_id = any(f" ORDER BY {words} " in f"{part} " for words in _by_id(model))
                    self._take(held, model, rows, waits=not found["skips"], by_id=by_id)

    def _meant(self, connection: Any, model: type[models.Model], sql: str, params: list[Any]) -> set[str]:
        """The rows that an UPDATE or DELETE is about to touch."""
        start = _outside(sql, " WHERE ")
        clause = sql[start:].partition(" RETURNING ")[0] if start > 0 else ""
        table = model._meta.db_table
        return _ask(connection, model, f' FROM "{table}"{clause}', params[sql[:start].count("%s") :] if clause else [])

    def _made(self, held: Held, made: re.Match[str], params: list[Any], cursor: Any) -> None:
        model = _models().get(made[1])
        if model is None:
            return
        mine = held.made.setdefault(model._meta.label, set())
        columns, key = made[2].replace('"', "").split(", "), model._meta.pk.column
        if key in columns:
            at = columns.index(key)
            values = params[at] if params and isinstance(params[at], list) else params[at :: len(columns)]
            mine.update(str(value) for value in values)
        elif (answer := cursor.cursor.pgresult) is not None and answer.nfields:
            mine.update(answer.get_value(row, 0).decode() for row in range(answer.ntuples))

    def _take(
        self, held: Held, model: type[models.Model], rows: set[str], *, waits: bool = True, by_id: bool = False
    ) -> None:
        kind = model._meta.label
        fresh = {row for row in rows if not held.has(kind, row)}
        if len(fresh) > 1 and waits and not by_id and kind in ORDER:
            self.wrong.setdefault(f"{kind} several at once, in no order", _where())
        if fresh and waits:
            said = (self._unowned if kind in OWNED else self._late)(held, model, fresh)
            for each in said:
                self.wrong.setdefault(each, _where())
        if fresh:
            held.locked.setdefault(kind, set()).update(fresh)

    def _late(self, held: Held, model: type[models.Model], fresh: set[str]) -> list[str]:
        """Only what may be waited for counts, on both sides: a kind after a later one, and of one kind a lower id after
        a higher one."""
        kind = model._meta.label
        if kind not in ORDER:
            return []
        after = [other for other in held.locked if other not in OWNED and _place(other) > _place(kind)]
        said = [f"{kind} after {other}" for other in after]
        locked = held.locked.get(kind, ())
        turned = any(_rank(model, low) < _rank(model, high) for low in fresh for high in locked)
        return [*said, *([f"{kind} not by its id"] if turned else [])]

    def _unowned(self, held: Held, model: type[models.Model], rows: set[str]) -> list[str]:
        path = OWNED[model._meta.label]
        owner: Any = model
        for name in path.split("__"):
            owner = owner._meta.get_field(name).related_model
        asked = model._base_manager.filter(pk__in=rows).order_by().values_list(path, flat=True)
        sql, params = asked.query.sql_with_params()
        found = {str(row[0]) for row in _run(connections["default"], sql, params) if row[0] is not None}
        free = [row for row in found if not held.has(owner._meta.label, row)]
        return [f"{model._meta.label} without its {owner._meta.label}"] if free else []


def _outside(sql: str, word: str) -> int:
    """Where it first stands outside all brackets; -1 where it does not."""
    start = sql.find(word)
    while start >= 0 and sql[:start].count("(") != sql[:start].count(")"):
        start = sql.find(word, start + 1)
    return start


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def _rank(model: type[models.Model], row: str) -> Any:
    """What an id is sorted by: a number by itself, and a UUID as it is written."""
    key = model._meta.pk
    return int(row) if isinstance(key, models.IntegerField) else row


def _by_id(model: type[models.Model]) -> list[str]:
    """How it is said that rows come in the order of their ids: as Django writes it, where they are chosen too, and as
    one writes it oneself."""
    table, key = model._meta.db_table, model._meta.pk.column
    return [f'"{table}"."{key}" ASC', "1 ASC", key]


def _ask(connection: Any, model: type[models.Model], rest: str, params: list[Any]) -> set[str]:
    table, key = model._meta.db_table, model._meta.pk.column
    return {str(row[0]) for row in _run(connection, f'SELECT "{table}"."{key}"{rest}', params)}


def _run(connection: Any, sql: str, params: Any) -> list[Any]:
    """Past everything that counts statements."""
    with connection.create_cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _frames() -> Iterator[FrameType]:
    """Whoever called, the nearest first; without this file, and what runs a `with`."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        name = frame.f_code.co_filename
        if name != __file__ and not name.endswith("/contextlib.py"):
            yield frame
        frame = frame.f_back


def _where() -> str:
    """The way through the program, the nearest first."""
    names = []
    for frame in _frames():
        _before, ours, name = frame.f_code.co_filename.rpartition("/src/okat/city/")
        if ours and not name.startswith("core/action"):
            names.append(f"{name}:{frame.f_lineno} {frame.f_code.co_name}")
    return " < ".join(names)


def _ours() -> bool:
    """Whether the program itself begins this transaction, and not a test around it."""
    return "/src/okat/" in next(_frames()).f_code.co_filename


@contextmanager
def watched() -> Iterator[Watch]:
    """Of every connection, also those of other threads."""
    watch, enter, leave = Watch(), Atomic.__enter__, Atomic.__exit__

    def entered(self: Any) -> None:
        enter(self)
        connection: Any = connections[self.using or "default"]
        if getattr(connection, "okat_held", None) is None and _ours():
            connection.okat_held = Held(self)
            connection.execute_wrappers.insert(0, watch)

    def left(self: Any, *raised: Any) -> None:
        connection: Any = connections[self.using or "default"]
        held: Held | None = getattr(connection, "okat_held", None)
        if held is not None and held.outermost is self:
            connection.okat_held = None
            connection.execute_wrappers.remove(watch)
        leave(self, *raised)

    Atomic.__enter__, Atomic.__exit__ = entered, left  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]
