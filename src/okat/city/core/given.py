"""Which rows an action was asked to work on, by their kinds: what of them is not found was taken away meanwhile; any
other row that is missing is a fault of ours."""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

DEEP = 3  # rows in a list, in what an action is told
Kind = type[models.Model]


def kinds(function: Callable[..., object], arguments: Mapping[str, object]) -> set[Kind]:
    """Of the rows in `arguments`, of those that its parameters name (by an id, or by their type), and of all that such
    a row cannot be without. Whoever acts (`by`) is none of them."""
    told = {name: value for name, value in arguments.items() if name != "by"}
    found = {kind for value in told.values() for kind in _held(value, DEEP)} | set(_named(function))
    return _with_owners(found)


def missing(error: BaseException) -> Kind | None:
    """The kind of row that was looked for and is not there; none for what is only not joined to the row at hand."""
    every: list[Any] = apps.get_models()
    return next((kind for kind in every if type(error) is kind.DoesNotExist), None)


def _held(value: object, deep: int) -> Iterator[Kind]:
    inside: Iterable[object] = ()
    if isinstance(value, models.Model):
        yield type(value)._meta.concrete_model or type(value)
    elif isinstance(value, QuerySet):
        yield value.model
    elif isinstance(value, Mapping):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        inside = value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        inside = [getattr(value, field.name) for field in dataclasses.fields(value)]
    for each in inside if deep else ():
        yield from _held(each, deep - 1)


def _named(function: Callable[..., object]) -> Iterator[Kind]:
    words: set[str] = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name != "by":
            name = re.sub(r"_ids?$", "", parameter.name).replace("_", "").lower()
            words |= {name, name.removesuffix("s"), *re.findall(r"\w+", str(parameter.annotation))}
    for kind in apps.get_models():
        if kind.__name__ in words or kind.__name__.lower() in words:
            yield kind


def _with_owners(found: set[Kind]) -> set[Kind]:
    """A row goes with what it must refer to."""
    known: set[Kind] = set()
    while found:
        known |= found
        fields: list[Any] = [field for kind in found for field in kind._meta.concrete_fields]
        found = {f.related_model for f in fields if f.is_relation and not f.null and f.related_model} - known
    return known
